/** The activities of synthesis, training and pipelines. */
import type { ActivityContext } from '../../runtime/activity-context';
import { createJudge, type Judge } from './judge';
import { createPipelineActivities, type PipelineOptions } from './pipeline';
import { createSynthesisActivities } from './synthesis';
import { createTrainActivities, type TrainerOptions } from './training';

export interface TrainingActivityOptions {
  /** Compares open answers where the metric is `judge`. @default the model of `judge:` in the configuration */
  judge?: Judge;
  /** A trainer or Python instead of the package's own. */
  trainer?: TrainerOptions;
  pipeline?: PipelineOptions;
}

/** Their names are contracts. */
export function createTrainingActivities(
  context: ActivityContext,
  { judge = createJudge(context), trainer, pipeline }: TrainingActivityOptions = {},
) {
  return {
    ...createSynthesisActivities(context, judge),
    ...createTrainActivities(trainer),
    ...createPipelineActivities(pipeline),
  };
}
