/** A model server beside a worker: it starts first, must be healthy before the worker polls, and ends last. */
import { pause } from '../../process/abort';
import { modelOf, type HuskyConfig } from '../../config';
import { chairsOf, type Expert } from '../../trajectory/modules';
import { sharedHttpClient } from '../../http/http-client';
import { ProgramError } from '../../process/program-error';
import { startGuardedServer } from '../../process/guarded-server';

export interface ModelServerOptions {
  /** Shell command. */
  command: string;
  /** Answers 200 when ready. @default the list of models of the experts' endpoint */
  healthUrl?: string;
  /** Milliseconds that loading may take. */
  limitMs: number;
  config: HuskyConfig;
  experts: readonly Expert[];
  onProgress: (line: string) => void;
}

export interface ModelServer {
  /** Rejects when the server ends before it is stopped. */
  ended: Promise<never>;
  stop(): Promise<void>;
}

const LOOK_MS = 500;
const SAY_MS = 10_000;

/** @throws ProgramError (3) when the server ends or is not healthy in time */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  const { command, onProgress } = options;
  const urls = healthUrls(options);
  onProgress(`Starting the model server: ${command}`);
  const guardian = await startGuardedServer({
    command: '/bin/sh',
    args: ['-c', command],
    name: 'model server',
    visible: true,
  });
  guardian.failed.catch(() => undefined);
  try {
    for (const url of urls) await Promise.race([untilHealthy(url, options), guardian.failed]);
  } catch (error) {
    await guardian.release();
    throw error;
  }
  onProgress('The model server is ready.');
  return { ended: guardian.failed, stop: () => guardian.release() };
}

function healthUrls({ healthUrl, config, experts }: ModelServerOptions): string[] {
  if (healthUrl) return [healthUrl];
  const urls = chairsOf(config, experts).flatMap((module) => {
    const model = modelOf(config, module);
    return model.provider === 'openai' ? [`${model.baseUrl.replace(/\/$/, '')}/models`] : [];
  });
  if (urls.length === 0)
    throw new ProgramError(
      '--serve needs a role whose model has a baseUrl, or --serve-health with the address to ask.',
      2,
    );
  return [...new Set(urls)];
}

async function untilHealthy(url: string, { limitMs, onProgress }: ModelServerOptions): Promise<void> {
  const startedAt = Date.now();
  let saidAt = startedAt;
  while (!(await healthy(url))) {
    const now = Date.now();
    if (now - startedAt > limitMs)
      throw new ProgramError(
        `The model server is not ready at ${url} after ${Math.round(limitMs / 1000)} s; look at its output, or give it longer with --serve-timeout.`,
        3,
      );
    if (now - saidAt >= SAY_MS) {
      saidAt = now;
      onProgress(`Waiting for the model server at ${url} (${Math.round((now - startedAt) / 1000)} s).`);
    }
    await pause(LOOK_MS);
  }
}

async function healthy(url: string): Promise<boolean> {
  try {
    const { status } = await sharedHttpClient().send({ url, timeoutMs: 5000 });
    // A server that demands a key is running.
    return (status >= 200 && status < 300) || status === 401 || status === 403;
  } catch {
    return false;
  }
}
