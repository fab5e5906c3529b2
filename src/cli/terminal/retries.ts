/**
 * Calls that fail and are tried again: told on the terminal, once each, so that nothing hangs in silence.
 *
 * @module
 */
import type { WorkflowClient, WorkflowExecutionDescription, WorkflowHandle } from '@temporalio/client';
import { registered } from '../../contract/registered-name';
import { oneLine } from '../../trajectory/bounded-text';
import { printable, type Terminal } from './terminal';

/** What an activity does, in words, by its registered name. */
export const DOING: Record<string, string> = registered({
  recordProfile: 'starting',
  advance: 'working',
  predictAction: 'choosing the next step',
  generateCode: 'writing a program',
  executeCode: 'running the program',
  generateQuery: 'writing a query',
  search: 'searching',
  rewriteResult: 'putting the result into a sentence',
  reasonMath: 'reasoning',
  reasonCommonsense: 'reasoning',
});

/** A call of a command that was left: it is made again because of that alone. */
const LEFT = 'Worker is shutting down';

/** Tells each text once, as a warning. */
export function warnOnce(terminal: Terminal): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (told.has(text)) return;
    told.add(text);
    terminal.line(terminal.style('yellow', `   ! ${printable(oneLine(text, 500))}`));
  };
}

export function tellRetries({ raw }: WorkflowExecutionDescription, tell: (text: string) => void): void {
  for (const { activityType, attempt, maximumAttempts, lastFailure } of raw.pendingActivities ?? []) {
    const why = lastFailure?.message?.replace(/\.?$/, '.');
    if (!why || (attempt ?? 0) < 2 || why.startsWith(LEFT)) continue;
    const again = maximumAttempts ? `up to ${maximumAttempts} times` : 'until it succeeds';
    const name = activityType?.name ?? '';
    tell(`${DOING[name] ?? name}: ${why} It is tried again ${again}.`);
  }
}

/** The same of a workflow of many questions: its own calls, and those of the child that it has waited for longest. */
export async function tellRetriesOfRun(
  client: WorkflowClient,
  handle: WorkflowHandle,
  tell: (text: string) => void,
): Promise<void> {
  const description = await handle.describe();
  tellRetries(description, tell);
  const [child] = description.raw.pendingChildren ?? [];
  if (child?.workflowId) tellRetries(await client.getHandle(child.workflowId).describe(), tell);
}
