/** Judges answers if a command's input has labels. */
import { Scorer } from '../../scoring/scorer';
import { describeShare } from '../../scoring/statistics';
import type { Solution } from '../../trajectory/step';
import type { Question } from '../../formats/question';

const scorer = new Scorer();

/** Right or wrong; undefined without a label. */
export async function grade(
  { gold, question, dataset }: Question,
  { answer }: Solution,
): Promise<{ correct?: boolean }> {
  if (gold === undefined) return {};
  const { correct } = await scorer.score({ task: dataset, prediction: answer || null, gold, question });
  return { correct };
}

/** With its 95 % interval (Wilson), in percent. */
export function accuracy({ correct, graded }: { correct: number; graded: number }): string {
  return `${correct} of ${graded} right (${describeShare(correct, graded)})`;
}
