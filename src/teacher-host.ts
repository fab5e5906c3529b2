/** Workers that answer for a teacher, or for trained experts, on their own queue. */
import type { NativeConnection } from '@temporalio/worker';
import type { HostTeacher } from './activities/lab/pipeline';
import { loadConfig, parseConfig, type HuskyConfig } from './config';
import type { Teacher } from './contract/pipeline';
import { readTrajectories, trajectoryFiles } from './formats/trajectory';
import { createFailure } from './failures';
import { modelsUrls, startModelServer } from './models/model-server';
import type { ContextParts } from './runtime/open-context';
import { requireToolQueues } from './runtime/tool-queues';
import { createScriptedTeacher } from './training/scripted-teacher';
import type { Trajectory } from './trajectory/trajectory';
import { createHuskyWorkers, inBackground, type LabWorkerOptions, type RunningWorkers } from './worker';

/**
 * Runs a lab worker in this process for each teacher that a synthesis or a pipeline asks for.
 *
 * @param codec of the worker that asks, see `temporal.codec` of the configuration; the teacher's own configuration has no say in it
 */
export function createTeacherHost(connection: NativeConnection, namespace: string, codec?: string): HostTeacher {
  return async ({ teacher, taskQueue, temperature, style }) => {
    const { config: own, parts } = await openTeacher(teacher, temperature, style);
    const config = { ...own, temporal: { ...own.temporal, codec } };
    const served =
      teacher.kind === 'config' && teacher.serve !== undefined ? await serveExperts(teacher.serve, config) : undefined;
    try {
      const workers = await runLabWorker({ connection, namespace, config, parts, lab: { taskQueue } });
      if (!served) return workers;
      const failed = Promise.race([workers.failed, served.failed]);
      failed.catch(() => undefined);
      return { failed, stop: () => workers.stop().finally(() => served.stop()) };
    } catch (error) {
      await served?.stop();
      throw error;
    }
  };
}

/** Loading weights onto a GPU takes minutes at most. */
const SERVED_WITHIN_MS = 15 * 60_000;

/** Runs `serve.sh` of trained experts until every model of the configuration is there. @throws InputInvalid when they are not in time */
function serveExperts(script: string, { models }: HuskyConfig) {
  return startModelServer({
    command: `exec /bin/sh '${script.replaceAll("'", "'\\''")}'`,
    name: `server of ${script}`,
    urls: modelsUrls(Object.values(models)),
    limitMs: SERVED_WITHIN_MS,
    tooLate: (url) =>
      createFailure(
        'InputInvalid',
        `The experts are not served at ${url} after ${SERVED_WITHIN_MS / 60_000} minutes; look at what serve.sh said.`,
      ),
  });
}

export interface LabWorkerRun {
  connection: NativeConnection;
  namespace: string;
  config: HuskyConfig;
  parts?: ContextParts;
  lab: LabWorkerOptions & { taskQueue: string };
  identity?: string;
}

/**
 * Runs one worker that serves the lab and solves by itself.
 *
 * @throws ConfigurationInvalid
 */
export async function runLabWorker({ lab, identity, ...options }: LabWorkerRun): Promise<RunningWorkers> {
  requireToolQueues(options.config);
  const workers = await createHuskyWorkers({
    ...options,
    roles: ['lab'],
    lab: { solves: true, ...lab },
    workerOptions: identity === undefined ? undefined : { identity },
  });
  return inBackground(workers);
}

/** @param temperature of sampling, for every module */
async function openTeacher(
  teacher: Teacher,
  temperature: number | undefined,
  style: string | undefined,
): Promise<{ config: HuskyConfig; parts?: ContextParts }> {
  if (teacher.kind === 'config') return { config: sampling(loadConfig({ path: teacher.file }), temperature) };
  const gold: Trajectory[] = [];
  for await (const { trajectory } of readTrajectories(await trajectoryFiles(teacher.trajectories)))
    gold.push(trajectory);
  const scriptedTeacher = createScriptedTeacher(gold, { mistakes: teacher.mistakes, seed: teacher.seed });
  const model = (expert: string) => scriptedTeacher(style === 'trajectory' ? 'teacher' : (expert as 'action'));
  return { config: scriptedConfig(), parts: { model } };
}

/** The scripted teacher writes JavaScript, searches the bundled index and needs no endpoint. */
function scriptedConfig(): HuskyConfig {
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
