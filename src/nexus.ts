/**
 * The handler behind the Nexus service: each operation starts a `solve` workflow.
 *
 * @module
 */
import { startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import * as nexus from 'nexus-rpc';
import { z } from 'zod';
import { describeIssue } from './formats/describe-issue';
import { createFailure } from './failures';
import { mustBeAsked } from './contract/must-be-asked';
import { oneLine } from './trajectory/bounded-text';
import type { Solution } from './trajectory/step';
import { huskyService, type NexusSolveInput } from './workflows/solve/nexus-service';

/** Callers are other teams and other languages: what a solution carries from run to run is not theirs to give. */
const inputSchema = z.object({ question: z.string(), limits: z.record(z.string(), z.number()).optional() });

/**
 * Give it to a Worker (`nexusServices: [createNexusHandler()]`) on the queue that your Nexus endpoint targets.
 *
 * @param taskQueue queue of the workers that hold the solve workflow. @default the Nexus worker's own queue
 */
export function createNexusHandler(taskQueue?: string) {
  return nexus.serviceHandler(huskyService, {
    solve: new WorkflowRunOperationHandler<NexusSolveInput, Solution>(async (context, given) => {
      const input = readInput(given);
      return startWorkflow(context, 'huskySolve', {
        workflowId: `husky-${context.requestId}`,
        args: [input],
        staticSummary: oneLine(input.question, 200),
        ...(taskQueue ? { taskQueue } : {}),
      });
    }),
  });
}

/** @throws InputInvalid, as the client does */
function readInput(given: unknown): NexusSolveInput {
  const { data, error } = inputSchema.safeParse(given);
  if (!data) throw createFailure('InputInvalid', `The input of solve: ${describeIssue(error.issues[0], 'the whole')}.`);
  mustBeAsked(data.question);
  return data;
}
