/**
 * Names that running solutions, clients and other languages rely on. They never change; test/workflows/names.test.ts pins them.
 *
 * @module
 */

export const TRAJECTORY_QUERY = 'huskyTrajectory';
export const FINISH_NOW_SIGNAL = 'huskyFinishNow';

/**
 * The workflows' own queue, the tools' queue and one per expert; `lab` is the queue of synthesis, training and evaluation, `train` that of
 * trainers on GPU hosts. A prefix in front keeps teams apart.
 */
export const QUEUES = {
  workflow: 'husky',
  tool: 'husky-tool',
  action: 'husky-action',
  code: 'husky-code',
  math: 'husky-math',
  query: 'husky-query',
  commonsense: 'husky-commonsense',
  train: 'husky-train',
  lab: 'husky-lab',
} as const;

export type Role = keyof typeof QUEUES;

export const SEARCH_ATTRIBUTES = { stopReason: 'HuskyStopReason', steps: 'HuskySteps' } as const;
