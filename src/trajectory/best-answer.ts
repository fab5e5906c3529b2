/** Chooses the answer of a solution that ran out of budget. */
import { statedAnswer } from './stated-answer';
import type { Step } from './step';

/**
 * The raw result of the last program that ran without an error, as in Husky-v1. Without one, the answer that a worked solution
 * states; else an empty text. Husky-v1 takes the program's result only if the last step was code; here an earlier one counts too.
 */
export function bestAnswer(steps: readonly Step[]): string {
  const lastProgram = steps.findLast((step) => step.tool === 'code' && !step.failure && step.observation);
  return lastProgram?.observation?.trim() ?? steps.map(({ output }) => statedAnswer(output)).findLast(Boolean) ?? '';
}
