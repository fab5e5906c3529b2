/** A model behind an OpenAI-compatible endpoint: vLLM, SGLang, llama.cpp, Ollama, OpenAI. */
import { createFailure } from '../failures';
import { environmentKey } from '../http/environment-key';
import { createHttpClient } from '../http/http-client';
import { createRedactor } from '../http/redact';
import { oneLine } from '../trajectory/bounded-text';
import { addUsage } from '../trajectory/step';
import type { AnswerForm } from './answer-form';
import { answerProblem } from './answer-problem';
import { classifyFailure } from './classify-failure';
import { createEndpointPost, EndpointError } from './endpoint-post';
import { GrowingText } from './event-stream';
import type { CallOptions, GenerateRequest, Generation, Model } from './model';
import { addressProblem, type OpenAIModelConfig } from './model-config';
import { LEAST_ROOM, LearntModel, promptTokens, type Asked } from './learnt-model';
import { createCutCheck } from './ollama-context';
import { readServerAnswer, type ServerAnswer } from './openai-response';
import { endingAction, readAnswer } from './read-answer';
import { createAdaptingPost, type RequestBody } from './refused-parameters';
import { isContextLength, isFiltered } from './server-wordings';
import { kindOfAnswer } from './server-kind';
import { SlotPool } from './slot-pool';
import { unreadAnswer } from './unread-generation';

export interface OpenAIModelOptions
  extends
    Pick<OpenAIModelConfig, 'baseUrl' | 'model' | 'apiKeyEnv' | 'headers' | 'concurrency' | 'body' | 'omit' | 'server'>,
    Partial<Pick<OpenAIModelConfig, 'constrain' | 'thinkingTokens' | 'contextTokens'>> {
  /** @default 'completions' */
  api?: OpenAIModelConfig['api'];
  /** Milliseconds from the request to the end of the answer. @default 600000 */
  timeoutMs?: number;
  /** Longest answer taken, in bytes. @default 8 MiB */
  maxBodyBytes?: number;
  /** Where `apiKeyEnv` and proxies are looked up. @default process.env */
  env?: NodeJS.ProcessEnv;
}

/**
 * One request a call, more only where the first one teaches how the model is to be asked: without a parameter that it refuses, with room
 * for its thinking (learnt-model.ts). Nothing else is tried again, because retrying is Temporal's job. With a number as `concurrency` so many calls
 * at a time; the others wait their turn, since where all roles share one queue its slots are no bound for one model.
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
  const http = createHttpClient(env);
  const { maxBodyBytes } = options;
  const post = createEndpointPost({ client: http, baseUrl: endpoint, key, headers, timeoutMs, maxBodyBytes });
  const path = api === 'chat' ? '/chat/completions' : '/completions';
  const { send, takes } = createAdaptingPost(
    (body, signal, onChunk) => post(path, body, signal, onChunk),
    options.omit ?? [],
  );
  /** Requests begun so far, and those in flight. */
  const calls = { begun: 0, inFlight: 0 };
  const places = typeof concurrency === 'number' ? new SlotPool(async () => ({}), concurrency) : undefined;

  const learnt = new LearntModel(options, { client: http, endpoint, takes });
  const checkCut = createCutCheck({ client: http, baseUrl: endpoint, model });

  /** With room for thinking where the model thinks; with half of it, and again, where the server says that it does not fit. */
  async function ask(request: GenerateRequest, held: RequestBody, options: CallOptions): Promise<Asked> {
    for (let room = learnt.room(request); ; room = room < LEAST_ROOM ? 0 : Math.floor(room / 2)) {
      try {
        return await askWithin(request, request.maxTokens + room, held, options);
      } catch (error) {
        if (room === 0 || !(error instanceof EndpointError) || !isTooMuch(error)) throw error;
      }
    }
  }

  async function askWithin(
    request: GenerateRequest,
    maxTokens: number,
    held: RequestBody,
    { signal, onText: told }: CallOptions,
  ): Promise<Asked> {
    const { stop = [], form } = request;
    // What serves is told best by a whole answer: gateways drop the fields of their own from streams (LiteLLM 1.108 before llama.cpp).
    const onText = form !== undefined && learnt.kind === undefined ? undefined : told;
    const growing = new GrowingText();
    const read = () => readAnswer(growing.text, { stop, form }).text;
    const onChunk = (chunk: Uint8Array) => {
      growing.push(chunk);
      onText?.(read);
    };
    const sentStops = learnt.stopsFor(request, held);
    const sent = send(
      {
        model,
        ...content(api, request),
        ...sampling({ ...request, maxTokens }, sentStops),
        ...held,
        ...(onText ? { stream: true } : {}),
        ...(onText || options.body?.stream ? { stream_options: { include_usage: true } } : {}),
        ...options.body,
      },
      form,
      signal,
      onText && onChunk,
    );
    const answer = await readAnswerOf(sent, onText !== undefined).catch((error: unknown) => unreadAnswer(error, model));
    const overrun = learnt.kind === 'ollama' ? await checkCut(promptTokens(request), answer.usage, signal) : undefined;
    const end = overrun === undefined ? {} : { overrun, finishReason: 'length' as const };
    const whole = readAnswer(answer.text, { stop, form });
    return { ...answer, ...end, read: whole, maxTokens, stopSent: sentStops };
  }

  async function readAnswerOf(sent: Promise<unknown>, isStream: boolean): Promise<ServerAnswer> {
    const answered = await sent;
    const kind = kindOfAnswer(endpoint, answered);
    if (kind !== 'other' || !isStream) learnt.kind ??= kind;
    return readServerAnswer(answered, model);
  }

  /**
   * Asks once more where the first answer has shown how the model is to be asked: it thinks and was not let to its end, or can be held to
   * the form that it missed. Also where nothing came at all.
   */
  async function askFully(request: GenerateRequest, options: CallOptions): Promise<Asked[]> {
    const { signal } = options;
    const held = await learnt.constraint(request.form, signal);
    const first = await ask(request, held, options);
    const next = await learnt.lesson(request, first, held, signal);
    if (next === undefined) return [first];
    try {
      return [first, await ask(request, next, options)];
    } catch (error) {
      signal?.throwIfAborted();
      // What is known of the first answer tells more than that the second did not fit.
      if (error instanceof EndpointError && error.status === 400) return [first];
      throw error;
    }
  }

  async function generate(request: GenerateRequest, options: CallOptions = {}): Promise<Generation> {
    const { signal } = options;
    signal?.throwIfAborted();
    const place = await places?.acquire(signal);
    const [position, others] = [(calls.begun += 1), calls.inFlight++];
    try {
      return generationOf(await askFully(request, options), request.form);
    } catch (error) {
      signal?.throwIfAborted();
      const filtered = filteredPrompt(error, model, redact);
      if (filtered) return filtered;
      const beside = others > 0 || calls.begun > position;
      throw classifyFailure(error, { endpoint, model, redact, beside });
    } finally {
      calls.inFlight -= 1;
      if (place) places?.release(place);
    }
  }

  function generationOf(asked: readonly Asked[], form: AnswerForm | undefined): Generation {
    const { usage: _, ...last } = asked.at(-1) as Asked;
    const late = actionInThought(last, form);
    const read = late === undefined ? last.read : { text: late, stopped: false, unfinished: false };
    const finishReason = read.stopped && last.overrun === undefined ? 'stop' : last.finishReason;
    const problem =
      last.overrun ??
      answerProblem({
        ...last,
        ...read,
        finishReason,
        maxTokens: asked.map(({ maxTokens }) => maxTokens),
        stopSent: asked.some(({ stopSent }) => stopSent.length > 0),
      });
    return {
      text: read.text,
      finishReason,
      // A server whose adapters are chosen by the request reports the base for all of them.
      model: options.body?.lora === undefined ? last.model : model,
      usage: addUsage(...asked.map(({ usage }) => usage)),
      problem: problem && redact(problem),
    };
  }

  return { name: model, generate, close: () => http.close() };
}

