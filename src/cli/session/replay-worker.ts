/** A worker that only replays histories, to answer queries about solutions without workers. */
import { Worker } from '@temporalio/worker';
import { ANSWERS_ONLY } from '../../live-pollers';
import { codecOptions } from '../../runtime/payload-codec';
import { SolutionCache } from '../../runtime/solution-cache';
import { workflowCode } from '../../workflow-code';
import type { TemporalAccess } from './temporal-access';
import { identityOf } from './worker-identity';

/** Runs `body` while solutions of the queue can be queried. */
export async function withReplayWorker<T>(
  access: TemporalAccess,
  taskQueue: string,
  body: () => Promise<T>,
): Promise<T> {
  const worker = await Worker.create({
    connection: await access.native(),
    namespace: access.namespace,
    taskQueue,
    identity: identityOf(ANSWERS_ONLY),
    ...workflowCode(),
    ...codecOptions(access.codec),
    sinks: new SolutionCache().sinks(),
  });
  return worker.runUntil(body);
}
