/**
 * The activities of synthesis, training and pipelines, beside those of the solve workflow.
 *
 * @module
 */
import type { Role } from '../../contract/names';
import type { ActivityContext } from '../../runtime/activity-context';
import { createJudge, type Judge } from './judge';
import { createPipelineActivities, type PipelineOptions } from './pipeline';
import { createSynthesisActivities } from './synthesis';
import { createTrainActivities, type TrainerOptions } from './training';

export interface TrainingActivityOptions {
  /** Compares open answers where the metric is `judge`. @default the model of `judge:` in the configuration */
  judge?: Judge;
  /** A trainer or Python in the place of the package's own. */
  trainer?: TrainerOptions;
  pipeline?: PipelineOptions;
}

export type TrainingActivities = ReturnType<typeof createTrainingActivities>;

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

/** Which of them a role's queue serves where each role has its own; those that are not named run on the workflows' queue. */
const ROLE_OF: Partial<Record<keyof TrainingActivities, Role>> = { writeTrajectory: 'action', trainModule: 'train' };

/** Those of one role. The workflows' queue serves `trainModule`, too: a training that names no other queue asks there. */
export function trainingActivitiesOf(role: Role, activities: TrainingActivities): Partial<TrainingActivities> {
  return Object.fromEntries(
    Object.entries(activities).filter(([name]) => {
      const own = ROLE_OF[name as keyof TrainingActivities] ?? 'workflow';
      return own === role || (role === 'workflow' && own === 'train');
    }),
  );
}
