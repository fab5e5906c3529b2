/** The metrics by name. A new metric is a file and one line here. The LLM judge, which needs a model, is metrics/judge.ts. */
import type { Metric } from '../metric';
import { answerMetric } from './answer';
import { choice } from './choice';
import { drop } from './drop';
import { exactMatch } from './exact-match';
import { list } from './list';
import { math } from './math';
import { number } from './number';
import { numberOrText } from './number-or-text';
import { pythonMath } from './python-math';
import { squad } from './squad';
import { yesNo } from './yes-no';

const METRICS: readonly Metric[] = [
  number,
  exactMatch,
  numberOrText,
  yesNo,
  choice,
  math,
  pythonMath,
  list,
  answerMetric,
  squad,
  drop,
];

/** The metric of tasks that a language model judges; only an evaluation can ask one. */
export const judgeMetric = 'judge';

export function metricNames(): string[] {
  return METRICS.map((metric) => metric.name);
}

/** @throws Error that lists the names, for an unknown one */
export function findMetric(name: string): Metric {
  const metric = METRICS.find((candidate) => candidate.name === name);
  if (metric === undefined)
    throw new Error(`No metric is called "${name}". Known metrics: ${metricNames().join(', ')}.`);
  return metric;
}
