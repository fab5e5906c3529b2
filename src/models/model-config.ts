/** The options of `models:` in the configuration: how an expert's model is reached. */
import { z } from 'zod';
import { httpAddress } from '../formats/http-address';
import { FALLBACK_KINDS } from './fallback-model';
import { SERVER_KINDS } from './server-kind';

const DEFAULT_CONTEXT = 4096;

const sampling = {
  /** Most new tokens of an answer. @default the prompt's own (docs/husky-v1.md, section 1) */
  maxTokens: z.number().int().positive().optional(),
  /** 0 is greedy. @default the prompt's own */
  temperature: z.number().min(0).max(2).optional(),
  /** Nucleus sampling. @default the prompt's own, else the server's */
  topP: z.number().gt(0).max(1).optional(),
  /** Stop strings beside the prompt's own. */
  stop: z.array(z.string().min(1)).max(4).optional(),
  /** Context in tokens; longer histories are shortened to fit. */
  contextTokens: z.number().int().positive().default(DEFAULT_CONTEXT),
  /** Price per million tokens, in any currency, for budgets and reports. @default what the service says that an answer cost, if it does */
  price: z
    .strictObject({
      input: z.number().min(0),
      output: z.number().min(0),
      /** Price of input tokens that the server took from its cache. @default as input */
      cached: z.number().min(0).optional(),
    })
    .optional(),
};

const fallbackSettings = {
  /**
   * Failures after which it answers. `unavailable`: not reached, or its model is loading; `overloaded`: 408, 409, 429, 5xx; `invalid`: an
   * unreadable answer; `authentication`: key or quota; `missing`: no such model; `rejected`: 400, 422; `context`: prompt too long; `empty`:
   * no text; `filtered`: refused or filtered. @default unavailable, overloaded, invalid, authentication, missing
   */
  on: z.array(z.enum(FALLBACK_KINDS)).min(1).optional(),
};

/**
 * Why an address cannot be used; undefined if it can. A path is appended to it, so it must have no query. It appears in messages, so it
 * must have no credentials; the reason does not repeat them.
 */
export function addressProblem(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const { username, password, search, pathname } = new URL(baseUrl);
  const advice = 'name the environment variable of a key in apiKeyEnv, or use headers';
  if (username || password) return `holds a user name or password; ${advice}`;
  if (search) return `holds a query (what follows the question mark); ${advice}`;
  const [route] = /\/(?:chat\/)?completions\/*$/.exec(pathname) ?? [];
  return route === undefined ? undefined : `ends in ${route}, which is appended to it; leave that out`;
}

const openAIFields = {
  provider: z.literal('openai'),
  /** Where the API begins, usually ending in `/v1`. */
  baseUrl: httpAddress().superRefine((baseUrl, { addIssue }) => {
    const problem = addressProblem(baseUrl);
    if (problem) addIssue(problem);
  }),
  /** Its name on that server. */
  model: z.string().min(1),
  /** Environment variable with the key. @default no key is sent */
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not a key')
    .optional(),
  /** `chat` sends messages, `completions` text. @default `chat` where `prompts` is `instruct` or a folder, else `completions` */
  api: z.enum(['completions', 'chat']).optional(),
  /** Headers of every request. @default none */
  headers: z.record(z.string(), z.string()).optional(),
  /**
   * Calls of a worker at once: as many as the server batches. `auto` finds the number; docs/operating.md#slots. @default as many as the
   * worker's queue has slots, 64 an expert
   */
  concurrency: z.union([z.literal('auto'), z.int().positive()]).optional(),
  /** Further fields of the request, such as `top_k` or the server's switch for thinking; docs/models.md#models-that-think. */
  body: z.record(z.string(), z.unknown()).optional(),
  /** Fields to leave out, such as `[stop, temperature]`. */
  omit: z.array(z.string().min(1)).optional(),
  /** Decides how answers are constrained. @default recognized by its answers */
  server: z.enum(SERVER_KINDS).optional(),
  /** `auto` constrains actions and one-line answers to their form, if the server can. @default 'auto' */
  constrain: z.enum(['auto', 'off']).optional(),
  /**
   * Further tokens once an answer was cut while the model thought; 0 asks for no such answer again. @default 4096, if contextTokens has
   * room
   */
  thinkingTokens: z.int().min(0).optional(),
  ...sampling,
};

