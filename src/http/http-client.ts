/**
 * The HTTP client of models, search engines, the hub, downloads and doctor. It keeps connections, uses the environment's proxy,
 * limits time and size of an answer, and decompresses bodies.
 */
import { createRequire } from 'node:module';
import type * as Undici from 'undici';
import type { Dispatcher } from 'undici';
import { ACCEPTED_ENCODINGS, decodeBody, readBounded } from './decode-body';
import { proxyFor } from './environment-proxy';
import { headersAfter, redirection } from './redirection';
import { rejectOnAbort } from '../process/abort';
import type * as Proxies from './proxy-dispatcher';

const load = createRequire(__filename);

/** Bytes of an answer; the longest generation of a 128k-token model needs about 1 MiB. */
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The answer did not come in time. */
export class AnswerTimeoutError extends Error {
  override readonly name = 'AnswerTimeoutError';
}

/** There were too many redirections. */
class RedirectionError extends Error {
  override readonly name = 'RedirectionError';
}

interface HttpRequest {
  url: string | URL;
  /** @default GET, POST with a body */
  method?: 'GET' | 'POST' | 'HEAD';
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds from the request to the end of its answer. */
  timeoutMs: number;
  /** Bytes of the body, compressed and decompressed. @default 8 MiB */
  maxBodyBytes?: number;
  /** Redirections to follow; credentials are not sent to another origin. @default 0 */
  redirections?: number;
  signal?: AbortSignal;
  /** Given the body as it comes, beside the whole at its end. Nothing may compress it, so `accept-encoding` is `identity`. */
  onChunk?: (chunk: Uint8Array) => void;
}

interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export interface HttpClient {
  /** @throws the signal's reason, AnswerTimeoutError, BodyTooLargeError, BodyEncodingError, RedirectionError, or the network's error */
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** For downloads: the answer with its body unread. The caller must read or destroy the body. */
  open(request: Omit<HttpRequest, 'timeoutMs' | 'maxBodyBytes' | 'onChunk'>): Promise<Dispatcher.ResponseData>;
  /** Ends the connections, also those in use. */
  close(): Promise<void>;
}

interface Loaded {
  undici: typeof Undici;
  proxies: typeof Proxies;
}

/** Loaded for the first request: undici takes a tenth of a second, and many commands make none. */
function loadUndici(): Loaded {
  return { undici: load('undici') as typeof Undici, proxies: load('./proxy-dispatcher') as typeof Proxies };
}

/** @param env where proxies are looked up, at each request. @default process.env */
export function createHttpClient(env: NodeJS.ProcessEnv = process.env): HttpClient {
  // Node's own fetch waits 300 s for headers; a long generation takes longer.
  const limits = { headersTimeout: 0, bodyTimeout: 0 };
  const dispatchers = new Map<string, Dispatcher>();
  const dispatcherOf = ({ undici, proxies }: Loaded, url: URL): Dispatcher => {
    const proxy = proxyFor(url, env);
    const key = proxy === undefined ? '' : `${url.protocol} ${proxy}`;
    let dispatcher = dispatchers.get(key);
    if (!dispatcher) {
      dispatcher =
        proxy === undefined ? new undici.Agent(limits) : proxies.proxyDispatcher(proxy, url.protocol, limits);
      dispatchers.set(key, dispatcher);
    }
    return dispatcher;
  };

  const ask: HttpClient['open'] = async ({ url, method, headers, body, signal }) => {
    signal?.throwIfAborted();
    const loaded = loadUndici();
    const target = new URL(url);
    const answered = loaded.undici.request(target, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers,
      body,
      signal,
      dispatcher: dispatcherOf(loaded, target),
    });
    // undici heeds the signal only once there is a connection, and there may never be one.
    return rejectOnAbort(answered, signal);
  };

  const open: HttpClient['open'] = async ({ url, headers = {}, redirections = 0, ...options }) => {
    let target = new URL(url);
    let sent = headers;
    for (let followed = 0; ; followed += 1) {
      const answered = await ask({ ...options, url: target, headers: sent });
      const next = redirections > 0 ? redirection(answered.statusCode, answered.headers.location, target) : undefined;
      if (!next) return answered;
      await answered.body.dump();
      if (followed >= redirections)
        throw new RedirectionError(`redirected more than ${followed} times, last to ${next.host}`);
      sent = headersAfter(sent, target, next);
      // The answer waits at another address (RFC 9110, section 15.4.4), as Modal's does after a long call.
      if (answered.statusCode === 303) options = { ...options, method: 'GET', body: undefined };
      target = next;
    }
  };

  async function send({
    timeoutMs,
    maxBodyBytes = DEFAULT_MAX_BODY_BYTES,
    onChunk,
    ...options
  }: HttpRequest): Promise<HttpAnswer> {
    const late = new AbortController();
    const reason = new AnswerTimeoutError(`no answer within ${timeoutMs / 1000} s`);
    const timer = setTimeout(() => late.abort(reason), timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, late.signal]) : late.signal;
    try {
      const asked = { 'accept-encoding': onChunk ? 'identity' : ACCEPTED_ENCODINGS, ...options.headers };
      const { statusCode, headers: given, body } = await open({ ...options, headers: asked, signal });
      const headers = headersOf(given);
      const bytes = await readBounded(body, maxBodyBytes, onChunk);
      return { status: statusCode, headers, text: await decodeBody(bytes, headers, maxBodyBytes) };
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

/** The client for occasional requests. It is never closed; idle connections do not keep a process alive. */
export function sharedHttpClient(): HttpClient {
  return (shared ??= createHttpClient());
}

function headersOf(given: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(given))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  return headers;
}
