/** The result of a workflow, also when somebody resets it. */
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { TerminatedFailure } from '@temporalio/common';

/**
 * Waits for the end of a workflow. A reset terminates its run and begins another of the same id; this then waits for that one.
 *
 * @throws WorkflowFailedError when the workflow failed, was cancelled, or was terminated and not reset
 */
export async function lastResult<Result>(workflow: WorkflowHandle): Promise<Result> {
  try {
    return (await workflow.result()) as Result;
  } catch (error) {
    if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof TerminatedFailure)) throw error;
    const { client, workflowId } = workflow;
    const newest = await client.getHandle(workflowId).describe();
    if (newest.status.name === 'TERMINATED') throw error;
    return lastResult(client.getHandle(workflowId, newest.runId));
  }
}
