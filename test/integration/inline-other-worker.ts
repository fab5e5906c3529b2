/** Workflow code of a user that solves inline twice, and waits for a signal between the two. */
import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import { runSolution } from '../../src/workflows';

export * from '../../src/workflows';
export const goOn = defineSignal('goOn');

export async function answerTwice(first: string, second: string): Promise<string[]> {
  let isAsked = false;
  setHandler(goOn, () => void (isAsked = true));
  const before = await runSolution({ question: first });
  await condition(() => isAsked);
  const after = await runSolution({ question: second });
  return [before.answer, after.answer];
}
