/** Compares a trajectory's answer with its label. */
import { Scorer } from '../scoring/scorer';
import type { SynthesisMetric } from '../contract/synthesis';
import type { AnswerScorer } from './accept';

const scorer = new Scorer();

/** A metric of the registry; `dataset` is the task's own. */
const METRICS: Record<Exclude<SynthesisMetric, 'judge'>, string | undefined> = {
  dataset: undefined,
  exact: 'exact-match',
  number: 'number',
};

/** Undecided answers are neither right nor wrong. @param judge asks a language model */
export function answerScorer(metric: SynthesisMetric, judge: AnswerScorer): AnswerScorer {
  if (metric === 'judge') return judge;
  return async ({ dataset, question, prediction, gold }) => {
    const request = { task: dataset, metric: METRICS[metric], prediction, gold, question };
    const { correct, undecided } = await scorer.score(request);
    return undecided ? undefined : correct;
  };
}
