/**
 * Judging answers where the input of a command carries the right ones.
 *
 * @module
 */
import { scoreAnswer, type ScoreRequest } from '../../scoring/score';
import { scoreBounded } from '../../scoring/score-bounded';
import { wilsonInterval } from '../../scoring/statistics';
import { findTask } from '../../scoring/tasks';
import type { Solution } from '../../trajectory/step';
import type { Question } from '../../formats/question';

/** For answers of no registered task: numbers by value, text by meaning. */
const METRIC = 'answer';

/** Right or wrong; nothing when the label is unknown. */
export async function grade(
  { gold, question, dataset }: Question,
  { answer }: Solution,
): Promise<{ correct?: boolean }> {
  if (gold === undefined) return {};
  const metric = (dataset === undefined ? undefined : findTask(dataset)?.metric) ?? METRIC;
  const request: ScoreRequest = { metric, prediction: answer || null, gold, question };
  // Algebra on a hostile answer can take for ever; the other metrics read text once.
  if (metric !== 'math') return { correct: scoreAnswer(request).correct };
  for await (const { correct } of scoreBounded([request])) return { correct };
  return {};
}

/** With its 95 % interval (Wilson), in percent. */
export function accuracy({ correct, graded }: { correct: number; graded: number }): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const { low, high } = wilsonInterval(correct, graded);
  return `${correct} of ${graded} right (${percent(correct / graded)} %, 95 % interval ${percent(low)} to ${percent(high)})`;
}
