/**
 * Runs the servers of trained experts while a stage of a pipeline needs them.
 *
 * @module
 */
import { pause } from '../process/abort';
import { startGuardedServer } from '../process/guarded-server';
import { sharedHttpClient } from '../http/http-client';
import { createFailure } from '../failures';
import type { HuskyConfig } from '../config';

const LOOK_MS = 500;
/** Loading weights onto a GPU takes minutes at most. */
const LIMIT_MS = 15 * 60_000;

export interface ServedExperts {
  /** Rejects when a server ends by itself. */
  failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Runs `serve.sh` and waits until every model of the configuration is there.
 *
 * @throws InputInvalid when the servers are not ready in time; ProgramError when they end
 */
export async function serveExperts(script: string, { models }: Pick<HuskyConfig, 'models'>): Promise<ServedExperts> {
  const urls = new Set(
    Object.values(models).flatMap((model) =>
      model?.provider === 'openai' ? [`${model.baseUrl.replace(/\/$/, '')}/models`] : [],
    ),
  );
  const server = await startGuardedServer({
    command: '/bin/sh',
    args: [script],
    name: `server of ${script}`,
    visible: true,
  });
  server.failed.catch(() => undefined);
  try {
    const until = Date.now() + LIMIT_MS;
    for (const url of urls) await Promise.race([untilThere(url, until), server.failed]);
  } catch (error) {
    await server.release();
    throw error;
  }
  return { failed: server.failed, stop: () => server.release() };
}

async function untilThere(url: string, until: number): Promise<void> {
  while (!(await isThere(url))) {
    if (Date.now() > until)
      throw createFailure(
        'InputInvalid',
        `The experts are not served at ${url} after ${LIMIT_MS / 60_000} minutes; look at what serve.sh said.`,
      );
    await pause(LOOK_MS);
  }
}

async function isThere(url: string): Promise<boolean> {
  try {
    return (await sharedHttpClient().send({ url, timeoutMs: 5000 })).status === 200;
  } catch {
    return false;
  }
}
