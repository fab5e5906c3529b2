/**
 * A solution at one moment, whatever state it is in, as the page shows it.
 *
 * @module
 */
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { doing, retriesOf } from '../calls-in-flight';
import type { HuskyClient, SolutionHandle } from '../client';
import { questionOf } from '../list-solutions';
import { NO_USAGE, type Solution, type SolutionProgress } from '../trajectory/step';
import { workflowTrouble, WorkflowStuckError } from '../workflow-trouble';
import type { SolutionStatus, SolutionView } from './page-contract';
import { Refusal, refusalOf } from './refusal';

/** Milliseconds for a worker to tell the trajectory. */
const QUERY_LIMIT = 10_000;

export const statusOf = (name: string) => name.toLowerCase() as SolutionStatus;

/**
 * @param mayRead whether the caller may see a solution with this memo
 * @throws Refusal (404) when there is none for the caller
 */
export async function viewSolution(
  husky: HuskyClient,
  id: string,
  mayRead: (memo: Record<string, unknown> | undefined) => boolean,
): Promise<SolutionView> {
  const handle = husky.get(id);
  const description = await describe(handle, id);
  if (description.type !== 'huskySolve' || !mayRead(description.memo)) throw absent(id);
  const { startTime, closeTime, memo } = description;
  const status = statusOf(description.status.name);
  const running = status === 'running';
  const { known, problem } = await trajectory(handle, status);
  const newest = running ? description.raw.pendingActivities?.at(-1)?.activityType?.name : undefined;
  const troubles = running ? await troublesOf(handle, description, problem) : [];
  const failure = status === 'completed' || running ? undefined : await failureOf(handle);
  return {
    id,
    status,
    startedAt: startTime.toISOString(),
    ...(closeTime ? { closedAt: closeTime.toISOString() } : {}),
    question: known?.question ?? questionOf(memo) ?? (await description.staticSummary()) ?? '',
    answer: known?.answer ?? '',
    ...(known?.stopReason ? { stopReason: known.stopReason } : {}),
    partial: known?.partial ?? true,
    steps: known?.steps ?? [],
    usage: known?.usage ?? NO_USAGE,
    models: known?.models ?? {},
    ...(newest ? { doing: doing(newest) } : {}),
    troubles,
    ...(failure === undefined ? {} : { failure }),
  };
}

const absent = (id: string) => new Refusal(404, `There is no solution ${id} here.`, 'not_found');

async function describe(handle: SolutionHandle, id: string): Promise<WorkflowExecutionDescription> {
  try {
    return await handle.workflow.describe();
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? absent(id) : error;
  }
}

/** What ended is its workflow's result; all else is asked of a worker, and there may be none. */
async function trajectory(
  handle: SolutionHandle,
  status: SolutionStatus,
): Promise<{ known?: Solution | SolutionProgress; problem?: string }> {
  try {
    if (status === 'completed') return { known: await handle.result() };
    const progress = await handle.workflow.client.withDeadline(Date.now() + QUERY_LIMIT, () => handle.progress());
    return progress ? { known: progress } : {};
  } catch (error) {
    if (error instanceof WorkflowStuckError) return {};
    return { problem: 'No worker tells its steps; start one with husky worker, or look at the running one.' };
  }
}

async function troublesOf(
  handle: SolutionHandle,
  description: WorkflowExecutionDescription,
  problem: string | undefined,
): Promise<string[]> {
  const trouble = await workflowTrouble(handle.workflow.client, description).catch(() => undefined);
  return [...retriesOf(description), ...[trouble, problem].filter((text) => text !== undefined)];
}

async function failureOf(handle: SolutionHandle): Promise<string | undefined> {
  return handle.result().then(
    () => undefined,
    (error: unknown) => refusalOf(error).message,
  );
}
