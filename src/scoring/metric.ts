/**
 * What a metric is: a prediction beside the gold answer, judged by one rule.
 *
 * @module
 */

import { RULES, type Rules } from '../contract/scoring';
import { goldText, type Gold } from '../formats/gold';
import type { AnswerKind, ExtractionRule } from './extraction';

export { goldText, RULES, type Gold, type Rules };

/** Each between 0 and 1; which ones are present depends on the task, as in the paper's tables. */
export interface Scores {
  acc?: number;
  em?: number;
  f1?: number;
}

export interface MetricInput {
  /** The answer as extraction/ leaves it: one spelling of characters, nothing around it. Data, never executed. */
  answer: string;
  gold: Gold;
}

export interface Verdict {
  /** Null only by the rules `husky-v1`, where the reference's program ends with an exception on this input. */
  scores: Scores | null;
  /** Right or wrong, for intervals and tests: `acc`, or `em` where there is no `acc`. */
  correct: boolean;
  /** Why, in a few words a person can check. */
  reason: string;
  /** What was taken from the response as its answer; null where it gave none. */
  answer?: string | null;
  /** The rule of extraction that took it. */
  extraction?: ExtractionRule;
  /** The exception's name where `scores` is null. */
  error?: string;
  /** True when the comparison was ended by its time or memory bound; counted as wrong. */
  undecided?: boolean;
}

/** Metrics that need no model answer at once. Each lives in a file of its own under metrics/. */
export interface Metric {
  readonly name: string;
  /** What kind of answer is looked for in a response. */
  kindOf(gold: Gold): AnswerKind;
  /** Compares the whole response, as an official script does, unless an extraction is asked for. @default false */
  readonly readsWhole?: boolean;
  /** The scores of a system that gave no answer. */
  readonly none: Scores;
  score(input: MetricInput): Verdict;
}

/** Values stand in sentences with digits or formulas; everything else is text. */
export const kindByGold = (gold: Gold): AnswerKind =>
  /[\d\\^=]/.test(goldText(gold)) && !/(?<!\\)\b[A-Za-z]{4,}\s[A-Za-z]{3,}/.test(goldText(gold)) ? 'value' : 'text';

/** A verdict of a metric with a single score. */
export function accuracyVerdict(correct: boolean, reason: string): Verdict {
  return { scores: { acc: correct ? 1 : 0 }, correct, reason };
}
