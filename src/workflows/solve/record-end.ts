/**
 * Records how far a solution has come that fails or is cancelled. Its steps are then read from the end of its history; without the record
 * a worker would have to replay all of it to tell them.
 */
import { CancellationScope, isCancellation, patched, TemporalFailure } from '@temporalio/workflow';
import type { HuskyActivities } from '../../activities/solve';
import type { SolutionProgress } from '../../trajectory/step';
import { huskyLocalActivities } from '../call-activities';

const { recordEnd } = huskyLocalActivities<Pick<HuskyActivities, 'recordEnd'>>({
  startToCloseTimeout: '30 seconds',
  retry: { maximumAttempts: 3 },
});

/**
 * @param progress undefined before a solution has begun
 * @throws the error itself
 */
export async function endUnfinished(error: unknown, progress: SolutionProgress | undefined): Promise<never> {
  // Anything else fails the workflow's task, which is tried again, or continues the workflow as new.
  const isEnd = isCancellation(error) || error instanceof TemporalFailure;
  if (isEnd && progress && patched('husky-end-is-recorded'))
    await CancellationScope.nonCancellable(() => recordEnd(progress)).catch(() => undefined);
  throw error;
}
