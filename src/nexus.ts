/**
 * The handler behind the Nexus service: each operation starts a `solve` workflow.
 *
 * @module
 */
import { startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import * as nexus from 'nexus-rpc';
import { oneLine } from './trajectory/bounded-text';
import type { Solution } from './trajectory/step';
import { huskyService } from './workflows/nexus-service';
import type { SolveInput } from './workflows/run-solution';

/**
 * Give it to a Worker (`nexusServices: [createNexusHandler()]`) on the queue that your Nexus endpoint targets.
 *
 * @param taskQueue queue of the workers that hold the solve workflow. @default the Nexus worker's own queue
 */
export function createNexusHandler(taskQueue?: string) {
  return nexus.serviceHandler(huskyService, {
    solve: new WorkflowRunOperationHandler<SolveInput, Solution>((context, input) =>
      startWorkflow(context, 'solve', {
        workflowId: `husky-${context.requestId}`,
        args: [input],
        staticSummary: oneLine(input.question, 200),
        ...(taskQueue ? { taskQueue } : {}),
      }),
    ),
  });
}
