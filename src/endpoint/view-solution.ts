/** A solution in any state, as the page shows it at this moment. */
import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { doing, retriesOf } from '../calls-in-flight';
import type { HuskyClient, SolutionHandle } from '../husky-client';
import type { Waiting } from '../contract/people';
import { questionOf, waitingFor } from '../list-solutions';
import { pendingTexts, type PendingText } from '../text-watch';
import { NO_USAGE, type Solution, type SolutionProgress } from '../trajectory/step';
import { sampleText } from '../trajectory/render-markdown';
import { votesText } from '../trajectory/votes';
import { placeOf } from '../temporal-command';
import { workflowTrouble, WorkflowStuckError } from '../workflow-trouble';
import type { SolutionStatus, SolutionView } from './page-contract';
import { Refusal, refusalOf } from './refusal';

/** Milliseconds that a worker, or the Temporal server, has to answer. */
const TELL_LIMIT = 10_000;

/** Limits the time of the calls to the Temporal server that `work` makes. */
export const inTime = <T>({ workflow }: SolutionHandle, work: () => Promise<T>): Promise<T> =>
  workflow.client.withDeadline(Date.now() + TELL_LIMIT, work);

export const statusOf = (name: string) => name.toLowerCase() as SolutionStatus;

type Memo = Record<string, unknown> | undefined;

/**
 * @param mayRead whether the caller may see a solution with this memo
 * @param none the refusal when there is no such solution for the caller
 * @throws Refusal (404)
 */
export async function findSolution(
  husky: HuskyClient,
  id: string,
  mayRead: (memo: Memo) => boolean,
  none = () => absent('solution', id),
): Promise<{ handle: SolutionHandle; description: WorkflowExecutionDescription }> {
  const handle = husky.get(id);
  const description = await inTime(handle, () => handle.workflow.describe()).catch((error: unknown) => {
    throw error instanceof WorkflowNotFoundError ? none() : error;
  });
  if (description.type !== 'huskySolve' || !mayRead(description.memo)) throw none();
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
    closedAt: closeTime?.toISOString(),
    question: known?.question ?? questionOf(memo) ?? (await description.staticSummary()) ?? '',
    answer: known?.answer ?? '',
    stopReason: known?.stopReason,
    partial: known?.partial ?? true,
    steps: known?.steps ?? [],
    untold,
    usage: known?.usage ?? NO_USAGE,
    models: known?.models ?? {},
    votes: known?.votes && votesText(known.votes),
    samples: known && 'samples' in known ? known.samples?.map(sampleText) : undefined,
    doing: newest ? doing(newest) : undefined,
    writing: writing && writingOf(writing),
    troubles,
    approvals,
    paused,
    failure,
  };
}

const writingOf = ({ index, module, text, from }: PendingText) => ({ index, module, text, from });

/** The refusal for a name that finds nothing. */
export const absent = (what: 'solution' | 'response', id: string) =>
  new Refusal(404, `There is no ${what} ${id} here.`, 'not_found');

/** A completed solution is the result of its workflow. Any other is asked for by query, which needs a worker. */
async function trajectory(
  handle: SolutionHandle,
  status: SolutionStatus,
): Promise<{ known?: Solution | SolutionProgress; untold?: true; problem?: string }> {
  try {
    if (status === 'completed') return { known: await handle.result() };
    const progress = await inTime(handle, () => (status === 'running' ? handle.progress() : handle.progressAtEnd()));
    return progress ? { known: progress } : {};
  } catch (error) {
    const untold = true;
    if (error instanceof WorkflowStuckError) return { untold };
    return {
      untold,
      problem:
        'No worker tells its steps; start one (a Worker with HuskyPlugin, or npx temporal-husky worker), or look at the running one.',
    };
  }
}

const NOBODY: Waiting = { approvals: [], hints: 0 };

/** If no worker answers here, none tells the trajectory either, and the view says so. */
function waitingOf(handle: SolutionHandle): Promise<Waiting> {
  return inTime(handle, () => handle.waiting()).catch(() => NOBODY);
}

async function troublesOf(
  handle: SolutionHandle,
  description: WorkflowExecutionDescription,
  problem: string | undefined,
): Promise<string[]> {
  const { client } = handle.workflow;
  const trouble = await workflowTrouble(client, description).catch(() => undefined);
  return [...retriesOf(description, placeOf(client)), ...[trouble, problem].filter((text) => text !== undefined)];
}

async function failureOf(handle: SolutionHandle): Promise<string | undefined> {
  return handle.result().then(
    () => undefined,
    (error: unknown) => refusalOf(error).message,
  );
}
