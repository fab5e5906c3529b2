/** The interface of a family of questions: a function that draws a question with its gold trajectory. */
import type { TrajectoryStep } from '../trajectory/trajectory';
import { findStep } from './steps';
import type { KnownFact, World } from './world';

export interface Draft {
  question: string;
  steps: TrajectoryStep[];
  /** The answer, as it follows `The answer is`. */
  answer: string;
}

/** Undefined if the draw makes no sensible question (equal values, a person not yet born); the caller draws again. */
export type Family = (world: World) => Draft | undefined;

/** A question whose answer is the output of the last program. */
export function answered(question: string, steps: TrajectoryStep[]): Draft {
  return { question, steps, answer: steps.at(-1)?.observation ?? '' };
}

/** A question whose facts are found one by one; the last program computes its answer from them. */
export function found(world: World, question: string, facts: readonly KnownFact[], last: TrajectoryStep): Draft {
  return answered(question, [...facts.map((fact) => findStep(world, fact)), last]);
}
