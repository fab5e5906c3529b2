/** The outcomes of the questions of a batch. */
import type { Solution } from '../trajectory/step';

/** A call that failed for good: its type (failures.ts) and message. */
export interface CallFailure {
  type: string;
  message: string;
}

export type BatchOutcome = { solution: Solution } | { failure: CallFailure };
