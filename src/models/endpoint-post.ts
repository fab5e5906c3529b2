/**
 * One request to an OpenAI-compatible endpoint: sent as everything here is (`http/http-client.ts`), with one form of answer and one of
 * error, whatever the server.
 */
import { isWebPage, pageTitle, saidError, type SaidError } from '../http/error-body';
import type { HttpClient } from '../http/http-client';
import { sentJson } from '../http/sent-json';
import { oneLine } from '../trajectory/bounded-text';
import { brokenChunk, isEventStream, isWhole, joinEvents } from './event-stream';
import { readJson } from '../http/loose-json';
import { parseJson } from '../trajectory/json-object';

/** What a server refused, or wrote in the place of an answer. */
export class EndpointError extends Error {
  override readonly name = 'EndpointError';

  constructor(
    readonly status: number,
    readonly said: SaidError,
    /** The body as it came, or its beginning. */
    readonly body: string,
    readonly headers: Headers = new Headers(),
  ) {
    super(said.message || `status ${status} without a body`);
  }
}

/** A page for people in the place of an answer. */
export class WebPageError extends Error {
  override readonly name = 'WebPageError';
}

/** A stream that ended before its first event: the server failed, and had sent its status 200 before it could say so. */
export class EmptyStreamError extends Error {
  override readonly name = 'EmptyStreamError';
}

/** A stream without an end: the server died, or its gateway passes no end on. */
export class CutStreamError extends Error {
  override readonly name = 'CutStreamError';
}

export interface EndpointOptions {
  client: HttpClient;
  /** Without a slash at its end, such as `http://localhost:8001/v1`. */
  baseUrl: string;
  /** Sent as a bearer token. */
  key?: string;
  /** Win over our own, whatever their case. */
  headers?: Record<string, string>;
  /** Milliseconds from the request to the end of its answer. */
  timeoutMs: number;
  maxBodyBytes?: number;
}

/** @throws EndpointError, WebPageError, EmptyStreamError, CutStreamError, SyntaxError for what is no JSON, or what the HTTP client throws */
export type PostToEndpoint = (
  path: string,
  body: unknown,
  signal?: AbortSignal,
  onChunk?: (chunk: Uint8Array) => void,
) => Promise<unknown>;

const MAX_REDIRECTIONS = 3;
/** Characters of a refusal's body that are kept. */
const KEPT_BODY = 10_000;

export function createEndpointPost({ client, baseUrl, key, headers, ...limits }: EndpointOptions): PostToEndpoint {
  const sent = new Headers({ accept: 'application/json', 'content-type': 'application/json' });
  if (key !== undefined) sent.set('authorization', `Bearer ${key}`);
  for (const [name, value] of Object.entries(headers ?? {})) sent.set(name, value);
  return async (path, body, signal, onChunk) => {
    const { status, headers, text } = await client.send({
      url: `${baseUrl}${path}`,
      headers: Object.fromEntries(sent),
      body: sentJson(body),
      redirections: MAX_REDIRECTIONS,
      signal,
      onChunk,
      ...limits,
    });
    if (status < 200 || status >= 300)
      throw new EndpointError(status, saidError(text), text.slice(0, KEPT_BODY), headers);
    if (isEventStream(headers.get('content-type') ?? '', text) && parseJson(text) === undefined) {
      if (text.trim() === '') throw new EmptyStreamError('its stream ended before the answer began');
      const joined = joinEvents(text);
      if (!joined) throw new EmptyStreamError('its stream ended without an answer');
      if ('error' in joined) return joined;
      if (!isWhole(text)) throw new CutStreamError('its stream ended before the answer did');
      const broken = brokenChunk(text);
      if (broken !== undefined) throw new SyntaxError(`in a piece of its stream: ${oneLine(broken, 100)}`);
      return joined;
    }
    if (isWebPage(text)) throw new WebPageError(`a web page (${pageTitle(text)}) in the place of JSON`);
    return status === 204 ? undefined : readJson(text);
  };
}
