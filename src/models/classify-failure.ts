/**
 * What a failed call to a model server means: the one mapping from HTTP and network errors to the types of failures.ts.
 *
 * @module
 */
import type { ApplicationFailure } from '@temporalio/common';
import { APIError } from 'openai';
import { createFailure, type FailureType } from '../failures';
import { oneLine } from '../trajectory/bounded-text';
import { AnswerTimeoutError, BodyTooLargeError } from '../http/endpoint-fetch';
import { InvalidAnswerError } from './openai-response';
import { retryAfterMs } from '../http/retry-after';

export interface FailedCall {
  /** Where it went, without credentials. */
  endpoint: string;
  model: string;
  /** Hides keys; applied to everything that came from the server. */
  redact: (text: string) => string;
}

/** Characters of the server's own words that a message keeps. */
const EXCERPT = 300;

/**
 * How servers say that a prompt is too long. OpenAI and vLLM: "maximum context length"; newer vLLM also "too long to fit into the
 * model", "longer than the maximum model length"; llama.cpp: "exceeds the available context size" with its own error type, 500 in
 * older releases; llama-cpp-python: "exceed context window"; SGLang: "longer than the model's context length", "exceeds the maximum
 * allowed length"; Ollama and LM Studio: "input length exceeds the context length", "exceeds context length"; TGI: "inputs tokens + max_new_tokens".
 */
const CONTEXT_LENGTH = [
  /context[ _]length[ _]exceeded/i,
  /exceed_context_size/i,
  /maximum (context|model) length/i,
  /maximum (allowed|input) length/i,
  /exceeds? (the )?(available |model's |max(imum)? )?context/i,
  /context size has been exceeded/i,
  /longer than the model's context/i,
  /too long to fit into the model/i,
  /`?inputs`? tokens \+ `?max_new_tokens`? must be/i,
  /prompt is too long|prompt too long/i,
  /model context window is \d+/i,
];

/** Never rethrows the client's error itself: its text, body and headers may hold the key, and it would enter Temporal's history. */
export function classifyFailure(error: unknown, call: FailedCall): ApplicationFailure {
  const fail = (type: FailureType, message: string, nextRetryDelayMs?: number) =>
    createFailure(type, call.redact(message), { nextRetryDelayMs });
  const where = `${call.model} at ${call.endpoint}`;

  const tooLarge = inCauses(error, (cause) => cause instanceof BodyTooLargeError);
  if (tooLarge) return fail('ModelResponseInvalid', `${where}: ${tooLarge.message}.`);
  const late = inCauses(error, (cause) => cause instanceof AnswerTimeoutError);
  if (late) return fail('ModelUnavailable', `${where}: ${late.message}.`);
  if (error instanceof InvalidAnswerError) return fail('ModelResponseInvalid', `${where} answered ${error.message}.`);
  if (error instanceof SyntaxError)
    return fail(
      'ModelResponseInvalid',
      `${where} answered something that is not JSON (${oneLine(error.message, EXCERPT)}).`,
    );
  if (!(error instanceof APIError) || error.status === undefined)
    return fail('ModelUnavailable', `${where} could not be reached (${networkReason(error)}).`);

  const { status } = error;
  const said = saidBy(error);
  const answered = `${where} answered ${status}${said ? `: ${oneLine(said, EXCERPT)}` : ''}${/[.!?]$/.test(said) ? '' : '.'}`;
  if (mayBeTooLong(status) && isContextLength(error, said)) return fail('ContextLengthExceeded', answered);
  const type = isOutOfQuota(error) ? 'ModelAuthentication' : TYPE_OF_STATUS[status];
  if (type) return fail(type, answered, type === 'ModelOverloaded' ? retryAfterMs(error.headers) : undefined);
  if (status >= 500) return fail('ModelOverloaded', answered, retryAfterMs(error.headers));
  if (status >= 400) return fail('ModelRequestRejected', answered);
  return fail('ModelResponseInvalid', answered);
}

const TYPE_OF_STATUS: Partial<Record<number, FailureType>> = {
  401: 'ModelAuthentication',
  402: 'ModelAuthentication',
  403: 'ModelAuthentication',
  404: 'ModelNotFound',
  408: 'ModelOverloaded',
  409: 'ModelOverloaded',
  429: 'ModelOverloaded',
};

/** A rate limit in tokens a minute also speaks of tokens that exceed a limit; only rejections can be about the context. */
const mayBeTooLong = (status: number) => status === 400 || status === 413 || status === 422 || status === 500;

function isContextLength({ code, type }: APIError, said: string): boolean {
  return [String(code), String(type), said].some((text) => CONTEXT_LENGTH.some((wording) => wording.test(text)));
}

/** OpenAI's 429 for an account without money, which waiting does not mend. */
function isOutOfQuota({ code, type }: APIError): boolean {
  return code === 'insufficient_quota' || type === 'insufficient_quota';
}

function saidBy(error: APIError): string {
  const body: unknown = error.error;
  if (typeof body !== 'object' || body === null || !('message' in body)) return '';
  return typeof body.message === 'string' ? body.message : JSON.stringify(body.message);
}

/** The innermost reason that has a code, e.g. `ECONNREFUSED`. */
function networkReason(error: unknown): string {
  const reason = inCauses(error, ({ code }) => typeof code === 'string') ?? inCauses(error, () => true);
  if (!reason) return oneLine(String(error), EXCERPT);
  return oneLine(typeof reason.code === 'string' ? `${reason.code}: ${reason.message}` : reason.message, EXCERPT);
}

interface Cause {
  message: string;
  code?: unknown;
  cause?: unknown;
}

/** The innermost of an error's causes, itself included, that fits. */
function inCauses(error: unknown, fits: (cause: Cause) => boolean): Cause | undefined {
  let found: Cause | undefined;
  let cause = error;
  while (typeof cause === 'object' && cause !== null && 'message' in cause) {
    const link = cause as Cause;
    if (fits(link)) found = link;
    cause = link.cause;
  }
  return found;
}
