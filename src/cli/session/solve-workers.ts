/** Finds the workers for a command's solutions: running ones, or workers inside this process. */
import { createRequire } from 'node:module';
import { WorkflowNotFoundError } from '@temporalio/client';
import { queueName } from '../../contract/queues';
import { configFingerprint, modelOf, type HuskyConfig } from '../../config';
import type { ProgramUnderEvaluation } from '../../evaluation/command-system';
import type * as Models from '../../models';
import type * as TeacherHost from '../../teacher-host';
import type * as Worker from '../../worker';
import { ProgramError } from '../../process/program-error';
import type * as ModelCheck from './model-check';
import { temporalCommand } from '../../temporal-command';
import type { TemporalAccess } from './temporal-access';
import { requireToolQueues } from '../../runtime/tool-queues';
import { livePollers } from '../../live-pollers';
import { workerIdentity } from './worker-identity';

const load = createRequire(__filename);
/** Loaded where workers start: most commands find some. */
const modelCheck = () => load('./model-check') as typeof ModelCheck;

export interface SolveWorkers extends Worker.RunningWorkers {
  /** Queue on which the command starts its workflows. */
  taskQueue: string;
  host: 'here' | 'elsewhere';
}

export interface SolveWorkersOptions {
  access: TemporalAccess;
  config: HuskyConfig;
  /** The user chose the configuration, so workers with another one are not used. */
  chosen: boolean;
}

/**
 * Workers in this process have a queue named after their configuration, so that a solution left behind never continues with other models,
 * and separate from the queues of `husky dev` and `husky worker`.
 *
 * @throws ProgramError (3) when a model cannot be reached
 */
export async function findOrStartWorkers(needs: SolveWorkersOptions): Promise<SolveWorkers> {
  const { access, config } = needs;
  const served = queueName('workflow', config.queues.prefix);
  if (await areServed(served, needs)) return elsewhere(served);
  return startWorkersHere(access, config, privatePrefix(config));
}

/** Requirements of a lab command. */
export interface LabNeeds {
  /** Workflow id of the command's run, which may have begun before. */
  runId: string;
  /** The program under evaluation; it runs only in this process and on this queue. */
  program?: { run: ProgramUnderEvaluation; taskQueue: string };
}

/**
 * Finds workers of the lab: those of a run that is under way, other running ones, else one inside this process, which also solves. A program
 * under evaluation always runs inside this process.
 *
 * @throws ProgramError (3) when a model cannot be reached, or the run waits for workers with another configuration
 */
export async function findOrStartLab(needs: SolveWorkersOptions, { runId, program }: LabNeeds): Promise<SolveWorkers> {
  const { access, config } = needs;
  const served = queueName('lab', config.queues.prefix);
  const own = program?.taskQueue ?? queueName('lab', privatePrefix(config));
  const taskQueue =
    (await queueOfRunning(access, runId)) ?? (!program && (await areServed(served, needs)) ? served : own);
  if (taskQueue !== own) {
    if (taskQueue !== served && (await livePollers(access.client, taskQueue)).length === 0)
      throw new ProgramError(
        `${runId} is under way and waits for workers on queue ${taskQueue}, which no worker polls: it was begun with another configuration. Pass that one with --config, or end it first, which keeps what is finished: ${temporalCommand(access, `workflow terminate --workflow-id ${runId}`)}`,
        3,
      );
    return elsewhere(taskQueue);
  }
  requireToolQueues(config);
  if (!program) await modelCheck().requireModels(config);
  const { runLabWorker } = load('../../teacher-host') as typeof TeacherHost;
  const running = await runLabWorker({
    connection: await access.native(),
    namespace: access.namespace,
    config,
    identity: workerIdentity(config),
    lab: { taskQueue, program: program?.run },
  });
  return { taskQueue, host: 'here', ...running };
}

/** The queue of a run that is under way. */
async function queueOfRunning({ client }: TemporalAccess, runId: string): Promise<string | undefined> {
  try {
    const { status, taskQueue } = await client.workflow.getHandle(runId).describe();
    return status.name === 'RUNNING' ? taskQueue : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** Whether a queue has workers with a suitable configuration. */
async function areServed(taskQueue: string, { access, config, chosen }: SolveWorkersOptions): Promise<boolean> {
  if (access.origin === 'started') return false;
  const fingerprint = configFingerprint(config);
  const pollers = await livePollers(access.client, taskQueue);
  return pollers.some((poller) => !chosen || poller.fingerprint === fingerprint || poller.fingerprint === undefined);
}

/**
 * Workers for a queue on which a solution waits.
 *
 * @param taskQueue undefined for a solution that has ended, which needs none
 * @throws ProgramError (3) if no worker polls it and it is named after another configuration
 */
export async function workersFor(
  taskQueue: string | undefined,
  { access, config }: SolveWorkersOptions,
): Promise<SolveWorkers> {
  if (taskQueue === undefined) return elsewhere(queueName('workflow', config.queues.prefix));
  if (access.origin !== 'started' && (await livePollers(access.client, taskQueue)).length > 0)
    return elsewhere(taskQueue);
  const prefix = [config.queues.prefix, privatePrefix(config)].find((one) => queueName('workflow', one) === taskQueue);
  if (prefix === undefined)
    throw new ProgramError(
      `The solution waits for workers on queue ${taskQueue}, which no worker polls: it was started with another configuration; pass that one with --config.`,
      3,
    );
  return startWorkersHere(access, config, prefix);
}

function privatePrefix(config: HuskyConfig): string {
  const own = `solve-${configFingerprint(config)}`;
  return config.queues.prefix ? `${config.queues.prefix}-${own}` : own;
}

function elsewhere(taskQueue: string): SolveWorkers {
  return { taskQueue, host: 'elsewhere', failed: new Promise<never>(() => undefined), stop: async () => undefined };
}

async function startWorkersHere(access: TemporalAccess, config: HuskyConfig, prefix: string): Promise<SolveWorkers> {
  requireToolQueues(config);
  const releaseModel = (load('../../models') as typeof Models).loadAhead(modelOf(config, 'action'));
  await modelCheck().requireModels(config);
  const { createHuskyWorkers, inBackground } = load('../../worker') as typeof Worker;
  const workers = await createHuskyWorkers({
    connection: await access.native(),
    config: { ...config, queues: { ...config.queues, prefix } },
    namespace: access.namespace,
    workerOptions: { identity: workerIdentity(config) },
  });
  const { failed, stop } = inBackground(workers);
  return { taskQueue: queueName('workflow', prefix), host: 'here', failed, stop: () => stop().then(releaseModel) };
}
