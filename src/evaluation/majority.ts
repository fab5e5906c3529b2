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
export async function majorityScores(run: RunDirectory): Promise<MajorityScore[]> {
  return [...(await majorityVerdicts(run))].map(([task, verdicts]) => {
    const [questions, right] = [verdicts.size, [...verdicts.values()].filter(Boolean).length];
    const samples = run.samples.filter((sample) => sample.task === task).length;
    return { task, questions, samples, accuracy: right / questions, interval: wilsonInterval(right, questions) };
  });
}

/** Whether the majority is right, of each task by the question's index. */
export async function majorityVerdicts({
  manifest,
  samples,
}: RunDirectory): Promise<Map<string, Map<string, boolean>>> {
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
    const verdicts = new Map<string, Map<string, boolean>>();
    for (const { task, index } of samples) {
      const ofTask = verdicts.get(task) ?? new Map<string, boolean>();
      verdicts.set(task, ofTask);
      if (ofTask.has(String(index))) continue;
      const answers = samples.filter((sample) => sample.task === task && sample.index === index);
      ofTask.set(String(index), (await majorityOf(answers, same))?.verdict.correct ?? false);
    }
    return verdicts;
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
