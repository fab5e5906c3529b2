/**
 * The `fetch` that the client of an OpenAI-compatible endpoint is given: connections that are kept, bodies that are bounded,
 * and one form of error body whatever the server.
 *
 * @module
 */
import { Agent, fetch as undiciFetch, type Response as UndiciResponse } from 'undici';

type UndiciInit = NonNullable<Parameters<typeof undiciFetch>[1]>;

/** Of an answer; the longest generation of a 128k-token model takes about one. */
const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;

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
  const endpointFetch = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new AnswerTimeoutError(`no answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    const signal = init?.signal ? AbortSignal.any([init.signal, late.signal]) : late.signal;
    try {
      const response = await undiciFetch(String(url), { ...(init as UndiciInit), signal, dispatcher: agent });
      return relabelled(response, await readBounded(response.body, maxBodyBytes));
    } finally {
      clearTimeout(timer);
    }
  };
  return { fetch: endpointFetch, close: () => agent.destroy() };
}

/** The client parses only what is labelled JSON; what isn't JSON must fail as such, not pass as a string. */
function relabelled(response: UndiciResponse, text: string): Response {
  const headers = new Headers([...response.headers]);
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) headers.delete(name);
  headers.set('content-type', 'application/json');
  const body = response.ok ? text : JSON.stringify({ error: errorOf(text) });
  return new Response(hasBody(response.status) ? body : null, { status: response.status, headers });
}

async function readBounded(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<string> {
  if (!body) return '';
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
