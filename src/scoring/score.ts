/**
 * The one door to scoring: a task or a metric, a prediction, its gold answer.
 *
 * @module
 */
import { referenceVerdict } from './husky-v1/reference-rules';
import type { Gold, Rules, Verdict } from './metric';
import { findMetric } from './metrics/registry';
import { loadTask, type Task } from './tasks';

export interface ScoreRequest {
  /** A task of the registry or its name; decides metric and reference rule. */
  task?: Task | string;
  /** A metric's name, for answers of no registered task. @default the task's */
  metric?: string;
  /** Null when there was no answer. Data, never executed. */
  prediction: string | null;
  gold: Gold;
  question?: string;
  /** @default 'default' */
  rules?: Rules;
}

/**
 * Judges one prediction, without a model, a server or a network.
 *
 * @throws Error for a name that is not registered, or for rules `husky-v1` without a task
 */
export function scoreAnswer(request: ScoreRequest): Verdict {
  const { prediction, gold, question, rules = 'default' } = request;
  const task = typeof request.task === 'string' ? loadTask(request.task) : request.task;
  if (rules === 'husky-v1') {
    if (task === undefined) throw new Error('The rules husky-v1 differ by task; name a task of the registry.');
    return referenceVerdict(task.referenceRule, prediction, gold);
  }
  const name = request.metric ?? task?.metric;
  if (name === undefined) throw new Error('Name a task or a metric to score with.');
  return findMetric(name).score({ prediction, gold, question, rules });
}
