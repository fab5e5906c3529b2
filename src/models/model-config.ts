/**
 * How one expert's model is reached; every option of `models:` in the configuration is documented here.
 *
 * @module
 */
import { z } from 'zod';
import { FALLBACK_KINDS } from './fallback-model';
import { SERVER_KINDS } from './server-kind';

const sampling = {
  /** Upper bound of new tokens. @default the prompt's own (docs/husky-v1.md, section 1) */
  maxTokens: z.number().int().positive().optional(),
  /** 0 is greedy. @default the prompt's own */
  temperature: z.number().min(0).max(2).optional(),
  /** Nucleus sampling: the share of probability that is drawn from. @default the prompt's own, else the server's */
  topP: z.number().gt(0).max(1).optional(),
  /** Stop strings beside the prompt's own. */
  stop: z.array(z.string().min(1)).max(4).optional(),
  /** Tokens of prompt and answer that the model takes; longer histories are shortened to fit. */
  contextTokens: z.number().int().positive().default(4096),
  /** Price per million tokens, in the currency of your choice, for budgets and reports. */
  price: z
    .strictObject({
      input: z.number().min(0),
      output: z.number().min(0),
      /** Of input tokens that the server took from its cache. @default as input */
      cached: z.number().min(0).optional(),
    })
    .optional(),
};

const fallbackSettings = {
  /**
   * When it answers. `unavailable`: not reached, or its model is loading; `overloaded`: 408, 409, 429, 5xx; `invalid`: something that
   * is no answer; `authentication`: key or quota; `missing`: no such model; `rejected`: 400, 422; `context`: prompt too long; `empty`: no
   * text; `filtered`: refused, or kept back by a filter. @default unavailable, overloaded, invalid, authentication, missing
   */
  on: z.array(z.enum(FALLBACK_KINDS)).min(1).optional(),
};

/**
 * Why a model cannot have this address; undefined when it can. A path is appended to it, and it stands in messages: neither goes with a
 * query or credentials, which are not repeated here.
 */
export function addressProblem(baseUrl: string): string | undefined {
  if (!URL.canParse(baseUrl)) return undefined;
  const { username, password, search } = new URL(baseUrl);
  const advice = 'name the environment variable of a key in apiKeyEnv, or use headers';
  if (username || password) return `holds a user name or password; ${advice}`;
  return search ? `holds a query (what follows the question mark); ${advice}` : undefined;
}

const openAIFields = {
  provider: z.literal('openai'),
  /** Where the API begins, usually ending in `/v1`; without credentials and query. */
  baseUrl: z.url().superRefine((baseUrl, { addIssue }) => {
    const problem = addressProblem(baseUrl);
    if (problem) addIssue(problem);
  }),
  /** The model's name on that server. */
  model: z.string().min(1),
  /** Name of the environment variable that holds the key; the key itself never enters the configuration. @default none is sent */
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not a key')
    .optional(),
  /**
   * `chat` sends messages, `completions` sends the prompt as text (fine-tuned experts). @default `chat` where `prompts` is `instruct` or a
   * folder, else `completions`
   */
  api: z.enum(['completions', 'chat']).optional(),
  /** Sent with every request, for a gateway that asks for more than a key. @default none */
  headers: z.record(z.string(), z.string()).optional(),
  /**
   * Calls at a time that a worker sends to this model: what its server batches. `auto`: as many as run there without queueing, read
   * from its metrics (vLLM, SGLang, llama.cpp) by workers that poll a queue of the expert's own.
   * @default as many as the worker's queue has slots, 64 an expert
   */
  concurrency: z.union([z.literal('auto'), z.int().positive()]).optional(),
  /**
   * The server's own fields of the request, sent as they are: thinking (`chat_template_kwargs: { enable_thinking: false }`,
   * `reasoning_effort`), `top_k`, `stream: true`, ... docs/models.md
   */
  body: z.record(z.string(), z.unknown()).optional(),
  /** Fields that are not sent, e.g. `[stop, temperature]`; those that the server refuses by name are found out at the first call. */
  omit: z.array(z.string().min(1)).optional(),
  /** Which program serves, which decides how answers are held to their form. @default found out by its list of models */
  server: z.enum(SERVER_KINDS).optional(),
  /** Whether actions and one-line answers are held to their form where the server can (constrained decoding). @default 'auto' */
  constrain: z.enum(['auto', 'off']).optional(),
  /**
   * Tokens beside maxTokens for the thinking of a model that thinks, once an answer has shown that it does. 0: such an answer is not
   * asked for again. @default 4096, as far as contextTokens has room
   */
  thinkingTokens: z.int().min(0).optional(),
  ...sampling,
};

/** An OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp, Ollama, OpenAI. */
const openAIAlone = z.strictObject(openAIFields);

const ggufFields = {
  provider: z.literal('gguf'),
  /** Path of the file, relative to the configuration file, or `hf:owner/repo:file` as `husky models pull` fetches it. */
  path: z.string().min(1),
  /** LoRA adapter (GGUF) laid over the file; models that share a file share its memory. Relative to the configuration file. */
  lora: z.string().min(1).optional(),
  /** Name shown in results. @default the file's name */
  model: z.string().min(1).optional(),
  /**
   * `chat` gives the messages the chat template of the file, `completions` sends text. @default chat where the file has a template and
   * the prompts are `instruct` or `few-shot`
   */
  api: z.enum(['completions', 'chat']).optional(),
  /** Layers that a GPU computes: a number, or `auto` for as many as fit; 0 for the processor alone. @default 'auto' */
  gpuLayers: z.union([z.literal('auto'), z.int().min(0)]).optional(),
  /** Whether a grammar holds actions and one-line answers to their form. @default 'auto' */
  constrain: z.enum(['auto', 'off']).optional(),
  /** Further settings, by the names that servers have for them. */
  body: z
    .strictObject({
      /** Parameters of the chat template, e.g. `{ enable_thinking: false }`. */
      chat_template_kwargs: z.record(z.string(), z.unknown()).optional(),
      /** 0 for all tokens. @default 0 */
      top_k: z.int().min(0).optional(),
      min_p: z.number().min(0).max(1).optional(),
    })
    .optional(),
  /** Processor threads per call. @default 1 */
  threads: z.number().int().positive().default(1),
  /** Calls at a time, each with a context of its own. @default 4 */
  concurrency: z.int().positive().optional(),
  ...sampling,
};

/** A GGUF file run inside the worker process through node-llama-cpp. */
const ggufAlone = z.strictObject(ggufFields);

const fallbackSchema = z.discriminatedUnion('provider', [
  openAIAlone.extend(fallbackSettings),
  ggufAlone.extend(fallbackSettings),
]);

const fallback = {
  /** Models that answer where this one cannot, the first that does. */
  fallback: z.array(fallbackSchema).min(1).optional(),
};

export const openAIModelSchema = openAIAlone.extend(fallback);
export const ggufModelSchema = ggufAlone.extend(fallback);

export const modelConfigSchema = z.discriminatedUnion('provider', [openAIModelSchema, ggufModelSchema]);

export type ModelConfig = z.infer<typeof modelConfigSchema>;
export type OpenAIModelConfig = z.infer<typeof openAIModelSchema>;
export type GgufModelConfig = z.infer<typeof ggufModelSchema>;
