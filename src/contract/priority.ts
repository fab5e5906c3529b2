/** The order of work in a queue with a backlog: a person's question first, then evaluation, then synthesis. */
import { createHash } from 'node:crypto';
import type { Priority } from '@temporalio/common';

/** Temporal's priority keys; lower goes first. */
export const PRIORITY_KEYS = { interactive: 1, evaluation: 4, synthesis: 5 } as const;

/** Bytes that a fairness key may have. */
const FAIRNESS_KEY = 64;

/** Priority of a run of many questions. Runs of one kind take turns, however many questions each has waiting. */
export function runPriority(kind: keyof typeof PRIORITY_KEYS, runId: string): Priority {
  const tooLong = Buffer.byteLength(runId) > FAIRNESS_KEY;
  const fairnessKey = tooLong ? createHash('sha256').update(runId).digest('hex') : runId;
  return { priorityKey: PRIORITY_KEYS[kind], fairnessKey };
}
