/** Checks whether the models of a configuration can be reached, without a request to a model. */
import { accessSync, constants, existsSync } from 'node:fs';
import { modelOf, type HuskyConfig } from '../../config';
import { environmentKey } from '../../http/environment-key';
import { AnswerTimeoutError, sharedHttpClient } from '../../http/http-client';
import { networkReason } from '../../http/network-reason';
import { localModelPath } from '../../models';
import { isHubReference } from '../../models/hub/hub-reference';
import type { GgufModelConfig, ModelConfig, OpenAIModelConfig } from '../../models/model-config';
import { modelsUrl } from '../../models/model-server';
import { serverOf } from '../../models/server-kind';
import { chairsOf, EXPERTS, type Expert, type ModuleName } from '../../trajectory/modules';
import { ProgramError } from '../../process/program-error';
import { parseJson } from '../../trajectory/json-object';

export interface ModelFinding {
  /** Modules that use the model. */
  experts: ModuleName[];
  /** Address or file. */
  where: string;
  model: string;
  /** What is wrong and what to do, if anything. */
  problem?: string;
  /** Worth knowing, not necessarily wrong. */
  note?: string;
  /** The server is there and does not serve at the moment; `note` says so. */
  waits?: true;
}

export interface ModelCheckOptions {
  /** Experts to check. @default all */
  experts?: readonly Expert[];
  /** Milliseconds until a server must answer. @default 5000 */
  limitMs?: number;
}

/** Asks each endpoint for its list of models, and checks that each GGUF file exists. */
export async function checkModels(config: HuskyConfig, options: ModelCheckOptions = {}): Promise<ModelFinding[]> {
  const { experts = EXPERTS, limitMs = 5000 } = options;
  const distinct = new Map<string, { model: ModelConfig; experts: ModuleName[] }>();
  for (const expert of chairsOf(config, experts)) {
    const model = modelOf(config, expert);
    const key =
      model.provider === 'gguf'
        ? JSON.stringify([model.path, model.lora])
        : JSON.stringify([model.baseUrl, model.model, model.apiKeyEnv, model.headers]);
    const same = distinct.get(key);
    if (same) same.experts.push(expert);
    else distinct.set(key, { model, experts: [expert] });
  }
  const lists = new Map<string, Promise<ListResult>>();
  return Promise.all(
    [...distinct.values()].map(async ({ model, experts: users }): Promise<ModelFinding> => {
      if (model.provider === 'gguf') return { experts: users, ...checkFile(model) };
      const key = JSON.stringify([model.baseUrl, model.apiKeyEnv, model.headers]);
      let list = lists.get(key);
      if (!list) lists.set(key, (list = listModels(model, limitMs)));
      return { experts: users, where: model.baseUrl, model: model.model, ...judge(model, await list) };
    }),
  );
}

/** @throws ProgramError (3) with every problem, when there is one */
export async function requireModels(config: HuskyConfig, options: ModelCheckOptions = {}): Promise<void> {
  const problems = (await checkModels(config, options)).flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new ProgramError([...new Set(problems)].join('\n'), 3);
}

type ListResult = { status: number; body: unknown } | { failure: string } | { noKey: string };

async function listModels({ baseUrl, apiKeyEnv, headers }: OpenAIModelConfig, limitMs: number): Promise<ListResult> {
  const key = apiKeyEnv ? environmentKey(apiKeyEnv, process.env) : undefined;
  if (typeof key === 'object') return { noKey: key.problem };
  const url = modelsUrl(baseUrl);
  try {
    const { status, text } = await sharedHttpClient().send({
      url,
      headers: { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
      timeoutMs: limitMs,
    });
    return { status, body: parseJson(text) };
  } catch (error) {
    if (error instanceof AnswerTimeoutError) return { failure: error.message };
    return { failure: networkReason(error, url) };
  }
}

function judge(model: OpenAIModelConfig, result: ListResult): Pick<ModelFinding, 'problem' | 'note' | 'waits'> {
  const server = `The model server at ${model.baseUrl}`;
  if ('noKey' in result)
    return {
      problem: `The environment variable ${model.apiKeyEnv}, which apiKeyEnv names for ${model.baseUrl}, ${result.noKey}; export the key or remove apiKeyEnv.`,
    };
  if ('failure' in result)
    return {
      problem: `${server} cannot be reached (${result.failure}); start it or correct baseUrl (OPENAI_BASE_URL).`,
    };
  const { status, body } = result;
  const { names, listed } = serverOf(model.baseUrl, model.model, body);
  if (status === 401 || status === 403)
    return {
      problem: `${server} refuses the key (${status}); ${model.apiKeyEnv ? `correct the environment variable ${model.apiKeyEnv}` : 'name the environment variable that holds it in apiKeyEnv (OPENAI_API_KEY)'}.`,
    };
  if (status >= 500) return { note: `${server} answers ${status} for now.`, waits: true };
  if (!names) return { note: `${server} answers, but lists no models (${status}); baseUrl usually ends in /v1.` };
  const notes: string[] = [];
  const context = listed?.contextTokens;
  if (!names.includes(model.model))
    notes.push(
      `${server} lists no model ${model.model}${names.length > 0 ? ` but ${names.slice(0, 5).join(', ')}` : ''}.`,
    );
  if (context !== undefined && context < model.contextTokens)
    notes.push(
      `${server} has a context of ${context} tokens for ${model.model}, and contextTokens says ${model.contextTokens}; set it to ${context}, so that long histories are shortened in time.`,
    );
  return notes.length > 0 ? { note: notes.join(' ') } : {};
}

function checkFile({ path: named, lora }: GgufModelConfig): Omit<ModelFinding, 'experts'> {
  const finding = { where: named, model: named.replace(/^.*[\\/:]/, '') };
  try {
    const path = localModelPath(named);
    accessSync(path, constants.R_OK);
    if (lora !== undefined && !existsSync(lora))
      return { ...finding, problem: `There is no adapter ${lora}; correct models.lora, or train the expert again.` };
    return { ...finding, where: path };
  } catch (error) {
    if (isHubReference(named)) return { ...finding, problem: (error as Error).message };
    return {
      ...finding,
      problem: `There is no model file ${named}; correct models.path, or install the package again.`,
    };
  }
}
