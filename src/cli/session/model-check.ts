/** Checks whether the models of a configuration can be reached, without a request to a model. */
import { accessSync, constants, existsSync } from 'node:fs';
import { modelOf, type HuskyConfig } from '../../config';
import { environmentKey } from '../../http/environment-key';
import { AnswerTimeoutError, sharedHttpClient } from '../../http/http-client';
import { networkReason } from '../../http/network-reason';
import { localModelPath } from '../../models';
import { fallbackKinds, type FallbackKind } from '../../models/fallback-model';
import { isHubReference } from '../../models/hub/hub-reference';
import type { GgufModelConfig, ModelConfig, OpenAIModelConfig } from '../../models/model-config';
import { modelsUrl } from '../../models/model-server';
import { serverOf } from '../../models/server-kind';
import { chairsOf, EXPERTS, type Expert } from '../../trajectory/modules';
import { ProgramError } from '../../process/program-error';
import { parseJson } from '../../trajectory/json-object';

export interface ModelFinding {
  /** What uses it: modules, the judge, tools; of a fallback the model that it stands behind. */
  users: string[];
  /** How it is asked. */
  config: ModelConfig;
  /** Address or file. */
  where: string;
  model: string;
  /** What is wrong and what to do, if anything. */
  problem?: string;
  /** Failure with which its calls would end, where a fallback may answer in its place. */
  kind?: FallbackKind;
  /** Worth knowing, not necessarily wrong. */
  note?: string;
  /** The server is there and does not serve at the moment; `note` says so. */
  waits?: true;
  /** Tokens of its context, if the server tells them. */
  contextTokens?: number;
  /** Its fallbacks, if they were looked at, each with the failures after which it answers. */
  behind: (ModelFinding & { on: readonly FallbackKind[] })[];
}

export interface ModelCheckOptions {
  /** Experts to check. @default all */
  experts?: readonly Expert[];
  /** Milliseconds until a server must answer. @default 5000 */
  limitMs?: number;
  /** Looks also at models that may never be asked: fallbacks of those that answer, the judge's, those of tools. @default false */
  all?: boolean;
}

type Asked = { model: ModelConfig; users: string[] };
/** What was found of a model by itself. */
type Seen = Omit<ModelFinding, 'users' | 'behind' | 'config'>;

/** Asks each endpoint for its list of models, and checks that each GGUF file exists. A fallback is looked at where its model has a problem. */
export async function checkModels(config: HuskyConfig, options: ModelCheckOptions = {}): Promise<ModelFinding[]> {
  const { limitMs = 5000, all = false } = options;
  const lists = new Map<string, Promise<ListResult>>();
  const seen = async (model: ModelConfig): Promise<Seen> => {
    if (model.provider === 'gguf') return checkFile(model);
    const key = JSON.stringify([model.baseUrl, model.apiKeyEnv, model.headers]);
    let list = lists.get(key);
    if (!list) lists.set(key, (list = listModels(model, limitMs)));
    return { where: model.baseUrl, model: model.model, ...judge(model, await list) };
  };
  return Promise.all(
    distinctModels(config, options).map(async ({ model, users }): Promise<ModelFinding> => {
      const own = await seen(model);
      const fallbacks = all || own.problem !== undefined ? (model.fallback ?? []) : [];
      const behind = fallbacks.map(async (one) => ({
        ...{ users: [`fallback of ${own.model}`], config: one, behind: [], on: fallbackKinds(one) },
        ...(await seen(one)),
      }));
      return { users, config: model, ...own, behind: await Promise.all(behind) };
    }),
  );
}

/** Each model once, with all that use it. */
function distinctModels(config: HuskyConfig, { experts = EXPERTS, all = false }: ModelCheckOptions): Asked[] {
  const { judge: judging, tools } = config;
  const asked: Asked[] = [
    ...chairsOf(config, experts).map((module) => ({ model: modelOf(config, module), users: [module] })),
    ...(all && judging ? [{ model: judging, users: ['judge'] }] : []),
    ...tools.flatMap(({ name, model }) => (all && model ? [{ model, users: [`tool ${name}`] }] : [])),
  ];
  const distinct = new Map<string, Asked>();
  for (const { model, users } of asked) {
    const own =
      model.provider === 'gguf'
        ? [model.path, model.lora]
        : [model.baseUrl, model.model, model.apiKeyEnv, model.headers];
    const key = JSON.stringify([...own, model.fallback]);
    const same = distinct.get(key);
    if (same) same.users.push(...users);
    else distinct.set(key, { model, users });
  }
  return [...distinct.values()];
}

/** What ends each call of a model: its problem, and those of its fallbacks. Empty where the model or a fallback can answer. */
export function unansweredBecause({ problem, kind, behind }: ModelFinding): string[] {
  if (problem === undefined) return [];
  const takesOver = ({ problem: own, on }: ModelFinding['behind'][number]) =>
    own === undefined && kind !== undefined && on.includes(kind);
  return behind.some(takesOver) ? [] : [problem, ...behind.flatMap(({ problem: own }) => own ?? [])];
}

/** @throws ProgramError (3) with every problem, when there is a model that neither answers nor has a fallback that does */
export async function requireModels(config: HuskyConfig, options: ModelCheckOptions = {}): Promise<void> {
  const problems = (await checkModels(config, options)).flatMap(unansweredBecause);
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

function judge(model: OpenAIModelConfig, result: ListResult): Omit<Seen, 'where' | 'model'> {
  const server = `The model server at ${model.baseUrl}`;
  if ('noKey' in result)
    return {
      problem: `The environment variable ${model.apiKeyEnv}, which apiKeyEnv names for ${model.baseUrl}, ${result.noKey}; export the key or remove apiKeyEnv.`,
    };
  if ('failure' in result)
    return {
      problem: `${server} cannot be reached (${result.failure}); start it or correct baseUrl (OPENAI_BASE_URL).`,
      kind: 'unavailable',
    };
  const { status, body } = result;
  const { names, listed } = serverOf(model.baseUrl, model.model, body);
  if (status === 401 || status === 403)
    return {
      problem: `${server} refuses the key (${status}); ${model.apiKeyEnv ? `correct the environment variable ${model.apiKeyEnv}` : 'name the environment variable that holds it in apiKeyEnv (OPENAI_API_KEY)'}.`,
      kind: 'authentication',
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
  return {
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
    ...(context === undefined ? {} : { contextTokens: context }),
  };
}

function checkFile({ path: named, lora }: GgufModelConfig): Seen {
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
