/** Trains modules independently, some at once. Each is one durable activity, which resumes from the last checkpoint after any kill. */
import {
  ActivityFailure,
  ApplicationFailure,
  defineQuery,
  isCancellation,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { huskyActivities } from '../call-activities';
import type { TrainActivities } from '../../activities/lab/training';
import type { ModuleState, TrainedModule, TrainingJob, TrainResult, TrainStatus } from '../../contract/training';
import { TRAINING_PROGRESS_QUERY } from '../../contract/names-training';

export interface TrainInput {
  jobs: TrainingJob[];
  /** Modules trained at a time. @default 1 */
  parallel?: number;
  /** Queue of the GPU workers. @default the workflow's own */
  taskQueue?: string;
}

export const trainingProgress = defineQuery<TrainStatus>(TRAINING_PROGRESS_QUERY);

/** @throws ApplicationFailure of the first module's type when modules failed; the others are trained and kept */
export async function huskyTrain({ jobs, parallel = 1, taskQueue }: TrainInput): Promise<TrainResult> {
  const { trainModule } = huskyActivities<TrainActivities>({
    taskQueue,
    startToCloseTimeout: '30 days',
    heartbeatTimeout: '15 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  });
  const states = new Map<string, { state: ModuleState; failure?: string }>(
    jobs.map(({ module }) => [module, { state: 'waiting' }]),
  );
  const status = (): TrainStatus => ({
    modules: jobs.map(({ module }) => ({ module, ...(states.get(module) ?? { state: 'waiting' }) })),
  });
  const show = (module: string, state: ModuleState, failure?: string) => {
    states.set(module, { state, failure });
    setCurrentDetails(
      status()
        .modules.map((one) => `- **${one.module}** ${one.state}${one.failure ? `: ${one.failure}` : ''}`)
        .join('\n'),
    );
  };
  setHandler(trainingProgress, status);

  const trained: TrainedModule[] = [];
  const failures: Failure[] = [];
  const queue = [...jobs];
  const lane = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      show(job.module, 'training');
      try {
        trained.push(
          await trainModule.executeWithOptions({ summary: `[train] ${job.module} from ${job.base}` }, [job]),
        );
        show(job.module, 'trained');
      } catch (error) {
        if (isCancellation(error)) throw error;
        const failure = failureOf(job.module, error);
        failures.push(failure);
        show(job.module, 'failed', failure.message);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(parallel, jobs.length)) }, lane));
  const [first] = failures;
  if (first)
    throw ApplicationFailure.create({
      type: first.type,
      message: describe(failures),
      nonRetryable: true,
      details: [{ modules: trained }],
    });
  return { modules: jobs.flatMap(({ module }) => trained.filter((one) => one.module === module)) };
}

interface Failure {
  type: string;
  module: string;
  message: string;
}

/** Describes the failures; a reason that several modules share is said once. */
function describe(failures: readonly Failure[]): string {
  const groups = Map.groupBy(failures, ({ message }) => message);
  return [...groups].map(([message, of]) => `${of.map(({ module }) => module).join(', ')}: ${message}`).join(' ');
}

function failureOf(module: string, error: unknown): Failure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure ? (cause.type ?? 'TrainingFailed') : 'TrainingFailed';
  return { type, module, message: cause instanceof Error ? cause.message : String(cause) };
}
