/** The interface of metrics: a metric compares a prediction with the gold answer. */

import type { Rules } from '../contract/scoring';
import { goldText, type Gold, type OneGold } from '../formats/gold';
import type { AnswerKind, ExtractionRule } from './extraction';

export { goldText, type Gold, type OneGold, type Rules };

/** Each between 0 and 1; which ones are present depends on the task, as in the paper's tables. */
export interface Scores {
  acc?: number;
  em?: number;
  f1?: number;
}

export interface MetricInput {
  /** The answer from extraction/: normalized characters, nothing around it. It is data and never executed. */
  answer: string;
  gold: OneGold;
}

export interface Verdict {
  /** Null only by the rules `husky-v1`, if the reference's program raises an exception. */
  scores: Scores | null;
  /** Right or wrong, for intervals and tests: `acc`, or `em` where there is no `acc`. */
  correct: boolean;
  /** A short reason that a person can check. */
  reason: string;
  /** What was taken from the response as its answer; null if it has none. */
  answer?: string | null;
  /** The rule of extraction that took it. */
  extraction?: ExtractionRule;
  /** The exception's name if `scores` is null. */
  error?: string;
  /** True if the time or memory limit ended the comparison; it counts as wrong. */
  undecided?: boolean;
}

/** A metric without a model. Each has its own file in metrics/. */
export interface Metric {
  readonly name: string;
  /** The kind of answer to look for in a response. */
  kindOf(gold: OneGold): AnswerKind;
  /** Compares the whole response, as an official script does, unless a request names an extraction. @default false */
  readonly readsWhole?: boolean;
  /** The scores for a missing answer. */
  readonly none: Scores;
  score(input: MetricInput): Verdict;
}

/** A gold answer with digits or formulas is a value, unless it is prose; all others are text. */
export const kindByGold = (gold: OneGold): AnswerKind =>
  /[\d\\^=]/.test(goldText(gold)) && !/(?<!\\)\b[A-Za-z]{4,}\s[A-Za-z]{3,}/.test(goldText(gold)) ? 'value' : 'text';

/** A verdict of a metric with a single score. */
export function accuracyVerdict(correct: boolean, reason: string): Verdict {
  return { scores: { acc: correct ? 1 : 0 }, correct, reason };
}

/** The same, where the reason is that of two answers being the same. @param reason undefined where they are not */
export const sameVerdict = (reason: string | undefined, otherwise: string): Verdict =>
  accuracyVerdict(reason !== undefined, reason ?? otherwise);
