/** Sends one request to a search service, bounded in time and size. Failures are classified, and no error contains the key. */
import { createFailure, type FailureType } from '../failures';
import { oneLine, withPoint } from '../trajectory/bounded-text';
import { isBlocked, isWebPage, pageTitle, saidError } from './error-body';
import { AnswerTimeoutError, sharedHttpClient } from './http-client';
import { networkReason } from './network-reason';
import { isOutOfMoney, isRefusedKey } from './refusal-wordings';
import { retryAfterMs } from './retry-after';
import { sentJson } from './sent-json';
import { parseJson } from '../trajectory/json-object';

/** A page of results has about 100 KB. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Characters of the service's own words that a message keeps. */
const EXCERPT = 300;

/** An answer with an error status. */
export interface Refusal {
  status: number;
  /** The parsed body; undefined if it is no JSON. */
  body: unknown;
  text: string;
}

/** What a refusal means. */
export interface Diagnosis {
  type: 'SearchAuthentication' | 'SearchRequestRejected' | 'SearchUnavailable';
  /** What to do, if the service's message does not say it. */
  hint?: string;
  /** What happened, where the service's own words mislead. */
  instead?: string;
}

export interface JsonRequest {
  /** Name of the engine, for messages. */
  name: string;
  url: URL;
  headers?: Record<string, string>;
  /** Sent as JSON; the request is then a POST. */
  body?: object;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Hides the key in texts that came from the service or the network. */
  redact: (text: string) => string;
  refusal?: (refusal: Refusal) => Diagnosis | undefined;
}

/** @throws SearchUnavailable, SearchAuthentication, SearchRequestRejected, or the signal's reason when it was aborted */
export async function requestJson(request: JsonRequest): Promise<unknown> {
  const { name, url, headers, body, timeoutMs, signal, redact } = request;
  signal?.throwIfAborted();
  const fail = (type: FailureType, message: string, nextRetryDelayMs?: number) =>
    createFailure(type, redact(message), { nextRetryDelayMs });
  // A redirection would carry the key to another address, so none is followed.
  const {
    status,
    headers: given,
    text,
  } = await sharedHttpClient()
    .send({
      url,
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body ? sentJson(body) : undefined,
      timeoutMs,
      maxBodyBytes: MAX_BODY_BYTES,
      signal,
    })
    .catch((error: unknown) => {
      signal?.throwIfAborted();
      if (error instanceof AnswerTimeoutError)
        throw fail('SearchUnavailable', `${name} gave no answer within ${timeoutMs / 1000} s.`);
      // The error is not kept as cause: its text can hold the URL, and some services have the key in the URL.
      throw fail('SearchUnavailable', `${name} at ${url.host} could not be reached (${networkReason(error, url)}).`);
    });
  const parsed = parseJson(text);
  if (status >= 200 && status < 300) {
    if (parsed !== undefined) return parsed;
    const what = isWebPage(text) ? `a web page (${pageTitle(text)}) instead of JSON` : 'something that is not JSON';
    throw fail('SearchUnavailable', `${name} answered ${what}.`);
  }
  const page = isWebPage(text) ? `a web page (${pageTitle(text)})` : undefined;
  const said = page ?? oneLine(/^\s*</.test(text) ? '' : saidError(text).message, EXCERPT);
  const diagnosis = request.refusal?.({ status, body: parsed, text });
  const isForeign = diagnosis === undefined && isBlocked(status, text);
  const { type, hint, instead }: Diagnosis = isForeign ? BLOCKED : (diagnosis ?? { type: typeOf(status, said) });
  const isHinted = isForeign || page !== undefined || said === '';
  const words = [instead ?? said, (isHinted && hint) || ''].filter(Boolean).map(withPoint).join(' ');
  const answered = `${name} answered ${status}${words ? `: ${words}` : '.'}`;
  throw fail(type, answered, type === 'SearchUnavailable' ? retryAfterMs(given, Date.now(), text) : undefined);
}

const BLOCKED: Diagnosis = {
  type: 'SearchRequestRejected',
  hint: 'Something in front of the service refused, such as a firewall or a bot check, and no key was looked at',
};

/** TEI answers 424 where its model failed. */
const PASSING = [408, 409, 424, 425, 429];

function typeOf(status: number, said: string): Diagnosis['type'] {
  if (status < 500 && isOutOfMoney(said)) return 'SearchAuthentication';
  if (status === 401 || status === 402 || status === 403 || status === 407) return 'SearchAuthentication';
  if (PASSING.includes(status) || status >= 500) return 'SearchUnavailable';
  return 'SearchRequestRejected';
}

/** What an error with status 200 means, by its code and words. */
export function diagnosisOf(body: unknown): Diagnosis['type'] {
  const { message, code, type } = saidError(JSON.stringify(body));
  const words = `${message} ${code} ${type}`;
  if (isOutOfMoney(words) || isRefusedKey(words)) return 'SearchAuthentication';
  const isPassing =
    /rate[ _-]?limit|too many|try again|time(d)? ?out|internal|unavailable|overload|could not process/i.test(words);
  return isPassing || Number(code) >= 500 || Number(code) === 429 ? 'SearchUnavailable' : 'SearchRequestRejected';
}
