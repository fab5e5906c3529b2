/** Asks a server for something that it may not have. */
import type { HttpClient } from './http-client';
import { sentJson } from './sent-json';
import { parseJson } from '../trajectory/json-object';

export interface JsonQuestion {
  /** Sent as JSON; without it the request is a GET. */
  body?: object;
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * @returns undefined where the server does not answer with 200 and JSON, or not in time
 * @throws the signal's reason
 */
export async function askJson(
  client: HttpClient,
  url: string,
  { body, timeoutMs, signal }: JsonQuestion,
): Promise<unknown> {
  const sent = body && { body: sentJson(body), headers: { 'content-type': 'application/json' } };
  try {
    const { status, text } = await client.send({ url, timeoutMs, signal, ...sent });
    return status === 200 ? parseJson(text) : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
