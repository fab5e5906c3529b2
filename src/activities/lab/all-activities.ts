/**
 * Everything that the workflows of this package ask for, for a worker that serves all of them on one queue.
 *
 * @module
 */
import { registered } from '../../contract/registered-name';
import { createActivities, type CreateActivitiesOptions } from '../solve';
import { createEvaluationActivities } from './evaluation';
import { createQuestionMakingActivities } from './question-making';
import { createTrainingActivities, type TrainingActivityOptions } from './training-activities';

export function createAllActivities(options: CreateActivitiesOptions, training?: TrainingActivityOptions) {
  const { context } = options;
  return registered({
    ...createActivities(options),
    ...createEvaluationActivities(context),
    ...createQuestionMakingActivities(context),
    ...createTrainingActivities(context, training),
  });
}
