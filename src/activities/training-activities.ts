/**
 * The activities of synthesis, training and pipelines, beside those of the solve workflow.
 *
 * @module
 */
import type { AnswerScorer } from '../training/accept';
import type { ActivityContext } from './activity-context';
import { createPipelineActivities, type PipelineOptions } from './pipeline';
import { createSynthesisActivities } from './synthesis';
import { createTrainActivities, type TrainerOptions } from './training';

export interface TrainingActivityOptions {
  /** Judges open answers where the metric is `judge`. */
  judge?: AnswerScorer;
  /** A trainer or Python in the place of the package's own. */
  trainer?: TrainerOptions;
  pipeline?: PipelineOptions;
}

export type TrainingActivities = ReturnType<typeof createTrainingActivities>;

/** Their names are contracts. */
export function createTrainingActivities(
  context: ActivityContext,
  { judge, trainer, pipeline }: TrainingActivityOptions = {},
) {
  return {
    ...createSynthesisActivities(context, judge),
    ...createTrainActivities(trainer),
    ...createPipelineActivities(pipeline),
  };
}
