/** The activities of the lab: synthesis, training, evaluation and making questions. Workers serve them only if asked to. */
import type { ProgramUnderEvaluation } from '../../evaluation/command-system';
import type { ActivityContext } from '../../runtime/activity-context';
import { createEvaluationActivities } from './evaluation';
import { createProgramActivities } from './program-under-evaluation';
import { createQuestionMakingActivities } from './question-making';
import { createTrainingActivities, type TrainingActivityOptions } from './training-activities';

export interface LabActivityOptions extends TrainingActivityOptions {
  /** The program of `--system command`. @default none: the worker refuses to run a program */
  program?: ProgramUnderEvaluation;
}

/** Their names are contracts. */
export function createLabActivities(context: ActivityContext, { program, ...training }: LabActivityOptions = {}) {
  return {
    ...createTrainingActivities(context, training),
    ...createEvaluationActivities(context),
    ...createProgramActivities(program),
    ...createQuestionMakingActivities(context),
  };
}
