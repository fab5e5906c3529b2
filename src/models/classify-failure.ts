/** Maps the HTTP and network errors of a model server to the types of failures.ts. */
import type { ApplicationFailure } from '@temporalio/common';
import { createFailure, type FailureType } from '../failures';
import { BodyEncodingError, BodyTooLargeError } from '../http/decode-body';
import { isBlocked, isWebPage } from '../http/error-body';
import { AnswerTimeoutError } from '../http/http-client';
import { inCauses, networkReason } from '../http/network-reason';
import { isOutOfMoney, isRefusedKey } from '../http/refusal-wordings';
import { retryAfterMs } from '../http/retry-after';
import { oneLine, withPoint } from '../trajectory/bounded-text';
import { EndpointError, WebPageError } from './endpoint-post';
import { CutPromptError } from './ollama-context';
import { InvalidAnswerError } from './openai-response';
import {
  exceedsRateByItself,
  isContextLength,
  isFullCache,
  isInvalidRequest,
  isLoading,
  isNoQuota,
  isNothingLoaded,
  isOffline,
  isPassing,
  isFiltered,
  isServerFault,
  isServedByNobody,
  isTurnedOff,
  isUnknownModel,
  isUnlisted,
  isUnloadable,
  isUnreached,
  statusBehind,
} from './server-wordings';

export interface FailedCall {
  /** Where it went, without credentials. */
  endpoint: string;
  model: string;
  /** Whether this process had other requests at the server meanwhile. */
  beside?: boolean;
  /** Hides keys; applied to everything that came from the server. */
  redact: (text: string) => string;
}

/** Characters of the server's own words that a message keeps. */
const EXCERPT = 300;

/** Never rethrows the error itself: its text, body and headers may hold the key, and it would enter Temporal's history. */
export function classifyFailure(error: unknown, call: FailedCall): ApplicationFailure {
  const fail = (type: FailureType, message: string, nextRetryDelayMs?: number) =>
    createFailure(type, call.redact(message), { nextRetryDelayMs });
  const where = `${call.model} at ${call.endpoint}`;

  const among = (...kinds: (new (...args: never) => Error)[]) =>
    inCauses(error, (cause) => kinds.some((kind) => cause instanceof kind));
  const unreadable = among(BodyTooLargeError, BodyEncodingError);
  if (unreadable) return fail('ModelResponseInvalid', `${where}: ${unreadable.message}.`);
  const late = among(AnswerTimeoutError);
  if (late) return fail('ModelUnavailable', `${where}: ${late.message}.`);
  const page = among(WebPageError);
  if (page) return fail('ModelResponseInvalid', `${where} answered ${page.message}.`);
  if (error instanceof InvalidAnswerError) return fail('ModelResponseInvalid', `${where} answered ${error.message}.`);
  if (error instanceof CutPromptError) return fail('ContextLengthExceeded', `${where} ${error.message}.`);
  if (error instanceof SyntaxError)
    return fail(
      'ModelResponseInvalid',
      `${where} answered something that is not JSON (${oneLine(error.message, EXCERPT)}).`,
    );
  if (!(error instanceof EndpointError))
    return fail('ModelUnavailable', `${where} could not be reached (${networkReason(error, call.endpoint)}).`);

  const { body } = error;
  const said = isWebPage(body) && error.said.message !== '' ? `a web page (${error.said.message})` : error.said.message;
  const words = oneLine(said, EXCERPT);
  const answered = withPoint(`${where} answered ${error.status}${words ? `: ${words}` : ''}`);
  if (call.beside && isFullCache(error.status, said))
    return fail(
      'ModelOverloaded',
      `${answered} The requests that llama-server works on share its context: raise its -c, or set concurrency of this model.`,
    );
  const type = typeOf(error, said, body);
  const isWaitedFor = type === 'ModelOverloaded' || type === 'ModelUnavailable';
  return fail(type, answered, isWaitedFor ? retryAfterMs(error.headers, Date.now(), body || said) : undefined);
}

