/**
 * What a metric is: a prediction beside the gold answer, judged by one rule.
 *
 * @module
 */

import { goldText, type Gold } from '../formats/gold';

export { goldText, type Gold };

/**
 * `default`: our rules, right in meaning. `husky-v1`: the verdict of the reference's script, faults included, for tables that
 * must compare with published numbers.
 */
export type Rules = 'default' | 'husky-v1';

export const RULES: readonly Rules[] = ['default', 'husky-v1'];

/** Each between 0 and 1; which ones are present depends on the task, as in the paper's tables. */
export interface Scores {
  acc?: number;
  em?: number;
  f1?: number;
}

export interface MetricInput {
  /** The extracted answer; null when the system gave none. Data, never executed. */
  prediction: string | null;
  gold: Gold;
  /** Only the LLM judge reads it. */
  question?: string;
  rules?: Rules;
}

export interface Verdict {
  /** Null only in rules `husky-v1`, where the reference's program ends with an exception on this input. */
  scores: Scores | null;
  /** Right or wrong, for intervals and tests: `acc`, or `em` where there is no `acc`. */
  correct: boolean;
  /** Why, in a few words a person can check. */
  reason: string;
  /** The exception's name where `scores` is null. */
  error?: string;
  /** True when the comparison was ended by its time or memory bound; counted as wrong. */
  undecided?: boolean;
}

/** Metrics that need no model answer at once. Each lives in a file of its own under metrics/. */
export interface Metric {
  readonly name: string;
  score(input: MetricInput): Verdict;
}

/** A verdict of a metric with a single score. */
export function accuracyVerdict(correct: boolean, reason: string): Verdict {
  return { scores: { acc: correct ? 1 : 0 }, correct, reason };
}