/**
 * The action of an answer that came to its end without leaving the thinking: models call tools there, or leave out the closing mark. A
 * stop string may have ended it early, so none was sent.
 */
function actionInThought(
  {
    read,
    stopSent,
    finishReason,
    reasoning,
    text,
  }: Pick<ServerAnswer, 'finishReason' | 'reasoning' | 'text'> & Pick<Asked, 'read' | 'stopSent'>,
  form: AnswerForm | undefined,
): string | undefined {
  const isOver = finishReason === 'stop' && stopSent.length === 0 && read.text.trim() === '';
  return isOver && form?.kind === 'action' ? endingAction(reasoning ?? text, form.tools) : undefined;
}

/** Whether a server refused for the length of prompt and answer together. */
const isTooMuch = ({ status, said, body }: EndpointError) =>
  status < 500 && [said.code ?? '', said.message || body].some(isContextLength);

/** Statuses with which servers refuse a prompt or an answer that their filter dislikes. */
const FILTER_STATUSES = [400, 403, 422, 451];

function filteredPrompt(error: unknown, model: string, redact: (text: string) => string): Generation | undefined {
  if (!(error instanceof EndpointError) || !FILTER_STATUSES.includes(error.status)) return undefined;
  const { code, type, message: said } = error.said;
  if (!isFiltered(`${code} ${type} ${said}`)) return undefined;
  return {
    text: '',
    finishReason: 'content-filter',
    model,
    usage: { calls: 1, inputTokens: 0, outputTokens: 0 },
    problem: redact(`A content filter of the server refused the prompt: ${oneLine(said, 300)}`),
  };
}

function content(api: OpenAIModelConfig['api'], { prompt, messages }: GenerateRequest) {
  return api === 'chat' ? { messages: messages ?? [{ role: 'user', content: prompt }] } : { prompt };
}

function sampling({ maxTokens, temperature, topP, seed }: GenerateRequest, stop: string[]) {
  return {
    max_tokens: maxTokens,
    temperature,
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop.length === 0 ? {} : { stop }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function readKey({ apiKeyEnv, model }: OpenAIModelOptions, env: NodeJS.ProcessEnv): string | undefined {
  if (apiKeyEnv === undefined) return undefined;
  const key = environmentKey(apiKeyEnv, env);
  if (typeof key === 'string') return key;
  throw createFailure(
    'ConfigurationInvalid',
    `The model ${model} takes its key from the environment variable ${apiKeyEnv}, which ${key.problem} on this worker.`,
  );
}

function readEndpoint(baseUrl: string): string {
  const problem = addressProblem(baseUrl);
  if (problem) throw createFailure('ConfigurationInvalid', `The baseUrl of ${new URL(baseUrl).host} ${problem}.`);
  return baseUrl.replace(/\/+$/, '');
}
