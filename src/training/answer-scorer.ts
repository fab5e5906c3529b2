/**
 * How a trajectory's answer is compared with its label.
 *
 * @module
 */
import { scoreAnswer } from '../scoring/score';
import { ScoringThread } from '../scoring/score-bounded';
import { findTask } from '../scoring/tasks';
import type { SynthesisMetric } from '../contract/synthesis';
import type { AnswerScorer } from './accept';

/** For datasets that the task registry does not know: numbers by value, words by wording, yes and no by meaning. */
const GENERAL_METRIC = 'answer';

/** Algebra on what a teacher wrote can take for ever; the other metrics read text once. */
const thread = new ScoringThread();

/** By a metric of the evaluation room; what it cannot decide in its bounds is neither right nor wrong. */
function byMetric(metricOf: (dataset: string) => string): AnswerScorer {
  return async ({ dataset, question, prediction, gold }) => {
    const request = { metric: metricOf(dataset), prediction, gold, question };
    const { correct, undecided } = request.metric === 'math' ? await thread.score(request) : scoreAnswer(request);
    return undecided ? undefined : correct;
  };
}

const dataset = byMetric((name) => findTask(name)?.metric ?? GENERAL_METRIC);
const exact = byMetric(() => 'exact-match');
const number = byMetric(() => 'number');

/** @param judge asks a language model */
export function answerScorer(metric: SynthesisMetric, judge: AnswerScorer): AnswerScorer {
  return { dataset, exact, number, judge }[metric];
}
