/** Error answers, in the form from which OpenAI's clients make their own errors. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { explainSolutionFailure } from '../explain-error';
import { FAILURES } from '../failures';
import { isServerAway } from '../lasting-watch';

export class Refusal extends Error {
  constructor(
    readonly status: ContentfulStatusCode,
    message: string,
    readonly code: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
    this.name = 'Refusal';
  }

  /** The body of the answer, and of an error event in a stream. */
  get body() {
    const type = this.status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message: this.message, type, param: null, code: this.code } };
  }
}

/** Seconds after which a client may ask again when the Temporal server or the workers are away. */
const AGAIN_SECONDS = 5;

/** For a request that is correct but cannot be answered now. */
export const unavailable = (message: string, code: 'temporal_unavailable' | 'no_worker') =>
  new Refusal(503, message, code, AGAIN_SECONDS);

/** Failures that the caller can correct. Only the operator can correct others. */
const CALLERS = new Set(['InputInvalid', 'ToolUnknown']);
/** Clients know such an error by OpenAI's code, or as LiteLLM by the first words, and shorten the conversation themselves. */
const SHORTEN = 'The prompt is too long; shorten the question or the conversation.';

/** The HTTP answer for an error. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isServerAway(error))
    return unavailable(
      'The Temporal server does not answer. Solutions that run go on when it is back. Ask again then; with the same Idempotency-Key nothing is solved twice.',
      'temporal_unavailable',
    );
  const { type, message } = explainSolutionFailure(error);
  if (type === 'IdTaken')
    return new Refusal(
      409,
      'This Idempotency-Key was used for another question; use a new key for a new question.',
      type,
    );
  // The advice names a command, which is of no use here.
  if (type === 'ApprovalGone') return new Refusal(409, message.replace(FAILURES.ApprovalGone.advice, '').trim(), type);
  if (type === 'ContextLengthExceeded')
    return new Refusal(400, message.replace(FAILURES[type].advice, SHORTEN), 'context_length_exceeded');
  return new Refusal(CALLERS.has(type) ? 400 : 500, message, type);
}

/**
 * Answers a request with a refusal.
 *
 * @param body of the answer, where it is not the one that OpenAI's clients read
 */
export async function refuse(call: Context, refusal: Refusal, body: object = refusal.body): Promise<Response> {
  await readToEnd(call.req.raw);
  if (refusal.status === 401) call.header('WWW-Authenticate', 'Bearer');
  // Clients of OpenAI ask again by themselves after 409 and 500, and each time the question would be solved anew, to fail in the same way.
  if (refusal.status === 409 || refusal.status === 500) call.header('X-Should-Retry', 'false');
  if (refusal.retryAfterSeconds !== undefined) call.header('Retry-After', String(refusal.retryAfterSeconds));
  return call.json(body, refusal.status);
}

/** Bytes, and milliseconds, of a refused request that are still read. */
const READ_BYTES = 16 * 1024 * 1024;
const READ_MS = 2000;

/**
 * Reads what is left of a refused request, unless it is very long. The server ends a connection whose request was not read, and a client
 * then loses this answer, or its next request.
 */
async function readToEnd({ body, headers }: Request): Promise<void> {
  if (!body || body.locked || Number(headers.get('content-length')) > READ_BYTES) return;
  const reader = body.getReader();
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), READ_MS);
  try {
    for (let bytes = 0; bytes <= READ_BYTES;) {
      const { done, value } = await reader.read();
      if (done) return;
      bytes += (value as Uint8Array).length;
    }
  } catch {
    // Its client has gone.
  } finally {
    clearTimeout(timer);
  }
}
