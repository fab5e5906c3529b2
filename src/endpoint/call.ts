/** Reads the body of a request, and keeps its stream open while nothing happens. */
import type { Context } from 'hono';
import { getPath } from 'hono/utils/url';
import type { SSEStreamingApi } from 'hono/streaming';
import { Refusal } from './refusal';

export type Variables = { caller: string; leave: () => void };
export type Call = Context<{ Variables: Variables }>;

/** The path without the slashes that clients add where they join it to a base URL: `/v1//chat/completions/`. */
export const plainPath = (request: Request): string =>
  getPath(request)
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '');

/** Milliseconds between the comments that keep a silent stream open. */
export const KEEP_ALIVE_MS = 15_000;

/** Refuses anything but `application/json`, because any web page could send a form or a plain text without permission. */
export async function json(call: Call): Promise<unknown> {
  if (!/^application\/json\b/i.test(call.req.header('content-type') ?? ''))
    throw new Refusal(415, 'The body must be JSON, with Content-Type: application/json.', 'unsupported_media_type');
  const encoding = call.req.header('content-encoding') ?? 'identity';
  if (encoding.toLowerCase() !== 'identity')
    throw new Refusal(
      415,
      `The body is compressed (${encoding.slice(0, 20)}); send it as it is.`,
      'unsupported_media_type',
    );
  try {
    return await call.req.json();
  } catch {
    throw new Refusal(400, 'The body is no JSON.', 'invalid_json');
  }
}

/** Runs the body of a stream, and sends comments that keep it open. @param body is given a signal that aborts when the client has gone */
export async function keptAlive(
  call: Call,
  sse: SSEStreamingApi,
  body: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const gone = new AbortController();
  sse.onAbort(() => gone.abort());
  const timer = setInterval(() => void sse.write(': still at work\n\n').catch(() => undefined), KEEP_ALIVE_MS);
  try {
    await body(gone.signal);
  } finally {
    clearInterval(timer);
    call.get('leave')();
  }
}
