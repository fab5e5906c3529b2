/**
 * One request to a search service: bounded in time and size, its failures classified, the key nowhere in what is thrown.
 *
 * @module
 */
import { createFailure, type FailureType } from '../failures';
import { retryAfterMs } from './retry-after';
import { oneLine } from '../trajectory/bounded-text';

/** A page of results is some 100 KB; a service that sends more is not one that we know. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Characters of the service's own words that a message keeps. */
const EXCERPT = 300;

/** An answer that is no success. */
export interface Refusal {
  status: number;
  /** As the service sent it, parsed where it was JSON. */
  body: unknown;
  text: string;
}

/** What a refusal means. */
export interface Diagnosis {
  type: 'SearchAuthentication' | 'SearchRequestRejected' | 'SearchUnavailable';
  /** What to do, where the service's own words don't say it. */
  hint?: string;
}

export interface JsonRequest {
  /** Of the engine, for messages. */
  name: string;
  url: URL;
  headers?: Record<string, string>;
  /** Makes it a POST. */
  body?: object;
  timeoutMs: number;
  signal?: AbortSignal;
  /** Hides the key; applied to everything that came from the service or the network. */
  redact: (text: string) => string;
  refusal?: (refusal: Refusal) => Diagnosis | undefined;
}

/** @throws SearchUnavailable, SearchAuthentication, SearchRequestRejected, or the signal's reason when it was aborted */
export async function requestJson(request: JsonRequest): Promise<unknown> {
  const { name, url, headers, body, timeoutMs, signal, redact } = request;
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const fail = (type: FailureType, message: string, nextRetryDelayMs?: number) =>
    createFailure(type, redact(message), { nextRetryDelayMs });
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: body ? 'POST' : 'GET',
      headers: { accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
      // A redirect would carry the key to an address that nobody named.
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    text = await readBounded(response, name);
  } catch (error) {
    signal?.throwIfAborted();
    if (timeout.aborted) throw fail('SearchUnavailable', `${name} gave no answer within ${timeoutMs / 1000} s.`);
    // Not kept as cause: its text can hold the whole URL, and the key is in the URL of some services.
    throw fail('SearchUnavailable', `${name} at ${url.host} could not be reached (${networkReason(error)}).`);
  }
  const parsed = parseJson(text);
  if (response.ok) {
    if (parsed === undefined) throw fail('SearchUnavailable', `${name} answered something that is not JSON.`);
    return parsed;
  }
  const refusal = { status: response.status, body: parsed, text };
  const { type, hint } = request.refusal?.(refusal) ?? { type: typeOf(response.status), hint: undefined };
  const said = oneLine(saidBy(refusal), EXCERPT) || hint || '';
  const answered = `${name} answered ${response.status}${said ? `: ${said}` : ''}${/[.!?]$/.test(said) ? '' : '.'}`;
  const delay = retryAfterMs(response.headers) ?? rateLimitReset(response.headers);
  throw fail(type, answered, type === 'SearchUnavailable' ? delay : undefined);
}

function typeOf(status: number): Diagnosis['type'] {
  if (status === 401 || status === 403 || status === 402) return 'SearchAuthentication';
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) return 'SearchUnavailable';
  return 'SearchRequestRejected';
}

/** `X-RateLimit-Reset`: seconds to the end of each window, the shortest first (Brave). */
function rateLimitReset(headers: Headers): number | undefined {
  const seconds = Number.parseInt(headers.get('x-ratelimit-reset') ?? '', 10);
  return seconds > 0 && seconds <= 3600 ? seconds * 1000 : undefined;
}

async function readBounded(response: Response, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new Error(`${name} sent more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `{ error }`, `{ error: { detail | message } }`, `{ message }`, `{ detail: { error } }`: each service has its own; a web page says nothing. */
function saidBy({ body, text }: Refusal): string {
  let said: unknown = body;
  for (let depth = 0; depth < 3 && typeof said === 'object' && said !== null; depth++) {
    const parts = said as Record<string, unknown>;
    said = parts.error ?? parts.message ?? parts.detail;
  }
  if (typeof said === 'string') return said;
  return body === undefined && !/^\s*</.test(text) ? text : '';
}

/** The innermost reason that Node gives, e.g. `connect ECONNREFUSED`. */
function networkReason(error: unknown): string {
  let reason = error instanceof Error ? error.message : String(error);
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause.message) reason = cause.message;
  return oneLine(reason, EXCERPT);
}
