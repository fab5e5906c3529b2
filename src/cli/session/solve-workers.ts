/**
 * Who carries out the solutions of a command: workers that run already, or workers inside this process.
 *
 * @module
 */
import { queueName } from '../../contract/queues';
import type { HuskyConfig } from '../../config';
import { createHuskyWorkers } from '../../worker';
import { ProgramError } from '../../process/program-error';
import { requireModels } from './model-check';
import type { TemporalAccess } from './temporal-access';
import { requireToolQueues } from './tool-check';
import { configFingerprint, livePollers, workerIdentity } from './worker-identity';

export interface SolveWorkers {
  /** Queue on which solutions are started. */
  taskQueue: string;
  place: 'here' | 'elsewhere';
  /** Rejects when workers in this process fail. */
  failed: Promise<never>;
  /** Lets calls in flight end. */
  stop(): Promise<void>;
}

export interface SolveWorkersOptions {
  access: TemporalAccess;
  config: HuskyConfig;
  /** Somebody chose the configuration: workers with another one will not do. */
  chosen: boolean;
}

/**
 * Workers in this process have a queue named after their configuration, so that a solution that was left behind is never carried on
 * with other models, and workers of `husky dev` and `husky worker` are left to their own.
 *
 * @throws ProgramError (3) when a model cannot be reached
 */
export async function findOrStartWorkers({ access, config, chosen }: SolveWorkersOptions): Promise<SolveWorkers> {
  const { prefix } = config.queues;
  const served = queueName('workflow', prefix);
  const pollers = access.origin === 'started' ? [] : await livePollers(access.client, served);
  const fingerprint = configFingerprint(config);
  if (pollers.some((poller) => !chosen || poller.fingerprint === fingerprint || poller.fingerprint === undefined))
    return elsewhere(served);
  return startWorkersHere(access, config, privatePrefix(config));
}

/**
 * Workers for a queue on which a solution waits.
 *
 * @throws ProgramError (3) when nobody polls it and this configuration is not the one that it was named after
 */
export async function workersFor(taskQueue: string, { access, config }: SolveWorkersOptions): Promise<SolveWorkers> {
  if (access.origin !== 'started' && (await livePollers(access.client, taskQueue)).length > 0)
    return elsewhere(taskQueue);
  const prefix = [config.queues.prefix, privatePrefix(config)].find((one) => queueName('workflow', one) === taskQueue);
  if (prefix === undefined)
    throw new ProgramError(
      `The solution waits for workers on queue ${taskQueue}, which nobody polls: it was started with another configuration; pass that one with --config.`,
      3,
    );
  return startWorkersHere(access, config, prefix);
}

function privatePrefix(config: HuskyConfig): string {
  const own = `solve-${configFingerprint(config)}`;
  return config.queues.prefix ? `${config.queues.prefix}-${own}` : own;
}

function elsewhere(taskQueue: string): SolveWorkers {
  return { taskQueue, place: 'elsewhere', failed: new Promise<never>(() => undefined), stop: async () => undefined };
}

async function startWorkersHere(access: TemporalAccess, config: HuskyConfig, prefix: string): Promise<SolveWorkers> {
  requireToolQueues(config);
  await requireModels(config);
  const workers = await createHuskyWorkers({
    connection: await access.native(),
    config: { ...config, queues: { ...config.queues, prefix } },
    namespace: access.namespace,
    workerOptions: { identity: workerIdentity(config) },
  });
  const running = workers.run();
  const failed = running.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  return {
    taskQueue: queueName('workflow', prefix),
    place: 'here',
    failed,
    stop: async () => {
      workers.shutdown();
      await running.catch(() => undefined);
    },
  };
}
