/** A real Temporal server and workers for the tests of this folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createActivities } from '../../src/activities/solve';
import type { ActivityContext } from '../../src/runtime/activity-context';
import { SolutionCache } from '../../src/runtime/solution-cache';
import { registered } from '../../src/contract/registered-name';
import { createLabActivities } from '../../src/activities/lab';
import type { TrainingActivityOptions } from '../../src/activities/lab/training-activities';
import { startTemporalServer } from '../../src/temporal-server/start-server';
import { parseConfig } from '../../src/config';
import { scriptSolutions, testConfig } from '../../src/testing';
import type { Model } from '../../src/models/model';
import type { Trajectory } from '../../src/trajectory/trajectory';
import type { TrainerBackend } from '../../src/training/trainers';
import { inOneThread, labCode } from '../workflow-code';
import { plainPrompts } from './trajectories';

export interface Lab {
  client: Client;
  /** Runs a worker for the length of a body. */
  withWorker<T>(
    context: ActivityContext,
    body: () => Promise<T>,
    taskQueue?: string,
    options?: TrainingActivityOptions,
  ): Promise<T>;
  address: string;
  /** Runs lab-worker.ts, which appends each finished call of the teacher to `callLog` and never answers one about these questions. */
  spawnWorker(taskQueue: string, callLog: string, unanswered?: readonly string[]): ChildProcess;
  stop(): Promise<void>;
}

export async function startLab(): Promise<Lab> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const server = await startTemporalServer({ ephemeral: true, ui: false });
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  const children: ChildProcess[] = [];
  return {
    address: server.address,
    client: new Client({ connection }),
    withWorker: async (context, body, taskQueue = 'lab', options = undefined) => {
      const worker = await createLabWorker(native, context, taskQueue, options);
      return worker.runUntil(body());
    },
    spawnWorker: (taskQueue, callLog, unanswered = []) => {
      const file = join(__dirname, 'lab-worker.cjs');
      const child = spawn(process.execPath, [file, server.address, taskQueue, callLog, ...unanswered], {
        stdio: 'inherit',
      });
      children.push(child);
      return child;
    },
    stop: async () => {
      for (const child of children) child.kill('SIGKILL');
      await native.close();
      await connection.close();
      await server.stop();
    },
  };
}

/** All workflows and activities of this room on one queue. */
export async function createLabWorker(
  connection: NativeConnection,
  context: ActivityContext,
  taskQueue: string,
  options: TrainingActivityOptions = { trainer: { backend: bigramTrainer, python: 'python3', path: [__dirname] } },
): Promise<Worker> {
  return Worker.create({
    ...inOneThread,
    connection,
    taskQueue,
    workflowBundle: await labCode(),
    activities: registered({
      ...createActivities({ context, queues: 'shared' }),
      ...createLabActivities(context, options),
    }),
    sinks: context.solutions.sinks(),
    maxHeartbeatThrottleInterval: '500ms',
    shutdownGraceTime: '5s',
  });
}

/** bigram_trainer.py: learns, keeps checkpoints and fails on demand, with nothing but Python. */
export const bigramTrainer: TrainerBackend = {
  name: 'bigram',
  program: 'bigram_trainer',
  environment: { folder: '' },
  presets: { default: { mode: 'train', steps: 30, seed: 0, pause: 0 } },
  defaultPreset: 'default',
  needsBase: false,
};

/** table_trainer.py: learns by heart. */
export const tableTrainer: TrainerBackend = {
  ...bigramTrainer,
  name: 'table',
  program: 'table_trainer',
  presets: { default: {} },
};

/** Search and sandbox play the trajectories back; programs that are not in them fail. */
export function labContext(trajectories: readonly Trajectory[], model: (expert: string) => Model): ActivityContext {
  const { parts } = scriptSolutions(trajectories.map(({ question, steps, answer }) => ({ question, steps, answer })));
  const known = new Set(trajectories.flatMap(({ steps }) => steps.map(({ code }) => code)));
  return {
    config: parseConfig(testConfig()),
    journals: () => Promise.reject(new Error('journal: server keeps no files.')),
    prompts: plainPrompts,
    model: async (expert) => model(expert),
    search: async () => parts.search!,
    sandbox: async () => ({
      ...parts.sandbox!,
      run: async (request) =>
        known.has(request.code)
          ? parts.sandbox!.run(request)
          : {
              ok: false,
              stdout: '',
              stderr: '',
              error: { name: 'ReferenceError', message: 'not defined' },
              durationMs: 0,
              truncated: false,
            },
    }),
    scorer: () => Promise.reject(new Error('Nobody votes.')),
    solutions: new SolutionCache(),
    close: async () => undefined,
  };
}
