/**
 * Whether the models that a configuration names can be reached, without asking them anything.
 *
 * @module
 */
import { accessSync, constants } from 'node:fs';
import { modelOf, type HuskyConfig } from '../../config';
import type { ModelConfig, OpenAIModelConfig } from '../../models/model-config';
import { EXPERTS, type Expert } from '../../trajectory/modules';
import { ProgramError } from '../../process/program-error';

export interface ModelFinding {
  experts: Expert[];
  /** Address or file. */
  where: string;
  model: string;
  /** What is wrong and what to do; absent when nothing is. */
  problem?: string;
  /** Something to know that need not be wrong. */
  note?: string;
}

export interface ModelCheckOptions {
  env?: NodeJS.ProcessEnv;
  /** Experts that are looked at. @default all */
  experts?: readonly Expert[];
  /** Milliseconds that a server has to answer. @default 5000 */
  limitMs?: number;
}

/** Asks each endpoint once for its list of models, and looks for each GGUF file. */
export async function checkModels(config: HuskyConfig, options: ModelCheckOptions = {}): Promise<ModelFinding[]> {
  const { env = process.env, experts = EXPERTS, limitMs = 5000 } = options;
  const distinct = new Map<string, { model: ModelConfig; experts: Expert[] }>();
  for (const expert of experts) {
    const model = modelOf(config, expert);
    const key =
      model.provider === 'gguf'
        ? model.path
        : JSON.stringify([model.baseUrl, model.model, model.apiKeyEnv, model.headers]);
    const same = distinct.get(key);
    if (same) same.experts.push(expert);
    else distinct.set(key, { model, experts: [expert] });
  }
  const lists = new Map<string, Promise<ListResult>>();
  return Promise.all(
    [...distinct.values()].map(async ({ model, experts: users }): Promise<ModelFinding> => {
      if (model.provider === 'gguf') return { experts: users, ...checkFile(model.path) };
      const key = JSON.stringify([model.baseUrl, model.apiKeyEnv, model.headers]);
      let list = lists.get(key);
      if (!list) lists.set(key, (list = listModels(model, env, limitMs)));
      return { experts: users, where: model.baseUrl, model: model.model, ...judge(model, await list) };
    }),
  );
}

/** @throws ProgramError (3) with every problem, when there is one */
export async function requireModels(config: HuskyConfig, options: ModelCheckOptions = {}): Promise<void> {
  const problems = (await checkModels(config, options)).flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) throw new ProgramError([...new Set(problems)].join('\n'), 3);
}

type ListResult = { status: number; names: string[] | undefined } | { failure: string } | { missingKey: string };

async function listModels(
  { baseUrl, apiKeyEnv, headers }: OpenAIModelConfig,
  env: NodeJS.ProcessEnv,
  limitMs: number,
): Promise<ListResult> {
  const key = apiKeyEnv ? env[apiKeyEnv] : undefined;
  if (apiKeyEnv && !key) return { missingKey: apiKeyEnv };
  try {
    const response = await fetch(`${baseUrl.replace(/\/$/, '')}/models`, {
      headers: { ...headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
      signal: AbortSignal.timeout(limitMs),
    });
    const body = (await response.json().catch(() => undefined)) as { data?: { id?: unknown }[] } | undefined;
    const names = Array.isArray(body?.data)
      ? body.data.flatMap(({ id }) => (typeof id === 'string' ? id : []))
      : undefined;
    return { status: response.status, names };
  } catch (error) {
    const { name, message, cause } = error as Error;
    if (name === 'TimeoutError') return { failure: `no answer in ${limitMs / 1000} s` };
    return {
      failure: cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code || message : message,
    };
  }
}

function judge(model: OpenAIModelConfig, result: ListResult): Pick<ModelFinding, 'problem' | 'note'> {
  const server = `The model server at ${model.baseUrl}`;
  if ('missingKey' in result)
    return {
      problem: `The environment variable ${result.missingKey}, which apiKeyEnv names for ${model.baseUrl}, is not set; export it or remove apiKeyEnv.`,
    };
  if ('failure' in result)
    return {
      problem: `${server} cannot be reached (${result.failure}); start it or correct baseUrl (OPENAI_BASE_URL).`,
    };
  const { status, names } = result;
  if (status === 401 || status === 403)
    return {
      problem: `${server} refuses the key (${status}); ${model.apiKeyEnv ? `correct the environment variable ${model.apiKeyEnv}` : 'name the environment variable that holds it in apiKeyEnv (OPENAI_API_KEY)'}.`,
    };
  if (status >= 500) return { note: `${server} answers ${status} for now.` };
  if (names && !names.includes(model.model))
    return {
      note: `${server} lists no model ${model.model}${names.length > 0 ? ` but ${names.slice(0, 5).join(', ')}` : ''}.`,
    };
  if (!names) return { note: `${server} answers, but lists no models (${status}); baseUrl usually ends in /v1.` };
  return {};
}

function checkFile(path: string): Omit<ModelFinding, 'experts'> {
  const finding = { where: path, model: path.replace(/^.*[\\/]/, '') };
  try {
    accessSync(path, constants.R_OK);
    return finding;
  } catch {
    return {
      ...finding,
      problem: `There is no model file ${path}; correct models.path, or install the package again.`,
    };
  }
}
