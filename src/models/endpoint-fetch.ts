/**
 * The `fetch` that the client of an OpenAI-compatible endpoint is given: sends as everything here does (`http/http-client.ts`) and gives
 * the client one form of answer and of error, whatever the server.
 *
 * @module
 */
import type { HttpClient } from '../http/http-client';
import { isWebPage, pageTitle, saidError } from '../http/error-body';
import { isEventStream, joinEvents } from './event-stream';

/** A page for people in the place of an answer. */
export class WebPageError extends Error {
  override readonly name = 'WebPageError';
}

export interface EndpointFetchOptions {
  client: HttpClient;
  /** Milliseconds from the request to the end of its answer. */
  timeoutMs: number;
  maxBodyBytes?: number;
}

const MAX_REDIRECTIONS = 3;

export function createEndpointFetch({ client, timeoutMs, maxBodyBytes }: EndpointFetchOptions): typeof fetch {
  return async (url, init) => {
    const { status, headers, text } = await client.send({
      url: String(url instanceof Request ? url.url : url),
      method: 'POST',
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: init?.body as string,
      timeoutMs,
      maxBodyBytes,
      redirections: MAX_REDIRECTIONS,
      signal: init?.signal ?? undefined,
    });
    const isSuccess = status >= 200 && status < 300;
    const body = isSuccess
      ? answerOf(headers, text)
      : JSON.stringify({ error: { ...saidError(text), body: text.slice(0, 10_000) } });
    // Nothing of how the body was sent; the client parses only what is labelled JSON, and what isn't JSON must fail as such.
    const kept = new Headers(headers);
    for (const name of ['content-encoding', 'content-length', 'transfer-encoding']) kept.delete(name);
    kept.set('content-type', 'application/json');
    return new Response(hasBody(status) ? body : null, { status, headers: kept });
  };
}

function answerOf(headers: Headers, text: string): string {
  const type = headers.get('content-type') ?? '';
  if (isEventStream(type, text)) return JSON.stringify(joinEvents(text) ?? {});
  if (isWebPage(text)) throw new WebPageError(`a web page (${pageTitle(text)}) in the place of JSON`);
  return text;
}

const hasBody = (status: number) => status !== 204 && status !== 205 && status !== 304;
