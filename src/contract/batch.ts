/**
 * How the questions of a batch end.
 *
 * @module
 */
import type { Solution } from '../trajectory/step';

/** A call that failed for good: the type of failures.ts, and what it said. */
export interface CallFailure {
  type: string;
  message: string;
}

export type BatchOutcome = { solution: Solution } | { failure: CallFailure };
