/** Tells what holds a running solution up, so that nothing waits in silence. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { waitingFor } from '../../list-solutions';
import { pause } from '../../process/abort';
import { workflowTrouble } from '../../workflow-trouble';
import { tellRetries, warnOnce } from '../terminal/retries';
import type { Terminal } from '../terminal/terminal';
import { strandedOn } from './stranded';
import { unservedCalls } from './unserved-calls';

/** Milliseconds between looks at a solution. */
export const LOOK_MS = 1000;
/** Looks without a sign of a worker before a message. */
export const PATIENCE = 15;

/**
 * Tells of calls that are tried again, calls that no worker takes, workflow code that fails, and a version without workers.
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
  tellRetries(description, tell);
  unserved.forEach(tell);
  const trouble = await workflowTrouble(client.workflow, description).catch(() => undefined);
  if (trouble) tell(trouble);
  const stranded = await strandedOn(client, description).catch(() => undefined);
  if (stranded) tell(stranded);
  return unserved;
}

/**
 * The same of many solutions: of the one that has run longest, each text once, and whether it waits for a person.
 *
 * @param running workflow ids, in the order in which they began; the caller adds and removes them
 */
export async function watchOldest(
  client: Client,
  running: ReadonlySet<string>,
  terminal: Terminal,
  over: AbortSignal,
): Promise<void> {
  const warn = warnOnce(terminal);
  while (!over.aborted) {
    await pause(LOOK_MS, over);
    const [oldest] = running;
    if (over.aborted || oldest === undefined) continue;
    const tell = (text: string) => over.aborted || warn(text);
    const description = await client.workflow
      .getHandle(oldest)
      .describe()
      .catch(() => undefined);
    if (!description) continue;
    await tellWhatHolds(client, description, tell);
    const asked = waitingFor(description.memo);
    if (asked !== undefined) tell(`${oldest} waits for a person: ${asked}`);
  }
}
