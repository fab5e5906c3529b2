/**
 * Reads the answer of an OpenAI-compatible endpoint.
 *
 * @module
 */
import { z } from 'zod';
import { saidError } from '../http/error-body';
import { oneLine } from '../trajectory/bounded-text';
import type { Usage } from '../trajectory/step';
import { EndpointError } from './endpoint-post';
import type { Generation } from './model';

/** The answer is JSON, but not what the API promises. */
export class InvalidAnswerError extends Error {
  override readonly name = 'InvalidAnswerError';
}

/** An answer as the server gave it: thinking may still be in the text. */
export interface ServerAnswer extends Pick<Generation, 'finishReason' | 'usage' | 'model'> {
  text: string;
  /** Whether the server sent thinking in a field of its own. */
  thought: boolean;
  /** What the model said when it refused. */
  refusal?: string;
}

const count = z.number().nullish().catch(undefined);
const words = z.string().nullish().catch(undefined);

/** Cached tokens: OpenAI, vLLM, SGLang, llama.cpp (`prompt_tokens_details`), DeepSeek, Moonshot, Anthropic's proxies. */
const usageSchema = z
  .object({
    prompt_tokens: count,
    completion_tokens: count,
    prompt_tokens_details: z.object({ cached_tokens: count }).nullish().catch(undefined),
    prompt_cache_hit_tokens: count,
    cached_tokens: count,
    cache_read_input_tokens: count,
    completion_tokens_details: z.object({ reasoning_tokens: count }).nullish().catch(undefined),
  })
  .nullish()
  .catch(undefined);

/** A text, or parts of which some are text (Mistral, Anthropic's and Google's proxies). */
const contentSchema = z.union([z.string(), z.array(z.unknown())]).nullish();

const choiceSchema = z.looseObject({
  /** Null when the model refused, called a function, or spent all its tokens on thinking that the server keeps to itself. */
  message: z
    .looseObject({
      content: contentSchema,
      refusal: words,
      reasoning: z.unknown().optional(),
      reasoning_content: z.unknown().optional(),
      thinking: z.unknown().optional(),
      tool_calls: z.array(z.unknown()).nullish().catch(undefined),
      function_call: z.unknown().optional(),
    })
    .nullish(),
  text: z.string().nullish(),
  finish_reason: z.string().nullish().catch(undefined),
  error: z.unknown().optional(),
});

const answerSchema = z.object({ model: words, choices: z.tuple([choiceSchema], z.unknown()), usage: usageSchema });

type Choice = z.output<typeof choiceSchema>;

/** @throws InvalidAnswerError, or an EndpointError where the answer is an error */
export function readServerAnswer(body: unknown, asked: string): ServerAnswer {
  const result = answerSchema.safeParse(body);
  const failed = errorIn(body);
  if (failed) throw failed;
  if (!result.success) throw invalid(result.error.issues[0], body);
  const { choices, usage, model } = result.data;
  const [choice] = choices;
  const { message } = choice;
  if (!message && typeof choice.text !== 'string')
    throw invalid({ path: ['choices', 0, 'message'], message: 'expected a message or text' }, body);
  const refusal = message?.refusal?.trim();
  return {
    text: message ? textOf(message) : (choice.text ?? ''),
    thought: (usage?.completion_tokens_details?.reasoning_tokens ?? 0) > 0 || (message ? hasThought(message) : false),
    finishReason: refusal ? 'refusal' : finishReasonOf(choice),
    usage: usageOf(usage),
    model: model || asked,
    ...(refusal ? { refusal: oneLine(refusal, 300) } : {}),
  };
}

function invalid(issue: { path: PropertyKey[]; message: string } | undefined, body: unknown): InvalidAnswerError {
  const shown = body === undefined ? 'an empty body' : oneLine(JSON.stringify(body), 200);
  return new InvalidAnswerError(`without ${issue?.path.join('.') || 'an object'} (${issue?.message}): ${shown}`);
}

/** The content. If there is none, a native function call as text, so that it can be read as an action. */
function textOf({ content, tool_calls: calls, function_call: call }: NonNullable<Choice['message']>): string {
  const said = typeof content === 'string' ? content : (content ?? []).map(partText).join('');
  if (said.trim() !== '') return said;
  const first: unknown = calls?.[0] ?? call;
  return first === undefined || first === null ? said : `<tool_call>${JSON.stringify(first)}</tool_call>`;
}

