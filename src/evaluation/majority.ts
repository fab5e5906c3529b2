/**
 * Majority votes over several answers to each question: the answer that most agree on, by the task's own scorer (self-consistency, arXiv
 * 2203.11171).
 */
import { judgeMetric } from '../scoring/metrics/registry';
import { Scorer } from '../scoring/scorer';
import { wilsonInterval } from '../scoring/statistics';
import type { RunDirectory, Sample } from '../formats/run';
import { addVote, ranked, type Vote } from '../trajectory/votes';
import type { TaskScore } from './question-scores';

export type MajorityScore = Pick<TaskScore, 'task' | 'questions' | 'samples' | 'accuracy' | 'interval'>;

/** Whether two answers to a question are the same. */
export type SameAnswer = (one: Sample, other: Sample) => Promise<boolean>;

/** One entry for each task. The vote uses no label; its verdict is that of any of the majority's answers. */
export async function majorityScores({ manifest, samples }: RunDirectory): Promise<MajorityScore[]> {
  const scorer = new Scorer();
  const metrics = new Map(manifest.tasks.map(({ name, metric }) => [name, metric === judgeMetric ? 'answer' : metric]));
  const same: SameAnswer = async (one, other) => {
    const verdict = await scorer.score({
      metric: metrics.get(one.task) ?? 'answer',
      prediction: one.prediction,
      gold: other.prediction ?? '',
      question: one.question,
    });
    return verdict.correct;
  };
  try {
    const scores: MajorityScore[] = [];
    for (const task of new Set(samples.map((sample) => sample.task))) {
      const answers = samples.filter((sample) => sample.task === task);
      const questions = [...new Set(answers.map(({ index }) => index))];
      let right = 0;
      for (const asked of questions) {
        const chosen = await majorityOf(
          answers.filter(({ index }) => index === asked),
          same,
        );
        if (chosen?.verdict.correct) right += 1;
      }
      const total = { questions: questions.length, samples: answers.length, accuracy: right / questions.length };
      scores.push({ task, ...total, interval: wilsonInterval(right, questions.length) });
    }
    return scores;
  } finally {
    await scorer.close();
  }
}

/** An answer of the largest group of equal answers, the earliest of several; undefined without any answer. */
export async function majorityOf(answers: readonly Sample[], same: SameAnswer): Promise<Sample | undefined> {
  const groups: (Vote & { given: Sample })[][] = [];
  for (const given of answers.toSorted((a, b) => a.sample - b.sample)) {
    if (!given.prediction?.trim()) continue;
    await addVote(groups, { sample: given.sample, answer: given.prediction, given }, async (vote, among) => {
      for (const [at, other] of among.entries()) if (await same(vote.given, other.given)) return at;
      return -1;
    });
  }
  return ranked(groups)[0]?.[0]?.given;
}
