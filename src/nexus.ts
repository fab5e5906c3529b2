/** The handler behind the Nexus service: each operation starts a `solve` workflow. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { getClient, startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import * as nexus from 'nexus-rpc';
import { z } from 'zod';
import { describeIssue } from './formats/describe-issue';
import { createFailure } from './failures';
import { mustBeAsked } from './contract/must-be-asked';
import { oneLine } from './trajectory/bounded-text';
import { askedMemo, mustAskTheSame } from './start-once';
import type { Solution } from './trajectory/step';
import { huskyService, type NexusSolveInput } from './workflows/solve/nexus-service';

/** Callers are other teams and other languages: what a solution carries from run to run is not theirs to give. */
const inputSchema = z.object({
  question: z.string(),
  limits: z.record(z.string(), z.number()).nullish(),
  id: z.string().min(1).max(900).nullish(),
});

/**
 * Give it to a Worker (`nexusServices: [createNexusHandler()]`) on the queue that your Nexus endpoint targets.
 *
 * @param taskQueue queue of the workers that hold the solve workflow. @default the Nexus worker's own queue
 */
export function createNexusHandler(taskQueue?: string) {
  return nexus.serviceHandler(huskyService, {
    solve: new SolveOperation(async (context, given) => {
      const { id, ...input } = readInput(given);
      return startWorkflow(context, 'huskySolve', {
        workflowId: id ?? `husky-${context.requestId}`,
        args: [input],
        staticSummary: oneLine(input.question, 200),
        memo: askedMemo(input.question),
        // Whoever names an id joins what runs under it; what has ended well was answered before this is asked.
        ...(id === undefined ? {} : { workflowIdConflictPolicy: 'USE_EXISTING' as const }),
        ...(taskQueue ? { taskQueue } : {}),
      });
    }),
  });
}

/** One id, one answer: what has ended under the caller's id is answered at once, and another question under it is refused. */
class SolveOperation extends WorkflowRunOperationHandler<NexusSolveInput, Solution> {
  override async start(context: nexus.StartOperationContext, given: NexusSolveInput) {
    const { id, question } = readInput(given);
    const ended = id === undefined ? undefined : await endedSolution(id, question);
    return ended ? nexus.HandlerStartOperationResult.sync(ended) : super.start(context, given);
  }
}

/** @throws IdTaken when the id is that of another question */
async function endedSolution(id: string, question: string): Promise<Solution | undefined> {
  const handle = getClient().workflow.getHandle(id);
  try {
    const there = await handle.describe();
    mustAskTheSame(there, { workflowType: 'huskySolve', asked: question });
    return there.status.name === 'COMPLETED' ? ((await handle.result()) as Solution) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** @throws HandlerError (BAD_REQUEST), which callers do not make again */
function readInput(given: unknown): NexusSolveInput {
  const { data, error } = inputSchema.safeParse(given);
  if (!data) throw badRequest(`The input of solve: ${describeIssue(error.issues[0], 'the whole')}.`);
  const { question, limits, id } = data;
  try {
    mustBeAsked(question);
  } catch (cause) {
    throw badRequest((cause as Error).message, cause);
  }
  // Other languages write null for what is absent.
  return { question, limits: limits ?? undefined, id: id ?? undefined };
}

const badRequest = (message: string, cause: unknown = createFailure('InputInvalid', message)) =>
  new nexus.HandlerError('BAD_REQUEST', message, { cause });
