/** A workflow of a user's that solves two questions side by side in its own history; programs wait for a person. */
import { runSolution } from '../../src/workflows';

export * from '../../src/workflows';

export async function solveBoth(questions: string[]): Promise<string[]> {
  const solutions = await Promise.all(questions.map((question) => runSolution({ question, approval: ['programs'] })));
  return solutions.map(({ answer }) => answer);
}
