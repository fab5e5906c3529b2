/** Runs a model server and waits until it is ready. */
import { sharedHttpClient } from '../http/http-client';
import { pause } from '../process/abort';
import { startGuardedServer } from '../process/guarded-server';
import type { ModelConfig } from './model-config';

export interface ModelServerOptions {
  /** Shell command. */
  command: string;
  /** In messages, after "The". */
  name: string;
  /** Addresses that all answer when it is ready. */
  urls: readonly string[];
  /** Milliseconds that loading may take. */
  limitMs: number;
  /** The error when an address does not answer in time. */
  tooLate: (url: string) => Error;
  onProgress?: (line: string) => void;
}

export interface ModelServer {
  /** Rejects with a ProgramError when the server ends before it is stopped. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

const LOOK_MS = 500;
const SAY_MS = 10_000;

/** Where an endpoint lists its models. */
export const modelsUrl = (baseUrl: string) => `${baseUrl.replace(/\/$/, '')}/models`;

/** Where the endpoints among some models list theirs, each once. */
export function modelsUrls(models: Iterable<ModelConfig | undefined>): string[] {
  return [...new Set([...models].flatMap((model) => (model?.provider === 'openai' ? modelsUrl(model.baseUrl) : [])))];
}

/** @throws ProgramError (3) when the server ends, and what `tooLate` says when it is not ready in time */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { command, name, urls } = options;
  const server = await startGuardedServer({ command: '/bin/sh', args: ['-c', command], name, visible: true });
  server.failed.catch(() => undefined);
  try {
    const startedAt = Date.now();
    for (const url of urls) await Promise.race([untilReady(url, startedAt, options), server.failed]);
  } catch (error) {
    await server.release();
    throw error;
  }
  return { failed: server.failed, stop: () => server.release() };
}

async function untilReady(url: string, startedAt: number, options: ModelServerOptions): Promise<void> {
  const { name, limitMs, tooLate, onProgress } = options;
  let saidAt = Date.now();
  while (!(await isReady(url))) {
    const now = Date.now();
    if (now - startedAt > limitMs) throw tooLate(url);
    if (now - saidAt >= SAY_MS) {
      saidAt = now;
      onProgress?.(`Waiting for the ${name} at ${url} (${Math.round((now - startedAt) / 1000)} s).`);
    }
    await pause(LOOK_MS);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { status } = await sharedHttpClient().send({ url, timeoutMs: 5000 });
    // A server that demands a key is running.
    return (status >= 200 && status < 300) || status === 401 || status === 403;
  } catch {
    return false;
  }
}
