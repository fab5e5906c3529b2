/** Workflow code as a next version might be: `solve` does one thing more, behind a patch. */
import { patched, sleep } from '@temporalio/workflow';
import { huskySolve as solveOfToday } from '../../src/workflows';
import type { Solution, SolveInput } from '../../src/workflows';

export * from '../../src/workflows';

export async function huskySolve(input: SolveInput): Promise<Solution> {
  const solution = await solveOfToday(input);
  if (!patched('mark-the-version')) return solution;
  await sleep(1);
  return { ...solution, answer: `${solution.answer}, says the next version` };
}
