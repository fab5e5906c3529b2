/** Workflow code with a change that running solutions don't survive: a command that their histories lack. */
import { sleep } from '@temporalio/workflow';
import { huskySolve as solveOfToday } from '../../src/workflows';
import type { Solution, SolveInput } from '../../src/workflows';

export * from '../../src/workflows';

export async function huskySolve(input: SolveInput): Promise<Solution> {
  await sleep(1);
  return solveOfToday(input);
}
