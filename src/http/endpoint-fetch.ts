/**
 * The `fetch` that the client of an OpenAI-compatible endpoint is given: connections that are kept, bodies that are bounded,
 * and one form of error body whatever the server.
 *
 * @module
 */
import type { IncomingHttpHeaders } from 'node:http';
import { Agent, interceptors, request } from 'undici';

/** Of an answer; the longest generation of a 128k-token model takes about one. */
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;

const MAX_REDIRECTIONS = 3;

/** The answer was longer than a generation can be, e.g. an endless stream. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  constructor(limitBytes: number) {
    super(`the answer is longer than ${limitBytes} bytes`);
  }
}

/** The answer was not there in time. */
export class AnswerTimeoutError extends Error {
  override readonly name = 'AnswerTimeoutError';
}

export interface EndpointFetchOptions {
  /** Milliseconds from the request to the end of its answer. */
  timeoutMs: number;
  /** @default 8 MiB */
  maxBodyBytes?: number;
}

export interface EndpointFetch {
  fetch: typeof fetch;
  /** Ends the connections, also those in use. */
  close(): Promise<void>;
}

/**
 * Node's own fetch gives up on headers after 300 s, less than a long generation takes; this one has one limit for the whole answer.
 * The caller's signal ends the request and its body at once.
 */
export function createEndpointFetch(options: EndpointFetchOptions): EndpointFetch {
  const { timeoutMs, maxBodyBytes = DEFAULT_MAX_BODY_BYTES } = options;
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const dispatcher = agent.compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTIONS }));
  const endpointFetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new AnswerTimeoutError(`no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const signal = init?.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
    try {
      const { statusCode, headers, body } = await request(String(url), {
        method: 'POST',
        headers: Object.fromEntries(new Headers(init?.headers)),
        body: init?.body as string,
        signal,
        dispatcher,
      });
      return responseOf(statusCode, headers, await readBounded(body, maxBodyBytes));
    } finally {
      clearTimeout(timer);
    }
  };
  return { fetch: endpointFetch, close: () => agent.destroy() };
}

/** Headers that say how long to wait, and nothing of how the body was sent. */
const KEPT_HEADERS = ['retry-after', 'retry-after-ms'];

/** The client parses only what is labelled JSON; what isn't JSON must fail as such, not pass as a string. */
function responseOf(status: number, given: IncomingHttpHeaders, text: string): Response {
  const headers = new Headers({ 'content-type': 'application/json' });
  for (const name of KEPT_HEADERS) if (given[name] !== undefined) headers.set(name, String(given[name]));
  const body = status >= 200 && status < 300 ? text : JSON.stringify({ error: errorOf(text) });
  return new Response(hasBody(status) ? body : null, { status, headers });
}

async function readBounded(body: AsyncIterable<Uint8Array>, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the body, which closes the connection.
    if (size > limit) throw new BodyTooLargeError(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const hasBody = (status: number) => status !== 204 && status !== 205 && status !== 304;

/** OpenAI nests `{ error: { message } }`, SGLang and older vLLM send that object flat, Ollama `{ error: text }`, FastAPI `{ detail }`. */
function errorOf(text: string): object {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { message: text };
  }
  if (typeof body !== 'object' || body === null) return { message: text };
  const error = 'error' in body ? body.error : undefined;
  if (typeof error === 'object' && error !== null) return error;
  if (typeof error === 'string') return { message: error };
  if ('message' in body && typeof body.message === 'string') return body;
  return { message: text };
}
