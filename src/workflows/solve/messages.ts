/**
 * What a running solution can be asked and told.
 *
 * @module
 */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { SolutionProgress } from '../../trajectory/step';
import { FINISH_NOW_SIGNAL, TRAJECTORY_QUERY } from '../../contract/names';

/** The trajectory so far. Without an id, the newest solution of this workflow. */
export const trajectory = defineQuery<SolutionProgress | undefined, [solutionId?: string]>(TRAJECTORY_QUERY);

/** Leave the call in flight and return the best answer so far. */
export const finishNow = defineSignal(FINISH_NOW_SIGNAL);
