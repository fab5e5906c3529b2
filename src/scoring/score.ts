/** Computes one verdict in this thread: extraction, then the metric. The time is not bounded; {@link ./scorer} bounds it. */
import { goldAnswer, hasSeveralParts, readAnswer, type Extraction } from './extraction';
import { harnessMatch, isHarnessFilter } from './extraction/gsm8k-filters';
import { referenceVerdict } from './husky-v1/reference-rules';
import { acceptedOf } from '../formats/gold';
import { accuracyVerdict, goldText, type Gold, type OneGold, type Metric, type Rules, type Verdict } from './metric';
import { findMetric } from './metrics/registry';
import { findTask, type Task } from './tasks';

/** The metric for answers of no registered task: it compares numbers by value and texts by words. */
export const GENERAL_METRIC = 'answer';

export interface ScoreRequest {
  /** The dataset: a task of the registry, which decides metric and reference rule, or another name. */
  task?: string;
  /** A metric's name. @default the task's, `answer` without a task */
  metric?: string;
  /** The whole response or an answer taken from it; null if there was none. It is data and never executed. */
  prediction: string | null;
  gold: Gold;
  /** The question, which only a judge reads. */
  question?: string;
  /** @default 'default' */
  rules?: Rules;
  /** @default 'auto'; by the rules `husky-v1` the prediction is taken as it is, unless this says otherwise */
  extract?: Extraction;
}

export function metricNameOf({ metric, task }: Pick<ScoreRequest, 'metric' | 'task'>): string {
  return metric ?? (task === undefined ? undefined : findTask(task)?.metric) ?? GENERAL_METRIC;
}

/** @throws Error for a metric that is not registered, or rules `husky-v1` for no task of the registry */
export function checkRequest(request: Pick<ScoreRequest, 'metric' | 'task' | 'rules'>): void {
  if (request.rules !== 'husky-v1') findMetric(metricNameOf(request));
  else if (request.task === undefined || findTask(request.task) === undefined)
    throw new Error(
      `The rules husky-v1 are those of a task of the registry, and "${request.task ?? ''}" is none. Use the default rules.`,
    );
}

/**
 * Judges one prediction, without a model, a server or a network. Of several accepted answers the one that fits best counts.
 *
 * @throws Error for a metric that is not registered, or rules `husky-v1` for no task of the registry
 */
export function scoreAnswer(request: ScoreRequest): Verdict {
  checkRequest(request);
  let best: Verdict | undefined;
  for (const gold of acceptedOf(request.gold)) {
    const verdict = scoreOne(request, gold);
    if (verdict.correct) return verdict;
    if (best === undefined || (verdict.scores?.f1 ?? 0) > (best.scores?.f1 ?? 0)) best = verdict;
  }
  return best as Verdict;
}

function scoreOne(request: ScoreRequest, gold: OneGold): Verdict {
  const { prediction, rules = 'default', extract } = request;
  if (rules === 'husky-v1') {
    const read = extract === undefined || prediction === null ? prediction : firstReading(prediction, extract);
    return referenceVerdict((findTask(request.task as string) as Task).referenceRule, read, gold);
  }
  const metric = findMetric(metricNameOf(request));
  return prediction === null ? noAnswer(metric, 'no prediction') : bestReading(metric, prediction, gold, extract);
}

const firstReading = (response: string, extract: Extraction): string | null =>
  readAnswer(response, { extract })[0]?.text ?? null;

const noAnswer = ({ none }: Metric, reason: string): Verdict => ({
  scores: { ...none },
  correct: false,
  reason,
  answer: null,
});

/** The verdict of the first correct reading, else of the first reading. */
function bestReading(metric: Metric, response: string, label: OneGold, asked?: Extraction): Verdict {
  if (metric.readsWhole && asked === undefined)
    return { ...metric.score({ answer: response, gold: label }), answer: response, extraction: 'whole text' };
  const extract = asked ?? 'auto';
  const gold = goldAnswer(label);
  if (isHarnessFilter(extract)) {
    const [reading] = readAnswer(response, { extract });
    const correct = harnessMatch(reading?.text, goldText(gold));
    const verdict = accuracyVerdict(correct, `${extract}: ${correct ? 'same text' : 'another text'}`);
    return { ...verdict, answer: reading?.text ?? null, extraction: extract };
  }
  const kind = metric.kindOf(gold);
  let first: Verdict | undefined;
  for (const { text, rule } of readAnswer(response, { extract, kind, several: hasSeveralParts(gold) })) {
    const verdict = { ...metric.score({ answer: text, gold }), answer: text, extraction: rule };
    if (verdict.correct) return verdict;
    first ??= verdict;
  }
  return first ?? noAnswer(metric, 'no answer found');
}
