/**
 * The activities of the solve workflow, by role.
 *
 * @module
 */
import { EXPERTS } from '../trajectory/modules';
import type { Role } from '../workflows/names';
import type { ActivityContext } from './activity-context';
import { createExecuteCode } from './execute-code';
import { createGenerateCode } from './generate-code';
import { createGenerateQuery } from './generate-query';
import { createPredictAction } from './predict-action';
import { createReasonCommonsense, createReasonMath } from './reason';
import { createRecordProfile } from './record-profile';
import { createRewriteResult } from './rewrite-result';
import { createSearch } from './search';

export interface CreateActivitiesOptions {
  context: ActivityContext;
  /** Where solutions that begin on this worker send their calls. */
  queues: 'shared' | 'separate';
}

export type HuskyActivities = ReturnType<typeof createActivities>;

/** All activities of the solve workflow. Their names are contracts. */
export function createActivities({ context, queues }: CreateActivitiesOptions) {
  return {
    recordProfile: createRecordProfile(context, queues),
    predictAction: createPredictAction(context),
    generateCode: createGenerateCode(context),
    executeCode: createExecuteCode(context),
    generateQuery: createGenerateQuery(context),
    search: createSearch(context),
    rewriteResult: createRewriteResult(context),
    reasonMath: createReasonMath(context),
    reasonCommonsense: createReasonCommonsense(context),
  };
}

/** The roles that solving needs; `train` is for training. */
export const SOLVE_ROLES = ['workflow', 'tool', ...EXPERTS] as const satisfies readonly Role[];
export type SolveRole = (typeof SOLVE_ROLES)[number];

/** Which activities a role's queue serves. */
export const ROLE_ACTIVITIES: Record<SolveRole, (keyof HuskyActivities)[]> = {
  workflow: ['recordProfile'],
  tool: ['executeCode', 'search'],
  action: ['predictAction'],
  code: ['generateCode'],
  math: ['reasonMath'],
  query: ['generateQuery'],
  commonsense: ['reasonCommonsense', 'rewriteResult'],
};
