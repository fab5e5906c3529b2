/** The solutions of a server, newest first. */
import type { WorkflowClient, WorkflowExecutionInfo } from '@temporalio/client';
import { WAITING_MEMO } from './contract/names';
import type { SolveInput } from './workflows/solve/run-solution';
import type { SolveBatchInput } from './workflows/solve/solve-batch';
import { decodedPayload } from './decoded-payload';

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
export interface FoundSolution<Workflow = WorkflowExecutionInfo> {
  workflow: Workflow;
  /** Up to 200 characters; undefined where nothing tells it. */
  question: string | undefined;
}

/** A solution that was continued as new has several runs; the newest stands for it. */
export async function* listSolutions(
  client: WorkflowClient,
  { pageSize = 200, ...wanted }: ListOptions = {},
): AsyncGenerator<FoundSolution> {
  for await (const workflow of client.list({ query: solutionsQuery(wanted), pageSize: Math.min(pageSize, 200) }))
    yield { workflow, question: questionOf(workflow.memo) ?? (await questionTold(client, workflow)) };
}

/** Temporal's query for the solutions that are wanted. */
export function solutionsQuery({ status, batches = true }: Omit<ListOptions, 'pageSize'>): string {
  const types = batches ? "'huskySolve', 'huskySolveBatch'" : "'huskySolve'";
  const wanted = status ? ` AND ExecutionStatus = '${SOLUTION_STATUSES[status]}'` : '';
  return `WorkflowType IN (${types}) AND ExecutionStatus != 'ContinuedAsNew'${wanted}`;
}

/** The question as the memo tells it, cut to 200 characters. */
export function questionOf(memo: Record<string, unknown> | undefined): string | undefined {
  return typeof memo?.question === 'string' ? memo.question : undefined;
}

/** What waits for a person, in one line: a step, or that the solution is paused. The memo tells it, so no worker is asked. */
export function waitingFor(memo: Record<string, unknown> | undefined): string | undefined {
  const text = memo?.[WAITING_MEMO];
  return typeof text === 'string' ? text : undefined;
}

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>;

/** The summary, which lists do not carry; a child of somebody else's workflow has none, and is asked for what it was started with. */
export async function questionTold(client: WorkflowClient, run: Run): Promise<string | undefined> {
  const summary = await client
    .getHandle(run.workflowId, run.runId)
    .describe()
    .then((description) => description.staticSummary())
    .catch(() => undefined);
  return summary ?? (await startedWith(client, run).catch(() => undefined));
}

/** Of the first event of the history, and of nothing behind it. */
async function startedWith(
  { workflowService, options }: WorkflowClient,
  { workflowId, runId }: Run,
): Promise<string | undefined> {
  const { history } = await workflowService.getWorkflowExecutionHistory({
    namespace: options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: 1,
  });
  const [sent] = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (!sent) return undefined;
  const input = await decodedPayload<Partial<SolveInput & SolveBatchInput>>(options.loadedDataConverter, sent);
  return input.question ?? input.questions?.[0];
}
