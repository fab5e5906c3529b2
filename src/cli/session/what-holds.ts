/** Tells what holds a running solution up, so that nothing waits in silence. */
import type { Client, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { retriesOf } from '../../calls-in-flight';
import { isServerAway } from '../../lasting-watch';
import { waitingFor } from '../../list-solutions';
import { pause } from '../../process/abort';
import { placeOf } from '../../temporal-command';
import { workflowTrouble } from '../../workflow-trouble';
import { warnOnce } from '../terminal/warn-once';
import type { Terminal } from '../terminal/terminal';
import { strandedOn } from './stranded';
import { unservedCalls, unservedWorkflow } from './unserved-calls';

/** Milliseconds between looks at a solution. */
export const LOOK_MS = 1000;
/** Looks without a sign of a worker before a message. */
export const PATIENCE = 15;

/**
 * Tells of calls that are tried again, calls and workflows that no worker takes, workflow code that fails, and a version without workers.
 *
 * @param waitingMs how long a call waits for a worker until it is told of
 * @returns what was told of calls that no worker takes
 */
export async function tellWhatHolds(
  client: Client,
  description: WorkflowExecutionDescription,
  tell: (text: string) => void,
  waitingMs = PATIENCE * LOOK_MS,
): Promise<string[]> {
  const unserved = await unservedCalls(client, description, waitingMs).catch(() => []);
  retriesOf(description, placeOf(client)).forEach(tell);
  unserved.forEach(tell);
  const trouble = await workflowTrouble(client.workflow, description).catch(() => undefined);
  if (trouble) tell(trouble);
  const stranded = await strandedOn(client, description).catch(() => undefined);
  if (stranded) tell(stranded);
  const waiting = stranded
    ? undefined
    : await unservedWorkflow(client, description, PATIENCE * LOOK_MS).catch(() => undefined);
  if (waiting) tell(waiting);
  return unserved;
}

export const SERVER_AWAY = 'The Temporal server does not answer; it is waited for, a minute at most.';

/**
 * The same of a workflow of many questions, and of the child that it has waited for longest. It also tells what that child asks a person,
 * and of a server that is away.
 */
async function tellWhatHoldsRun(client: Client, handle: WorkflowHandle, tell: (text: string) => void): Promise<void> {
  const look = (of: WorkflowHandle) =>
    of.describe().catch((error: unknown) => {
      if (isServerAway(error)) tell(SERVER_AWAY);
      return undefined;
    });
  const description = await look(handle);
  if (!description) return;
  await tellWhatHolds(client, description, tell);
  const [oldest] = description.raw.pendingChildren ?? [];
  const child = oldest?.workflowId ? await look(client.workflow.getHandle(oldest.workflowId)) : undefined;
  if (child) await tellAllOf(client, child, tell);
}

async function tellAllOf(
  client: Client,
  description: WorkflowExecutionDescription,
  tell: (text: string) => void,
): Promise<void> {
  await tellWhatHolds(client, description, tell);
  const asked = waitingFor(description.memo);
  if (asked !== undefined) tell(`${description.workflowId} waits for a person: ${asked}`);
}

/** What {@link tellWhatHoldsRun} finds at each look until the run is over, each text once. */
export function watchRun(client: Client, handle: WorkflowHandle, terminal: Terminal, over: AbortSignal): Promise<void> {
  return lookAgain(terminal, over, (tell) => tellWhatHoldsRun(client, handle, tell).catch(() => undefined));
}

/**
 * The same of many solutions: of the one that has run longest, each text once, and whether it waits for a person.
 *
 * @param running workflow ids, in the order in which they began; the caller adds and removes them
 */
export function watchOldest(
  client: Client,
  running: ReadonlySet<string>,
  terminal: Terminal,
  over: AbortSignal,
): Promise<void> {
  return lookAgain(terminal, over, async (tell) => {
    const [oldest] = running;
    if (oldest === undefined) return;
    const description = await client.workflow
      .getHandle(oldest)
      .describe()
      .catch(() => undefined);
    if (description) await tellAllOf(client, description, tell);
  });
}

async function lookAgain(
  terminal: Terminal,
  over: AbortSignal,
  look: (tell: (text: string) => void) => Promise<void>,
): Promise<void> {
  const warn = warnOnce(terminal);
  while (!over.aborted) {
    await pause(LOOK_MS, over);
    if (!over.aborted) await look((text) => over.aborted || warn(text));
  }
}
