import { executeChild } from '@temporalio/workflow';
import { runSolution, huskySolve } from 'temporal-husky/workflows';

// Husky's workflows have to be part of this worker's bundle.
export * from 'temporal-husky/workflows';

/** Asks about every question in a child workflow of its own, side by side. */
export async function askMany(questions: string[]): Promise<string[]> {
  const solutions = await Promise.all(questions.map((question) => executeChild(huskySolve, { args: [{ question }] })));
  return solutions.map(({ answer }) => answer);
}

/** Asks one question inside this workflow's own history. */
export async function askInline(question: string): Promise<string> {
  const { answer, stopReason } = await runSolution({ question, limits: { maxSteps: 6 } });
  return stopReason === 'finished' ? answer : `perhaps ${answer || 'unknown'}`;
}
