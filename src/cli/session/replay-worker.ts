/**
 * Asking a solution that nobody serves: a worker that replays its history to answer, and carries out no call.
 *
 * @module
 */
import { Worker } from '@temporalio/worker';
import { SolutionCache } from '../../runtime/solution-cache';
import { workflowCode } from '../../workflow-code';
import type { TemporalAccess } from './temporal-access';

/** Runs `body` while the solutions of a queue can be asked. */
export async function withReplayWorker<T>(
  access: TemporalAccess,
  taskQueue: string,
  body: () => Promise<T>,
): Promise<T> {
  const worker = await Worker.create({
    connection: await access.native(),
    namespace: access.namespace,
    taskQueue,
    ...workflowCode(),
    sinks: new SolutionCache().sinks(),
  });
  return worker.runUntil(body);
}
