/** The activity of the train workflow: trains one module in a child process, and reports its progress by heartbeats. */
import { heartbeat } from '@temporalio/activity';
import { trainModule, type TrainModuleOptions } from '../../training/train-module';
import type { TrainedModule, TrainingJob, TrainingProgress } from '../../contract/training';

import { withProgress } from '../../runtime/heartbeat';

export type TrainerOptions = Pick<TrainModuleOptions, 'backend' | 'python' | 'path'>;

export function createTrainActivities(options: TrainerOptions = {}) {
  return {
    trainModule: (job: TrainingJob): Promise<TrainedModule> =>
      withProgress<TrainingProgress, TrainedModule>({ module: job.module, step: 0, steps: 0 }, (signal, report) =>
        trainModule(job, {
          ...options,
          signal,
          onProgress: (progress) => {
            report(progress);
            heartbeat(progress);
          },
        }),
      ),
  };
}

export type TrainActivities = ReturnType<typeof createTrainActivities>;
