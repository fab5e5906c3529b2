/** Decides which trajectories are kept: those whose final answer matches the label (Husky, section 3.1), by the dataset's metric. */
import { isWholeQuestion } from '../trajectory/parse-action';
import type { Trajectory } from '../trajectory/trajectory';

/** An answer and its label, for a metric. */
export interface Answer {
  dataset: string;
  question: string;
  prediction: string;
  gold: string;
}

/** A metric's verdict on one answer; undefined if it could not decide. */
export type AnswerScorer = (answer: Answer) => Promise<boolean | undefined>;

/** Why a trajectory is rejected; undefined if it is kept. An existing rejection stays. */
export async function rejectionOf(trajectory: Trajectory, score: AnswerScorer): Promise<string | undefined> {
  if (trajectory.rejection !== undefined) return trajectory.rejection;
  if (trajectory.finish === undefined || trajectory.answer.trim() === '') return 'unfinished';
  if (repeatsStep(trajectory)) return 'repeated-step';
  const { dataset, question, gold, answer } = trajectory;
  if (gold === undefined) return 'no-label';
  const right = await score({ dataset, question, prediction: answer, gold });
  if (right === undefined) return 'undecided';
  return right ? undefined : 'wrong-answer';
}

/** A repeated step: an action generator must not learn to ask again for what it has. */
function repeatsStep({ steps }: Trajectory): boolean {
  const seen = new Set<string>();
  for (const { tool, step } of steps) {
    // Further answers to the whole question are votes, which the loop asks for.
    if (isWholeQuestion(step)) continue;
    const key = `${tool}\n${step.trim()}`;
    if (seen.has(key)) return true;
    seen.add(key);
  }
  return false;
}
