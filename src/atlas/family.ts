/**
 * What a family of questions is: one function that draws a question with its gold trajectory.
 *
 * @module
 */
import type { TrajectoryStep } from '../trajectory/trajectory';
import type { World } from './world';

export interface Draft {
  question: string;
  steps: TrajectoryStep[];
  /** As after `The answer is`. */
  answer: string;
}

/** Undefined when the draw makes no sensible question (equal values, someone not yet born); the caller draws again. */
export type Family = (world: World) => Draft | undefined;

/** The answer is what the last program printed. */
export function answered(question: string, steps: TrajectoryStep[]): Draft {
  return { question, steps, answer: steps.at(-1)?.observation ?? '' };
}
