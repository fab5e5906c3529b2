/**
 * The one way to send a request: kept connections, the environment's proxy, one limit for the whole answer in time and in bytes,
 * bodies decompressed. Models, search engines, the hub and doctor use it.
 *
 * @module
 */
import { Agent, request, type Dispatcher } from 'undici';
import { ACCEPTED_ENCODINGS, decodeBody, readBounded } from './decode-body';
import { proxyFor } from './environment-proxy';
import { proxyDispatcher } from './proxy-dispatcher';

/** Of an answer; the longest generation of a 128k-token model takes about one. */
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The answer was not there in time. */
export class AnswerTimeoutError extends Error {
  override readonly name = 'AnswerTimeoutError';
}

/** One redirection followed another for too long. */
export class RedirectionError extends Error {
  override readonly name = 'RedirectionError';
}

export interface HttpRequest {
  url: string | URL;
  /** @default GET, POST with a body */
  method?: 'GET' | 'POST' | 'HEAD';
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds from the request to the end of its answer. */
  timeoutMs: number;
  /** Of the body, compressed and decompressed. @default 8 MiB */
  maxBodyBytes?: number;
  /** Redirections that are followed; credentials do not go to another origin. @default 0 */
  redirections?: number;
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export interface HttpClient {
  /** @throws the signal's reason, AnswerTimeoutError, BodyTooLargeError, BodyEncodingError, RedirectionError, or what the network says */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** The answer with its body unread, for downloads; the caller reads it or destroys it. Redirections are not followed. */
  open(request: Omit<HttpRequest, 'timeoutMs' | 'redirections'>): Promise<Dispatcher.ResponseData>;
  /** Ends the connections, also those in use. */
  close(): Promise<void>;
}

/** @param env where proxies are looked up, at each request. @default process.env */
export function createHttpClient(env: NodeJS.ProcessEnv = process.env): HttpClient {
  // Node's own fetch gives up on headers after 300 s, less than a long generation takes.
  const limits = { headersTimeout: 0, bodyTimeout: 0 };
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherOf = (url: URL): Dispatcher => {
    const proxy = proxyFor(url, env);
    const key = proxy === undefined ? '' : `${url.protocol} ${proxy}`;
    let dispatcher = dispatchers.get(key);
    if (!dispatcher) {
      dispatcher = proxy === undefined ? new Agent(limits) : proxyDispatcher(proxy, url.protocol, limits);
      dispatchers.set(key, dispatcher);
    }
    return dispatcher;
  };

  const open: HttpClient['open'] = async ({ url, method, headers, body, signal }) => {
    signal?.throwIfAborted();
    const target = new URL(url);
    const answered = request(target, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      body,
      signal,
      dispatcher: dispatcherOf(target),
    });
    if (!signal) return answered;
    // undici does not hear the signal before there is a connection, and one may never come.
    let stop = () => undefined as void;
    const aborted = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
    });
    answered.catch(() => undefined);
    try {
      return await Promise.race([answered, aborted]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };

  async function send({
    timeoutMs,
    maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
    ...options
  }: HttpRequest): Promise<HttpAnswer> {
    const late = new AbortController();
    const reason = new AnswerTimeoutError(`no answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => late.abort(reason), timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal;
    try {
      let target = new URL(options.url);
      let headers: Record<string, string> = { 'accept-encoding': ACCEPTED_ENCODINGS, ...options.headers };
      for (let followed = 0; ; followed += 1) {
        const { statusCode, headers: given, body } = await open({ ...options, url: target, headers, signal });
        const answered = headersOf(given);
        const next = (options.redirections ?? 0) > 0 ? redirection(statusCode, answered, target) : undefined;
        if (!next) {
          const bytes = await readBounded(body, maxBodyBytes);
          return { status: statusCode, headers: answered, text: await decodeBody(bytes, answered, maxBodyBytes) };
        }
        await body.dump();
        if (followed >= (options.redirections ?? 0))
          throw new RedirectionError(`redirected more than ${followed} times, last to ${next.host}`);
        if (next.origin !== target.origin) headers = withoutCredentials(headers);
        target = next;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    send,
    open,
    close: async () => {
      const open = [...dispatchers.values()];
      dispatchers.clear();
      await Promise.all(open.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

let shared: HttpClient | undefined;

/** The client of callers that make a request now and then; it is never closed, and idle connections keep no process alive. */
export function sharedHttpClient(): HttpClient {
  return (shared ??= createHttpClient());
}

/** Where the same request goes next: method and body are kept, since a question asked by POST is meant as such. */
function redirection(status: number, headers: Headers, from: URL): URL | undefined {
  const location = headers.get('location');
  if (![301, 302, 307, 308].includes(status) || !location || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

/** An API's own headers may hold its key, too: only what describes the body goes to another origin. */
function withoutCredentials(headers: Record<string, string>): Record<string, string> {
  const kept = /^(content-type|accept|accept-encoding|user-agent|range)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => kept.test(name)));
}

function headersOf(given: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  return headers;
}
