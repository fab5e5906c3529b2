/**
 * A model behind an OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp, Ollama, OpenAI.
 *
 * @module
 */
import OpenAI from 'openai';
import { createFailure } from '../failures';
import { classifyFailure } from './classify-failure';
import { createEndpointFetch } from '../http/endpoint-fetch';
import type { CallOptions, GenerateRequest, Generation, Model } from './model';
import { addressProblem, type OpenAIModelConfig } from './model-config';
import { createRedactor } from '../http/redact';
import { readAnswer } from './read-answer';
import { readChat, readCompletion } from './openai-response';
import { SlotPool } from './slot-pool';
import { adaptedBody, refusedParameter, type Adaptation, type RequestBody } from './refused-parameters';

export interface OpenAIModelOptions extends Pick<
  OpenAIModelConfig,
  'baseUrl' | 'model' | 'apiKeyEnv' | 'headers' | 'concurrency'
> {
  /** @default 'completions' */
  api?: OpenAIModelConfig['api'];
  /** Milliseconds from the request to the end of the answer. @default 600000 */
  timeoutMs?: number;
  /** Longest answer taken, in bytes. @default 8 MiB */
  maxBodyBytes?: number;
  /** Where `apiKeyEnv` is looked up, once, when the model is created. @default process.env */
  env?: NodeJS.ProcessEnv;
}

/** The longest that timers take. */
const NEVER_MS = 2 ** 31 - 1;

/** More stop strings than OpenAI's API takes are looked for on our side. */
const MAX_SENT_STOPS = 4;

/**
 * One request a call: the client's own retries are off, because retrying is Temporal's job. With a number as `concurrency` so many at a time; the
 * others wait their turn, since where all roles share one queue its slots are no bound for one model.
 *
 * Each failure is thrown as an ApplicationFailure of the types in failures.ts, see classify-failure.ts; an aborted call rejects with
 * the signal's reason. The key appears in no message.
 *
 * @throws ConfigurationInvalid when the named environment variable is not set, or the address holds credentials or a query
 */
export function createOpenAIModel(options: OpenAIModelOptions): Model {
  const { model, api = 'completions', timeoutMs = 600_000, headers = {}, env = process.env, concurrency } = options;
  const key = readKey(options, env);
  const endpoint = readEndpoint(options.baseUrl);
  const redact = createRedactor([key, ...Object.values(headers).flatMap((value) => [value, ...value.split(' ')])]);
  const { fetch, close } = createEndpointFetch({ timeoutMs, maxBodyBytes: options.maxBodyBytes });
  const client = new OpenAI({
    baseURL: endpoint,
    // The client insists on a key and would otherwise send OPENAI_API_KEY to a server that it isn't meant for.
    apiKey: key ?? 'none',
    organization: null,
    project: null,
    defaultHeaders: { ...(key === undefined ? { authorization: null } : {}), ...headers },
    maxRetries: 0,
    // Its timer is not ours: it would end the call without saying why.
    timeout: NEVER_MS,
    logLevel: 'off',
    fetch,
  });
  const adaptations = new Set<Adaptation>();
  const places = typeof concurrency === 'number' ? new SlotPool(async () => ({}), concurrency) : undefined;

  async function send(body: RequestBody, signal: AbortSignal | undefined): Promise<unknown> {
    const path = api === 'chat' ? '/chat/completions' : '/completions';
    const adapted = adaptedBody(body, adaptations);
    try {
      return await client.post<unknown>(path, { body: adapted, signal });
    } catch (error) {
      signal?.throwIfAborted();
      const refused = refusedParameter(error, adapted);
      if (refused === undefined) throw error;
      adaptations.add(refused);
      return send(body, signal);
    }
  }

  async function generate(request: GenerateRequest, { signal }: CallOptions = {}): Promise<Generation> {
    signal?.throwIfAborted();
    const stop = [...new Set(request.stop)];
    const place = await places?.acquire(signal);
    try {
      const answer = await send({ model, ...content(api, request), ...sampling(request, stop) }, signal);
      const generation = api === 'chat' ? readChat(answer, model) : readCompletion(answer, model);
      const { text, stopped } = readAnswer(generation.text, { stop, form: request.form });
      return { ...generation, text, finishReason: stopped ? 'stop' : generation.finishReason };
    } catch (error) {
      signal?.throwIfAborted();
      throw classifyFailure(error, { endpoint, model, redact });
    } finally {
      if (place) places?.release(place);
    }
  }

  return { name: model, generate, close };
}

function content(api: OpenAIModelConfig['api'], { prompt, messages }: GenerateRequest) {
  return api === 'chat' ? { messages: messages ?? [{ role: 'user', content: prompt }] } : { prompt };
}

function sampling({ maxTokens, temperature, topP, seed }: GenerateRequest, stop: string[]) {
  return {
    max_tokens: maxTokens,
    temperature,
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop.length === 0 ? {} : { stop: stop.slice(0, MAX_SENT_STOPS) }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function readKey({ apiKeyEnv, model }: OpenAIModelOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (apiKeyEnv === undefined) return undefined;
  const key = env[apiKeyEnv]?.trim();
  if (key) return key;
  throw createFailure(
    'ConfigurationInvalid',
    `The model ${model} takes its key from the environment variable ${apiKeyEnv}, which is not set on this worker.`,
  );
}

function readEndpoint(baseUrl: string): string {
  const problem = addressProblem(baseUrl);
  if (problem) throw createFailure('ConfigurationInvalid', `The baseUrl of ${new URL(baseUrl).host} ${problem}.`);
  return baseUrl.replace(/\/+$/, '');
}
