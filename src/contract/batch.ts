/** The outcomes of the questions of a batch. */
import type { Solution } from '../trajectory/step';

/** Questions of one batch; their trajectories share one payload of 2 MB. */
export const MAX_BATCH = 32;

/** A call that failed for good: its type (failures.ts) and message. */
export interface CallFailure {
  type: string;
  message: string;
}

export type BatchOutcome = { solution: Solution } | { failure: CallFailure };