/** An OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp, Ollama, OpenAI. */
const openAIAlone = z.strictObject(openAIFields);

const ggufFields = {
  provider: z.literal('gguf'),
  /** The file, or `hf:owner/repo:file` as `husky models pull` fetches it. */
  path: z.string().min(1),
  /** LoRA adapter (GGUF) over the file. Models with the same file share its memory. */
  lora: z.string().min(1).optional(),
  /** Name shown in results. @default the file's name */
  model: z.string().min(1).optional(),
  /** `chat` applies the file's chat template. @default chat if the file has a template and the prompts are `instruct` or `few-shot` */
  api: z.enum(['completions', 'chat']).optional(),
  /** Layers on the GPU: `auto` for as many as fit. @default 'auto' */
  gpuLayers: z.union([z.literal('auto'), z.int().min(0)]).optional(),
  /** `auto`: a grammar constrains actions and one-line answers. @default 'auto' */
  constrain: z.enum(['auto', 'off']).optional(),
  /** Further tokens for thinking that is not over when the answer's own are used up. @default 4096, if contextTokens has room */
  thinkingTokens: z.int().min(0).optional(),
  /** Further settings, with the names that servers use. */
  body: z
    .strictObject({
      /** Parameters of the chat template, e.g. `{ enable_thinking: false }`. */
      chat_template_kwargs: z.record(z.string(), z.unknown()).optional(),
      /** 0 for all tokens. @default 0 */
      top_k: z.int().min(0).optional(),
      min_p: z.number().min(0).max(1).optional(),
    })
    .optional(),
  /** Processor threads of a call. @default 1 */
  threads: z.number().int().positive().default(1),
  /** Calls at once, each with its own context. @default 4 */
  concurrency: z.int().positive().optional(),
  ...sampling,
};

/** A GGUF file that the worker process runs by node-llama-cpp. */
const ggufAlone = z.strictObject(ggufFields);

/** An answer as long as the context leaves no token for any prompt. */
function leavesRoom({ maxTokens = 0, contextTokens }: { maxTokens?: number; contextTokens: number }, context: Issues) {
  if (maxTokens < contextTokens) return;
  const message = `is ${maxTokens}, and contextTokens (${contextTokens}${contextTokens === DEFAULT_CONTEXT ? ' unless it is set' : ''}) must hold the prompt, too: lower it, or set contextTokens to what the server gives this model`;
  context.addIssue({ code: 'custom', path: ['maxTokens'], message });
}
type Issues = z.core.$RefinementCtx;

/** What stands behind the path of the model's provider. */
function unknownProvider({ code, input }: z.core.$ZodRawIssue): string | undefined {
  // Of something that is no object its type is told.
  if (code !== 'invalid_union') return undefined;
  const { provider } = input as { provider?: unknown };
  const given = provider == null ? 'missing' : `${JSON.stringify(provider)} is unknown`;
  return `${given}; it is openai for every server with the API of OpenAI at its baseUrl, such as vLLM, Ollama or OpenRouter, or gguf for a file`;
}

const fallbackSchema = z
  .discriminatedUnion('provider', [openAIAlone.extend(fallbackSettings), ggufAlone.extend(fallbackSettings)], {
    error: unknownProvider,
  })
  .superRefine(leavesRoom);

const fallback = {
  /**
   * Models that are asked in order if this one cannot answer. `on` names the failures after which each answers: `unavailable`,
   * `overloaded`, `invalid`, `authentication` and `missing` (these by default), `rejected`, `context`, `empty`, `filtered`.
   */
  fallback: z.array(fallbackSchema).min(1).optional(),
};

const openAIModelSchema = openAIAlone.extend(fallback);
const ggufModelSchema = ggufAlone.extend(fallback);

export const modelConfigSchema = z
  .discriminatedUnion('provider', [openAIModelSchema, ggufModelSchema], { error: unknownProvider })
  .superRefine(leavesRoom);

export type ModelConfig = z.infer<typeof modelConfigSchema>;
export type OpenAIModelConfig = z.infer<typeof openAIModelSchema>;
export type GgufModelConfig = z.infer<typeof ggufModelSchema>;
