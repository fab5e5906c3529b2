/**
 * The answer of a solution that ran out of budget.
 *
 * @module
 */
import { statedAnswer } from './stated-answer';
import type { Step } from './step';

/**
 * The raw result of the last program that ran without an error, as Husky-v1 does it; else what a worked solution states; empty
 * when there is neither.
 * Unlike the reference, a program that ran before a last step of another kind counts too.
 */
export function bestAnswer(steps: readonly Step[]): string {
  const lastProgram = steps.findLast((step) => step.tool === 'code' && !step.failure && step.observation);
  return lastProgram?.observation?.trim() ?? steps.map(({ output }) => statedAnswer(output)).findLast(Boolean) ?? '';
}
