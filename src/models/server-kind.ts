/** Recognizes the program behind an endpoint, and requests constrained decoding in its way. */
import { z } from 'zod';
import type { HttpClient } from '../http/http-client';
import { askJson } from '../http/ask-json';
import { grammarOf, jsonSchemaOf, regexOf, type AnswerForm, type JsonForm } from './answer-form';
import { simpleSchema } from './simple-schema';

export const SERVER_KINDS = [
  'vllm',
  'sglang',
  'tensorrt-llm',
  'tgi',
  'mistral.rs',
  'llama.cpp',
  'ollama',
  'lmstudio',
  'openai',
  'other',
] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

export interface Server {
  kind: ServerKind;
  /** The model's entry in the server's list; undefined if it is not listed. */
  listed?: { contextTokens?: number };
  /** Names of all models that it lists. */
  names?: string[];
  /** vLLM's own, for the names of its fields. */
  version?: string;
}

/** Members of a listed model that tell its context: vLLM and SGLang, OpenRouter, Groq, Mistral, Together, LM Studio; llama.cpp in `meta`. */
const modelSchema = z.looseObject({
  id: z.string(),
  /** llama.cpp's: further names of the one model; llama-swap's are in `meta`. */
  aliases: z.array(z.string()).nullish().catch(undefined),
  owned_by: z.string().nullish().catch(undefined),
  max_model_len: z.number().nullish().catch(undefined),
  context_length: z.number().nullish().catch(undefined),
  context_window: z.number().nullish().catch(undefined),
  max_context_length: z.number().nullish().catch(undefined),
  loaded_context_length: z.number().nullish().catch(undefined),
  meta: z
    .looseObject({
      n_ctx: z.number().nullish().catch(undefined),
      llamaswap: z
        .looseObject({ aliases: z.array(z.string()) })
        .optional()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

const OWNERS: Record<string, ServerKind> = {
  vllm: 'vllm',
  // Aphrodite, which has vLLM's fields.
  pygmalionai: 'vllm',
  sglang: 'sglang',
  tensorrt_llm: 'tensorrt-llm',
  llamacpp: 'llama.cpp',
  library: 'ollama',
  organization_owner: 'lmstudio',
};

const HOSTS: readonly [pattern: RegExp, kind: ServerKind][] = [
  [/(^|\.)openai\.com$/, 'openai'],
  [/\.(openai|services\.ai|cognitiveservices)\.azure\.com$/, 'openai'],
];

/** Reads the list of models (`GET /models`), for doctor. */
export function serverOf(baseUrl: string, model: string, body: unknown): Server {
  const list = z.object({ data: z.array(z.unknown()) }).safeParse(body);
  const models = (list.success ? list.data.data : []).flatMap((one) => modelSchema.safeParse(one).data ?? []);
  const own = models.find((one) => namesOf(one).includes(model)) ?? (models.length === 1 ? models[0] : undefined);
  const host = new URL(baseUrl).hostname;
  const kind =
    HOSTS.find(([pattern]) => pattern.test(host))?.[1] ??
    OWNERS[(own ?? models[0])?.owned_by?.toLowerCase() ?? ''] ??
    'other';
  const context =
    own?.max_model_len ??
    own?.loaded_context_length ??
    own?.meta?.n_ctx ??
    own?.context_length ??
    own?.context_window ??
    own?.max_context_length;
  return {
    kind,
    listed: own && { contextTokens: context ?? undefined },
    names: list.success ? models.flatMap(namesOf) : undefined,
  };
}

/** Ollama answers to `name` for `name:latest`, also to the name of a model from elsewhere (`user/name`). */
function namesOf({ id, aliases, meta }: z.infer<typeof modelSchema>): string[] {
  return [...new Set([id, id.replace(/:latest$/, ''), ...(aliases ?? []), ...(meta?.llamaswap?.aliases ?? [])])];
}

const answerSchema = z.looseObject({
  id: z.unknown().optional(),
  system_fingerprint: z.string().nullish().catch(undefined),
  choices: z.array(z.looseObject({})).catch([]),
  usage: z.looseObject({}).nullish().catch(undefined),
});

/** TGI's version and how it was built (router/src/server.rs at db931fc); its answers have an empty `id`. */
const TGI = /^\d+\.\d+\.\d+\S*-(?:native|sha-\w+)/;

/**
 * Recognizes a server by the fields of its answer: `stop_reason` of a choice (vLLM), `matched_stop` (SGLang), `avg_decoded_tokens_per_iter`
 * beside `stop_reason` (TensorRT-LLM), speeds in the usage (mistral.rs), `timings` (llama.cpp), the fingerprint (Ollama, TGI), `stats`
 * (LM Studio); OpenAI by its host.
 */
export function kindOfAnswer(baseUrl: string, body: unknown): ServerKind {
  const host = new URL(baseUrl).hostname;
  const byHost = HOSTS.find(([pattern]) => pattern.test(host))?.[1];
  if (byHost) return byHost;
  const answer = answerSchema.safeParse(body).data;
  if (!answer) return 'other';
  const [choice = {}] = answer.choices;
  if ('matched_stop' in choice) return 'sglang';
  if ('avg_decoded_tokens_per_iter' in choice || 'disaggregated_params' in choice) return 'tensorrt-llm';
  if ('stop_reason' in choice) return 'vllm';
  if (answer.usage && 'avg_compl_tok_per_sec' in answer.usage) return 'mistral.rs';
  if (answer.id === '' && TGI.test(answer.system_fingerprint ?? '')) return 'tgi';
  if ('timings' in answer) return 'llama.cpp';
  if (answer.system_fingerprint === 'fp_ollama') return 'ollama';
  return 'stats' in answer ? 'lmstudio' : 'other';
}

/** vLLM's version; undefined if it does not answer in time. */
export async function vllmVersion(
  client: HttpClient,
  baseUrl: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const answer = await askJson(client, `${baseUrl.replace(/\/v1$/, '')}/version`, { timeoutMs: 5000, signal });
  return z.object({ version: z.string() }).safeParse(answer).data?.version;
}

/**
 * Fields of the request that constrain the answer; undefined if the server has none for this form.
 * vLLM: `structured_outputs` since 0.11, `guided_regex` before (docs.vllm.ai, "Structured Outputs"); SGLang: `regex`; TensorRT-LLM, and TGI
 * for chats alone: `response_format` with a regular expression; mistral.rs and llama.cpp: `grammar`, of forms of their own; OpenAI, Ollama
 * and LM Studio: `response_format` with a schema, for chats and actions alone.
 */
export function constraintOf(
  { kind, version }: Server,
  form: AnswerForm,
  api: 'chat' | 'completions',
): Record<string, unknown> | undefined {
  if (form.kind === 'json') return schemaConstraint({ kind, version }, form.schema, api);
  switch (kind) {
    case 'vllm':
      return isBefore(version, 0, 11)
        ? { guided_regex: regexOf(form) }
        : { structured_outputs: { regex: regexOf(form) } };
    case 'sglang':
      return { regex: regexOf(form) };
    case 'tensorrt-llm':
      return { response_format: { type: 'regex', regex: regexOf(form) } };
    case 'tgi':
      return api === 'chat' ? { response_format: { type: 'regex', value: regexOf(form) } } : undefined;
    case 'mistral.rs':
      return { grammar: { type: 'regex', value: regexOf(form) } };
    case 'llama.cpp':
      return { grammar: grammarOf(form) };
    case 'openai':
    case 'ollama':
    case 'lmstudio':
      if (form.kind !== 'action' || api !== 'chat') return undefined;
      return {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'action', strict: true, schema: jsonSchemaOf(form) },
        },
      };
    case 'other':
      return undefined;
  }
}

/**
 * The same for an object that fits a schema, in the fields that each server has for it. The schemas of tools seldom keep to what OpenAI calls
 * strict, so it is not asked for.
 */
function schemaConstraint(
  { kind, version }: Server,
  schema: JsonForm['schema'],
  api: 'chat' | 'completions',
): Record<string, unknown> | undefined {
  if (kind === 'vllm')
    return isBefore(version, 0, 11) ? { guided_json: schema } : { structured_outputs: { json: schema } };
  if (kind === 'llama.cpp') return { json_schema: schema };
  if (kind === 'mistral.rs') return { grammar: { type: 'json_schema', value: schema } };
  if (kind === 'tensorrt-llm') return { response_format: { type: 'json', schema } };
  if (kind === 'sglang' && api === 'completions') return { json_schema: JSON.stringify(schema) };
  if (kind === 'other' || api !== 'chat') return undefined;
  if (kind === 'tgi') return { response_format: { type: 'json', value: schema } };
  const taken = kind === 'ollama' ? simpleSchema(schema) : schema;
  return { response_format: { type: 'json_schema', json_schema: { name: 'arguments', schema: taken } } };
}

function isBefore(version: string | undefined, major: number, minor: number): boolean {
  const [, ours, own] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  return ours !== undefined && (Number(ours) < major || (Number(ours) === major && Number(own) < minor));
}
