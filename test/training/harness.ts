/** A real Temporal server and workers for the tests of this folder. */
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import type { ActivityContext } from '../../src/activities/activity-context';
import { SolutionCache } from '../../src/activities/solution-cache';
import { createTrainingActivities } from '../../src/activities/training-activities';
import { startTemporalServer } from '../../src/cli/temporal-server';
import { parseConfig } from '../../src/config';
import { scriptSolutions, testConfig } from '../../src/testing';
import type { Model } from '../../src/models/model';
import type { Trajectory } from '../../src/trajectory/trajectory';
import { plainPrompts } from './trajectories';

export interface Lab {
  client: Client;
  /** Runs a worker for the length of a body. */
  withWorker<T>(context: ActivityContext, body: () => Promise<T>, taskQueue?: string): Promise<T>;
  stop(): Promise<void>;
}

let bundle: Promise<WorkflowBundle> | undefined;

export async function startLab(): Promise<Lab> {
  if (!bundle) {
    const logger = new DefaultLogger('ERROR');
    Runtime.install({ logger });
    bundle = bundleWorkflowCode({ workflowsPath: require.resolve('./workflows'), logger });
  }
  const server = await startTemporalServer({ ephemeral: true, ui: false });
  const connection = await Connection.connect({ address: server.address });
  const native = await NativeConnection.connect({ address: server.address });
  return {
    client: new Client({ connection }),
    withWorker: async (context, body, taskQueue = 'lab') => {
      const worker = await Worker.create({
        connection: native,
        taskQueue,
        workflowBundle: await bundle,
        activities: { ...createActivities({ context, queues: 'shared' }), ...createTrainingActivities(context) },
        sinks: context.solutions.sinks(),
        maxHeartbeatThrottleInterval: '500ms',
        shutdownGraceTime: '5s',
      });
      return worker.runUntil(body());
    },
    stop: async () => {
      await native.close();
      await connection.close();
      await server.stop();
    },
  };
}

/** Search and sandbox play the trajectories back; programs that are not in them fail. */
export function labContext(trajectories: readonly Trajectory[], model: (expert: string) => Model): ActivityContext {
  const { parts } = scriptSolutions(trajectories.map(({ question, steps, answer }) => ({ question, steps, answer })));
  const known = new Set(trajectories.flatMap(({ steps }) => steps.map(({ code }) => code)));
  return {
    config: parseConfig(testConfig()),
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
    solutions: new SolutionCache(),
    close: async () => undefined,
  };
}
