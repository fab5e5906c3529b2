/**
 * Names that running solutions, clients and other languages rely on. They never change; test/contract/names.test.ts pins them.
 *
 * @module
 */

export const TRAJECTORY_QUERY = 'huskyTrajectory';
export const FINISH_NOW_SIGNAL = 'huskyFinishNow';
/** Somebody watches the text as models write it. */
export const TELL_TOKENS_SIGNAL = 'huskyTellTokens';
/** What waits for a person. */
export const WAITING_QUERY = 'huskyWaiting';
/** What people tell a running solution; each is answered. */
export const PEOPLE_UPDATES = {
  approve: 'huskyApprove',
  refuse: 'huskyRefuse',
  edit: 'huskyEdit',
  answer: 'huskyAnswer',
  hint: 'huskyHint',
  pause: 'huskyPause',
  resume: 'huskyResume',
} as const;
/** Memo field that says in one line what a running workflow waits for; absent when it waits for nobody. */
export const WAITING_MEMO = 'huskyWaiting';

/**
 * Task queues: of workflows, of tools and of each expert; `lab` is for synthesis, training and evaluation, `train` for trainers on GPU
 * hosts. A prefix keeps teams apart.
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
