/**
 * Workers that answer for a teacher, or for trained experts, on a queue of their own.
 *
 * @module
 */
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { ActivityContext } from '../../runtime/activity-context';
import { createAllActivities } from '../../activities/lab/all-activities';
import type { HostedTeacher, HostTeacher } from '../../activities/lab/pipeline';
import { loadConfig, parseConfig, type HuskyConfig } from '../../config';
import { openContext } from '../../runtime/open-context';
import { createScriptedTeacher } from '../../training/scripted-teacher';
import { readTrajectories, trajectoryFiles } from '../../formats/trajectory';
import type { Teacher } from '../../contract/pipeline';
import type { Trajectory } from '../../trajectory/trajectory';
import { workflowCode } from '../../worker';
import { requireToolQueues } from './tool-check';

/** Calls at a time; the model server batches them. */
const CALLS = 128;

export function createHost(connection: NativeConnection, namespace: string): HostTeacher {
  const host: HostTeacher = async ({ teacher, taskQueue, temperature, style }) => {
    const context = await openTeacher(teacher, temperature, style);
    return hostContext(connection, namespace, context, taskQueue, host);
  };
  return host;
}

/** Polls a queue with all workflows and activities, for one configuration. */
export async function hostContext(
  connection: NativeConnection,
  namespace: string,
  context: ActivityContext,
  taskQueue: string,
  host: HostTeacher,
): Promise<HostedTeacher> {
  requireToolQueues(context.config);
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue,
    ...workflowCode(),
    activities: createAllActivities({ context, queues: 'shared' }, { pipeline: { host } }),
    sinks: context.solutions.sinks(),
    maxHeartbeatThrottleInterval: '500ms',
    shutdownGraceTime: '10s',
    reuseV8Context: true,
    maxConcurrentActivityTaskExecutions: CALLS,
  });
  const running = worker.run();
  const failed = running.then(() => new Promise<never>(() => undefined));
  failed.catch(() => undefined);
  return {
    failed,
    stop: async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running.catch(() => undefined);
      await context.close();
    },
  };
}

/** @param temperature of sampling, for every chair */
async function openTeacher(
  teacher: Teacher,
  temperature: number | undefined,
  style: string | undefined,
): Promise<ActivityContext> {
  if (teacher.kind === 'config') return openContext(sampling(loadConfig({ path: teacher.file }), temperature));
  const gold: Trajectory[] = [];
  for await (const { trajectory } of readTrajectories(await trajectoryFiles(teacher.trajectories)))
    gold.push(trajectory);
  const scriptedTeacher = createScriptedTeacher(gold, { mistakes: teacher.mistakes, seed: teacher.seed });
  return openContext(oracleConfig(), {
    model: (expert) => scriptedTeacher(style === 'trajectory' ? 'teacher' : (expert as 'action')),
  });
}

/** The scripted teacher writes JavaScript, searches the bundled index and needs no endpoint. */
function oracleConfig(): HuskyConfig {
  return parseConfig({
    prompts: 'compact',
    models: { default: { provider: 'openai', baseUrl: 'http://127.0.0.1:9/v1', model: 'scripted-teacher' } },
  });
}

function sampling(config: HuskyConfig, temperature: number | undefined): HuskyConfig {
  if (temperature === undefined) return config;
  const models = Object.fromEntries(
    Object.entries(config.models).map(([name, model]) => [name, model && { ...model, temperature }]),
  ) as HuskyConfig['models'];
  return { ...config, models };
}
