/**
 * The solutions of a server, newest first.
 *
 * @module
 */
import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';

export const SOLUTION_STATUSES = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Canceled',
  terminated: 'Terminated',
} as const;

export interface ListOptions {
  /** Only those of this status. @default all */
  status?: keyof typeof SOLUTION_STATUSES;
  /** Whether workflows with several questions are listed, too. @default true */
  batches?: boolean;
  /** Solutions that are fetched at a time, at most 200. @default 200 */
  pageSize?: number;
}

/** One solution, as a list shows it. */
export interface FoundSolution {
  workflow: WorkflowExecutionInfo;
  /** Up to 200 characters; undefined where nothing tells it. */
  question: string | undefined;
}

/** A solution that was continued as new has several runs; the newest stands for it. */
export async function* listSolutions(
  client: WorkflowClient,
  { status, batches = true, pageSize = 200 }: ListOptions = {},
): AsyncGenerator<FoundSolution> {
  const types = batches ? "'huskySolve', 'huskySolveBatch'" : "'huskySolve'";
  const wanted = status ? ` AND ExecutionStatus = '${SOLUTION_STATUSES[status]}'` : '';
  const query = `WorkflowType IN (${types}) AND ExecutionStatus != 'ContinuedAsNew'${wanted}`;
  for await (const workflow of client.list({ query, pageSize: Math.min(pageSize, 200) }))
    yield { workflow, question: questionOf(workflow.memo) ?? (await summaryOf(client, workflow)) };
}

/** The question as the memo tells it, cut to 200 characters. */
export function questionOf(memo: Record<string, unknown> | undefined): string | undefined {
  return typeof memo?.question === 'string' ? memo.question : undefined;
}

/** What `HuskyClient` and child workflows leave instead of a memo; lists do not carry it. */
function summaryOf(client: WorkflowClient, { workflowId, runId }: WorkflowExecutionInfo): Promise<string | undefined> {
  return client
    .getHandle(workflowId, runId)
    .describe()
    .then((description) => description.staticSummary())
    .catch(() => undefined);
}
