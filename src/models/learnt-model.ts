/** What the answers of a model behind an endpoint teach about how it is to be asked. */
import type { HttpClient } from '../http/http-client';
import { isJsonObject } from '../trajectory/json-object';
import { hasForm, type AnswerForm } from './answer-form';
import { estimateTokens } from './estimate-tokens';
import type { GenerateRequest, Generation } from './model';
import type { OpenAIModelOptions } from './openai-model';
import type { ServerAnswer } from './openai-response';
import { isOfWords, type ReadAnswer } from './read-answer';
import type { RequestBody } from './refused-parameters';
import { constraintOf, vllmVersion, type ServerKind } from './server-kind';

/** More stop strings than OpenAI's API takes are looked for on our side. */
const MAX_SENT_STOPS = 4;
/** Tokens of thinking below which none are tried. */
export const LEAST_ROOM = 128;

/** An answer, and how it was asked for. */
export interface Asked extends ServerAnswer {
  read: ReadAnswer;
  /** The bound of this request. */
  maxTokens: number;
  /** Stop strings that were sent to the server. */
  stopSent: readonly string[];
  /** Why the answer does not count as whole, though the server says so. */
  overrun?: string;
}

interface Endpoint {
  client: HttpClient;
  endpoint: string;
  /** Whether the server has not refused the parameters of the form. */
  takes: (form: AnswerForm) => boolean;
}

export class LearntModel {
  /** Its stop strings are better looked for on our side. */
  keepsStops = false;
  /** Known by the configuration, or by the first answer: no request is made to find it out but vLLM's version. */
  kind: ServerKind | undefined;
  /** Its actions take several lines, and nothing holds it to one. */
  #writesLines = false;
  /** It thinks, so that its answers need more room. */
  #thinks = false;
  #version: Promise<string | undefined> | undefined;
  /** What is left to hold it by: a gateway may show what serves behind it and drop that server's fields. */
  #holdsBy: 'own' | 'schema' | 'nothing' = 'own';

  constructor(
    private readonly options: OpenAIModelOptions,
    private readonly server: Endpoint,
  ) {
    this.kind = options.server;
  }

  /** What holds the model to the form; empty where the server is not known to have such a thing. */
  async constraint(form: AnswerForm | undefined, signal: AbortSignal | undefined): Promise<RequestBody> {
    const { constrain = 'auto', api = 'completions' } = this.options;
    const { client, endpoint, takes } = this.server;
    if (form === undefined || constrain === 'off' || this.kind === undefined || !takes(form)) return {};
    if (this.#holdsBy === 'nothing') return {};
    if (this.#holdsBy === 'schema') return constraintOf({ kind: 'openai' }, form, api) ?? {};
    if (this.kind === 'vllm') this.#version ??= vllmVersion(client, endpoint, signal);
    return constraintOf({ kind: this.kind, version: await this.#version }, form, api) ?? {};
  }

  /** The stop strings that the server is told. JSON that it is held to ends by itself, and the end of a line would cut it. */
  stopsFor({ stop = [], form }: GenerateRequest, held: RequestBody): string[] {
    if (this.keepsStops || isHeldToJson(held)) return [];
    const mayTakeLines = this.#writesLines && form?.kind === 'action';
    return [...new Set(mayTakeLines ? stop.filter(isOfWords) : stop)].slice(0, MAX_SENT_STOPS);
  }

  /** Tokens for thinking beside the answer's own. */
  room(request: GenerateRequest): number {
    return this.#thinks ? this.#freeRoom(request) : 0;
  }

  #freeRoom(request: GenerateRequest): number {
    const { contextTokens = Infinity, thinkingTokens = 4096 } = this.options;
    const room = contextTokens - promptTokens(request) - request.maxTokens;
    return Math.max(0, Math.min(thinkingTokens, room));
  }

  /**
   * An answer that came to its end and has not the form shows that its constraint was dropped on the way, such as by Xinference 4.1 before
   * llama.cpp. OpenAI's field for schemas passes more often.
   */
  #holdOtherwise(form: AnswerForm, held: RequestBody): RequestBody | undefined {
    // Other calls may have learnt it meanwhile.
    if (isHeldToJson(held)) {
      if (this.#holdsBy === 'schema') this.#holdsBy = 'nothing';
      return undefined;
    }
    const other = constraintOf({ kind: 'openai' }, form, this.options.api ?? 'completions');
    if (other === undefined || this.#holdsBy === 'nothing') return undefined;
    this.#holdsBy = 'schema';
    return other;
  }

  /** @returns the constraint for a second request, empty for none; undefined where the first answer is taken */
  async lesson(
    request: GenerateRequest,
    { text, read, thought, finishReason, stopSent, losesStops, overrun, refusal, unread, usage }: Asked,
    held: RequestBody,
    signal: AbortSignal | undefined,
  ): Promise<RequestBody | undefined> {
    if (overrun !== undefined) return undefined;
    if (stopSent.length > 0 && losesStops) {
      this.keepsStops = true;
      return held;
    }
    if (read.text.trim() === '' && (read.unfinished || thought)) {
      const cut = finishReason === 'length' && !this.#thinks && this.#freeRoom(request) > 0;
      const stopped = finishReason === 'stop' && stopSent.length > 0;
      if (cut) this.#thinks = true;
      if (stopped) this.keepsStops = true;
      return cut || stopped ? held : undefined;
    }
    const isEmpty = text.trim() === '' && refusal === undefined && usage.outputTokens === 0;
    if (isEmpty && (unread !== undefined || finishReason === 'stop' || finishReason === 'other')) return held;
    if (isTrapped(text, finishReason) && Object.keys(held).length > 0) return {};
    if (request.form === undefined || hasForm(read.text, request.form)) return undefined;
    if (Object.keys(held).length > 0)
      return finishReason === 'stop' && !thought ? this.#holdOtherwise(request.form, held) : undefined;
    const now = await this.constraint(request.form, signal);
    if (Object.keys(now).length > 0) return now;
    // What begins with a fence, a label or a thought may be an action in the next line.
    const isCut = finishReason === 'stop' && request.stop?.some((mark) => stopSent.includes(mark) && !isOfWords(mark));
    if (!isCut || this.#writesLines || request.form.kind !== 'action' || this.options.api !== 'chat') return undefined;
    this.#writesLines = true;
    return held;
  }
}

/**
 * Whether a constraint has trapped a model: nothing came, or white space up to the limit, which a grammar of JSON allows between any two
 * signs (vLLM and others with XGrammar).
 */
const isTrapped = (text: string, finishReason: Generation['finishReason']) =>
  text.trim() === '' || (finishReason === 'length' && /\s{40,}$/.test(text));

const isHeldToJson = ({ response_format: format }: RequestBody) =>
  isJsonObject(format) && String(format.type).startsWith('json');

/** Estimated. */
export const promptTokens = ({ prompt, messages }: GenerateRequest): number =>
  estimateTokens(messages?.map((message) => message.content).join('\n') ?? prompt);