/** Whether a rejection may pass by itself: its status blames the request, and its words the server. */
export function isDoubtful({ status, said, headers, body }: EndpointError): boolean {
  if (status >= 500 || !isServerFault(said)) return false;
  const wordings = [said.code ?? '', said.type ?? '', said.message];
  return typeOf({ status, said, headers }, said.message, body) === 'ModelRequestRejected' && !wordings.some(isFiltered);
}

const TYPE_OF_STATUS: Partial<Record<number, FailureType>> = {
  401: 'ModelAuthentication',
  402: 'ModelAuthentication',
  403: 'ModelAuthentication',
  404: 'ModelNotFound',
  405: 'ModelNotFound',
  407: 'ModelAuthentication',
  408: 'ModelOverloaded',
  409: 'ModelOverloaded',
  413: 'ContextLengthExceeded',
  // Locked, a failed dependency (TGI), Groq's capacity, nginx: the client is said to have left.
  423: 'ModelOverloaded',
  424: 'ModelOverloaded',
  425: 'ModelOverloaded',
  498: 'ModelOverloaded',
  499: 'ModelOverloaded',
  429: 'ModelOverloaded',
  501: 'ModelRequestRejected',
};

function typeOf(
  { status, said: { code, type: kind }, headers }: Pick<EndpointError, 'status' | 'said' | 'headers'>,
  said: string,
  body: string,
): FailureType {
  const wordings = [code ?? '', kind ?? '', said];
  const says = (test: (text: string) => boolean) => wordings.some(test);
  if (isLimitOrFault(status) && says(isNoQuota)) return 'ModelAuthentication';
  // A quota that comes back within days is spent: somebody may want to know it now.
  const isWaitNamed = retryAfterMs(headers, Date.now(), body) !== undefined && !/\bin \d+ days?\b/i.test(said);
  if (isLimitOrFault(status) && says(isOutOfMoney) && !isWaitNamed) return 'ModelAuthentication';
  if (says(exceedsRateByItself) || (mayBeTooLong(status) && says(isContextLength))) return 'ContextLengthExceeded';
  if (isLimitOrFault(status) && says(isUnloadable) && !isWaitNamed) return 'ModelNotLoadable';
  if (status === 503 && says(isServedByNobody)) return 'ModelNotFound';
  if (status === 403 && isTurnedOff(said)) return 'ModelNotFound';
  if (isLimitOrFault(status) && says(isLoading)) return 'ModelUnavailable';
  if (status >= 500 && isUnreached(said)) return 'ModelUnavailable';
  if (status === 404 && (isOffline(body) || isNothingLoaded(said))) return 'ModelUnavailable';
  if (status === 400) {
    if (says(isRefusedKey)) return 'ModelAuthentication';
    if (says(isUnknownModel)) return 'ModelNotFound';
    if (says(isPassing)) return 'ModelOverloaded';
  }
  if (isBlocked(status, body)) return 'ModelBlocked';
  if (status === 403 && !says(isRefusedKey) && isServerFault({ code, type: kind, message: said }))
    return 'ModelRequestRejected';
  if (status === 422 && says(isUnknownModel)) return 'ModelNotFound';
  if (status === 500 && isUnlisted(said)) return 'ModelNotFound';
  const behind = status === 500 ? statusBehind(`${said} ${body}`) : undefined;
  if (behind !== undefined)
    return typeOf({ status: behind, said: { code, type: kind, message: said }, headers }, said, body);
  const type = TYPE_OF_STATUS[status];
  if (type) return type;
  if (status === 500 && says(isInvalidRequest)) return 'ModelRequestRejected';
  if (status >= 500) return 'ModelOverloaded';
  return status >= 400 ? 'ModelRequestRejected' : 'ModelResponseInvalid';
}

/** A rate limit in tokens a minute also speaks of tokens that exceed a limit; only rejections can be about the context. */
const mayBeTooLong = (status: number) => status === 400 || status === 413 || status === 422 || status === 500;
const isLimitOrFault = (status: number) =>
  status === 400 || status === 412 || status === 424 || status === 429 || status >= 500;
