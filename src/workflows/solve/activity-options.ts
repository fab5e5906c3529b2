/** Queue, timeouts and retries of the activities of a solution, by its profile. */
import type { ActivityOptions } from '@temporalio/workflow';
import type { SolveProfile } from '../../contract/profile';
import { oneLine } from '../../trajectory/bounded-text';
import type { Expert } from '../../trajectory/modules';

/** The line that the Temporal UI shows beside an activity. */
export const summarized = (text: string): { summary: string } => ({ summary: oneLine(text, 120) });

/** @param role whose queue is used; undefined for the queue of the workflow @param timeout milliseconds of one attempt */
export function activityOptions(
  { queues, timeouts, retry }: SolveProfile,
  role: Expert | 'tool' | undefined,
  timeout: number,
): ActivityOptions {
  return {
    taskQueue: role && queues[role],
    startToCloseTimeout: timeout,
    heartbeatTimeout: timeouts.heartbeat,
    retry: retryPolicy(retry),
  };
}

/** `maximumAttempts` 0 means that there is no limit, as in Temporal. */
export const retryPolicy = ({ initialMs, maximumMs, maximumAttempts }: SolveProfile['retry']) => ({
  initialInterval: initialMs,
  maximumInterval: maximumMs,
  ...(maximumAttempts > 0 ? { maximumAttempts } : {}),
});
