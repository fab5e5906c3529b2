/** Finds calls that no current worker can take, because their solution began with another layout of roles and queues. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { SOLVE_ROLES } from '../../contract/roles';
import { queueName } from '../../contract/queues';
import { doing } from '../../calls-in-flight';
import { livePollers } from '../../live-pollers';

/** Temporal's number for a call without a worker. */
const SCHEDULED = 1;
const WORKFLOWS = queueName('workflow', '');
/** Roles that do not share the workflows' queue. */
const APART = SOLVE_ROLES.filter((role) => role !== 'workflow').join(',');

/**
 * Says of each such call where it waits, and which command serves it.
 *
 * @param waitingMs how long a call waits until its queue is looked at @default 0
 */
export async function unservedCalls(
  client: Client,
  { raw, taskQueue: home }: WorkflowExecutionDescription,
  waitingMs = 0,
): Promise<string[]> {
  const found = new Set<string>();
  const looked = new Map<string, Promise<boolean>>();
  for (const call of raw.pendingActivities ?? []) {
    const queue = call.activityOptions?.taskQueue?.name;
    const name = call.activityType?.name ?? '';
    const since = Number(call.scheduledTime?.seconds ?? 0) * 1000;
    if (!queue || call.state !== SCHEDULED || Date.now() - since < waitingMs) continue;
    const what = doing(name);
    if (queue === home && call.lastFailure?.message?.includes('is not registered on this Worker'))
      found.add(
        `${what}: waits on queue ${queue}, whose workers have roles apart; the solution began with all roles in one process, and such a worker in their place finishes it: husky worker${configured(home)}.`,
      );
    if (!looked.has(queue))
      looked.set(
        queue,
        livePollers(client, queue, 'calls').then(({ length }) => length > 0),
      );
    if (await looked.get(queue)) continue;
    const ours = SOLVE_ROLES.some((role) => queue === queueName(role, prefixOf(home)));
    if (queue === home)
      found.add(`${what}: waits on queue ${queue}, which no worker polls; start husky worker${configured(home)}.`);
    else if (ours)
      found.add(
        `${what}: waits on queue ${queue}, which no worker polls; the solution began with roles apart, and one worker has them all so: husky worker --roles ${APART}${configured(home)}.`,
      );
    else found.add(`${what}: waits on queue ${queue}, which no worker polls; start the worker that serves it.`);
  }
  return [...found];
}

function prefixOf(home: string): string {
  return home.endsWith(`-${WORKFLOWS}`) ? home.slice(0, -WORKFLOWS.length - 1) : '';
}

function configured(home: string): string {
  const prefix = prefixOf(home);
  return prefix ? `, with queues.prefix ${prefix} in its configuration` : '';
}