/** Passes over thinking, references and unknown parts. */
function partText(part: unknown): string {
  if (typeof part === 'string') return part;
  const known = z
    .looseObject({ type: words, text: z.union([z.string(), z.looseObject({ value: z.string() })]) })
    .safeParse(part);
  if (!known.success || !['text', 'output_text', undefined, null].includes(known.data.type)) return '';
  const { text } = known.data;
  return typeof text === 'string' ? text : text.value;
}

function hasThought({
  content,
  reasoning,
  reasoning_content: other,
  thinking,
}: NonNullable<Choice['message']>): boolean {
  const inParts =
    Array.isArray(content) && content.some((part) => /think|reason/.test(JSON.stringify(part)?.slice(0, 60) ?? ''));
  return inParts || [reasoning, other, thinking].some((field) => field !== undefined && field !== null && field !== '');
}

/** By the words of OpenAI, TGI (`eos_token`), Mistral, Anthropic (`end_turn`, `max_tokens`), Google, Cohere, and older servers. */
const FINISH_REASONS: Record<string, Generation['finishReason']> = {
  stop: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  stop_sequence: 'stop',
  end_turn: 'stop',
  complete: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  max_output_tokens: 'length',
  token_limit: 'length',
  content_filter: 'content-filter',
  safety: 'content-filter',
  recitation: 'content-filter',
  prohibited_content: 'content-filter',
  blocklist: 'content-filter',
  sensitive: 'content-filter',
  refusal: 'refusal',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  tool_use: 'tool-calls',
};

function finishReasonOf({ finish_reason: reason }: Choice): Generation['finishReason'] {
  return FINISH_REASONS[(reason ?? '').toLowerCase().split(':', 1)[0] ?? ''] ?? 'other';
}

function usageOf(usage: z.output<typeof usageSchema>): Usage {
  const cached =
    usage?.prompt_tokens_details?.cached_tokens ??
    usage?.prompt_cache_hit_tokens ??
    usage?.cached_tokens ??
    usage?.cache_read_input_tokens;
  return {
    calls: 1,
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
    ...(typeof cached === 'number' ? { cachedTokens: cached } : {}),
  };
}

/**
 * Proxies and routers report an error of the server behind them with status 200: in the place of the answer, or in its choice. Beside an
 * answer it is only a warning.
 */
function errorIn(body: unknown): EndpointError | undefined {
  const outer = z
    .looseObject({
      choices: z.unknown().optional(),
      error: z.unknown().optional(),
      detail: z.unknown().optional(),
      message: z.unknown().optional(),
    })
    .safeParse(body);
  if (!outer.success) return undefined;
  const { choices, error, detail, object, message } = outer.data;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (choice === undefined) {
    if (error !== undefined && error !== null) return apiError(error);
    if (object === 'error' || (detail !== undefined && choices === undefined)) return apiError(body);
    return typeof message === 'string' && choices === undefined ? apiError({ message }) : undefined;
  }
  const inside = z
    .looseObject({ error: z.unknown().optional(), finish_reason: z.unknown().optional() })
    .safeParse(choice);
  if (!inside.success) return undefined;
  const { error: own, finish_reason: reason } = inside.data;
  if (own !== undefined && own !== null && own !== '') return apiError(own);
  return CUT_OFF.includes(String(reason))
    ? apiError(error ?? { message: `The server ended the answer with the finish reason ${String(reason)}.` })
    : undefined;
}

/** Finish reasons of an answer that the server could not finish: routers, GLM, DeepSeek, vLLM. */
const CUT_OFF = ['error', 'network_error', 'insufficient_system_resource', 'abort'];

/** With the status that the error itself names; 500 where it names none, so that it is tried again. */
function apiError(error: unknown): EndpointError {
  const said = saidError(JSON.stringify({ error }));
  const code = Number(said.code);
  const status = code >= 400 && code < 600 ? code : (STATUS_OF_TYPE[said.type ?? said.code ?? ''] ?? 500);
  return new EndpointError(status, said, JSON.stringify(error).slice(0, 10_000));
}

const STATUS_OF_TYPE: Record<string, number> = {
  invalid_request_error: 400,
  authentication_error: 401,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  overloaded_error: 529,
};
