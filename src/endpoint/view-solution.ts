/**
 * A solution at one moment, whatever state it is in, as the page shows it.
 *
 * @module
 */
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { doing, retriesOf } from '../calls-in-flight';
import type { HuskyClient, SolutionHandle } from '../client';
import type { Waiting } from '../contract/people';
import { questionOf, waitingFor } from '../list-solutions';
import { pendingTexts, type PendingText } from '../text-watch';
import { NO_USAGE, type Solution, type SolutionProgress } from '../trajectory/step';
import { sampleText } from '../trajectory/render-markdown';
import { votesText } from '../trajectory/votes';
import { workflowTrouble, WorkflowStuckError } from '../workflow-trouble';
import type { SolutionStatus, SolutionView } from './page-contract';
import { Refusal, refusalOf } from './refusal';

/** Milliseconds for a worker, or the Temporal server, to tell something. */
const TELL_LIMIT = 10_000;

/** Bounds the calls to the Temporal server of `work`. */
export const inTime = <T>({ workflow }: SolutionHandle, work: () => Promise<T>): Promise<T> =>
  workflow.client.withDeadline(Date.now() + TELL_LIMIT, work);

export const statusOf = (name: string) => name.toLowerCase() as SolutionStatus;

type Memo = Record<string, unknown> | undefined;

/**
 * @param mayRead whether the caller may see a solution with this memo
 * @throws Refusal (404) when there is none for the caller
 */
export async function findSolution(
  husky: HuskyClient,
  id: string,
  mayRead: (memo: Memo) => boolean,
): Promise<{ handle: SolutionHandle; description: WorkflowExecutionDescription }> {
  const handle = husky.get(id);
  const description = await describe(handle, id);
  if (description.type !== 'huskySolve' || !mayRead(description.memo)) throw absent(id);
  return { handle, description };
}

/** @throws Refusal (404) when there is none for the caller; see {@link findSolution} */
export async function viewSolution(...which: Parameters<typeof findSolution>): Promise<SolutionView> {
  const { handle, description } = await findSolution(...which);
  const id = handle.workflowId;
  const { startTime, closeTime, memo } = description;
  const status = statusOf(description.status.name);
  const running = status === 'running';
  const waits = running && waitingFor(memo) !== undefined;
  const [{ known, untold, problem }, { approvals, paused }] = await Promise.all([
    trajectory(handle, status),
    waits ? waitingOf(handle) : NOBODY,
  ]);
  const newest = running ? description.raw.pendingActivities?.at(-1)?.activityType?.name : undefined;
  const troubles = running ? await troublesOf(handle, description, problem) : [];
  const texts = running ? await pendingTexts(handle.workflow.client, description) : [];
  const writing = texts.findLast(({ index }) => index >= (known?.steps.length ?? 0));
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
    ...(untold ? { untold } : {}),
    usage: known?.usage ?? NO_USAGE,
    models: known?.models ?? {},
    ...(known?.votes ? { votes: votesText(known.votes) } : {}),
    ...(known && 'samples' in known && known.samples ? { samples: known.samples.map(sampleText) } : {}),
    ...(newest ? { doing: doing(newest) } : {}),
    ...(writing ? { writing: writingOf(writing) } : {}),
    troubles,
    approvals,
    ...(paused ? { paused } : {}),
    failure,
  };
}

const writingOf = ({ index, module, text, from }: PendingText) => ({ index, module, text, from });

const absent = (id: string) => new Refusal(404, `There is no solution ${id} here.`, 'not_found');

async function describe(handle: SolutionHandle, id: string): Promise<WorkflowExecutionDescription> {
  try {
    return await inTime(handle, () => handle.workflow.describe());
  } catch (error) {
    throw error instanceof WorkflowNotFoundError ? absent(id) : error;
  }
}

/** What ended is its workflow's result; all else is asked of a worker, and there may be none. */
async function trajectory(
  handle: SolutionHandle,
  status: SolutionStatus,
): Promise<{ known?: Solution | SolutionProgress; untold?: true; problem?: string }> {
  try {
    if (status === 'completed') return { known: await handle.result() };
    const progress = await inTime(handle, () => handle.progress());
    return progress ? { known: progress } : {};
  } catch (error) {
    const untold = true;
    if (error instanceof WorkflowStuckError) return { untold };
    return { untold, problem: 'No worker tells its steps; start one with husky worker, or look at the running one.' };
  }
}

const NOBODY: Waiting = { approvals: [], hints: 0 };

/** Where no worker tells it, the trajectory's own problem says so. */
function waitingOf(handle: SolutionHandle): Promise<Waiting> {
  return inTime(handle, () => handle.waiting()).catch(() => NOBODY);
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
