/** The result of a workflow, also when somebody resets it, and when the Temporal server is away for a while. */
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { TerminatedFailure } from '@temporalio/common';
import { pause } from './process/abort';
import { failedWith, GRPC } from './temporal-server/grpc-status';

/** Milliseconds that the server may be away once the SDK's client has given up, which it does after some twenty seconds. */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 1000;

/**
 * Waits for the end of a workflow. A reset terminates its run and begins another of the same id; this then waits for that one. A server
 * that is restarted is waited for: who asked again instead would have the work done twice.
 *
 * @throws WorkflowFailedError when the workflow failed, was cancelled, or was terminated and not reset; the connection's error when the
 * server stays away
 */
export async function lastResult<Result>(workflow: WorkflowHandle): Promise<Result> {
  try {
    return (await workflow.result()) as Result;
  } catch (error) {
    if (isUnavailable(error)) {
      await untilBack(workflow, error);
      return lastResult(workflow);
    }
    if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof TerminatedFailure)) throw error;
    const { client, workflowId } = workflow;
    const newest = await client.getHandle(workflowId).describe();
    if (newest.status.name === 'TERMINATED') throw error;
    return lastResult(client.getHandle(workflowId, newest.runId));
  }
}

/** @throws `gone` when the server stays away, and what it answers */
async function untilBack(workflow: WorkflowHandle, gone: unknown): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    await pause(AGAIN_MS);
    try {
      await workflow.describe();
      return;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      if (Date.now() > end) throw gone;
    }
  }
}

/** A deadline that has passed is no such sign: a program may have set it. */
const isUnavailable = (error: unknown) => failedWith(error, GRPC.UNAVAILABLE);
