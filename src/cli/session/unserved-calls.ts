/** Finds calls that no current worker can take, because their solution began with another layout of roles and queues. */
import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import { SOLVE_ROLES } from '../../contract/roles';
import { queueName } from '../../contract/queues';
import { doing } from '../../calls-in-flight';
import { livePollers } from '../../live-pollers';

/** Temporal's number of PENDING_ACTIVITY_STATE_SCHEDULED: a call without a worker. */
export const SCHEDULED = 1;
/** Roles that do not share the workflows' queue. */
const APART = SOLVE_ROLES.filter((role) => role !== 'workflow').join(',');
/** Roles that may hold workflows, each with its command. */
const HOMES = [
  ['workflow', 'husky worker'],
  ['lab', 'husky worker --roles solve,lab'],
] as const;

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
    if (queue === home) found.add(`${what}: ${unpolled(home)}`);
    else if (ours)
      found.add(
        `${what}: waits on queue ${queue}, which no worker polls; the solution began with roles apart, and one worker has them all so: husky worker --roles ${APART}${configured(home)}.`,
      );
    else found.add(`${what}: waits on queue ${queue}, which no worker polls; start the worker that serves it.`);
  }
  return [...found];
}

/**
 * Says of a workflow whose next step no worker takes, because none polls its queue, where it waits and what serves it.
 *
 * @param waitingMs how long it must have waited
 */
export async function unservedWorkflow(
  client: Client,
  { raw, taskQueue, workflowId, status }: WorkflowExecutionDescription,
  waitingMs: number,
): Promise<string | undefined> {
  const { scheduledTime, startedTime } = raw.pendingWorkflowTask ?? {};
  if (status.name !== 'RUNNING' || !scheduledTime || startedTime) return undefined;
  if (Date.now() - Number(scheduledTime.seconds ?? 0) * 1000 < waitingMs) return undefined;
  return (await livePollers(client, taskQueue)).length > 0 ? undefined : `${workflowId} ${unpolled(taskQueue)}`;
}

/** What serves a queue of workflows; one that neither role has is of the command that started them. */
function unpolled(home: string): string {
  const [, command] = HOMES.find(([role]) => isOf(role, home)) ?? [];
  const remedy = command
    ? `start ${command}${configured(home)}`
    : 'the command that began it goes on when it is repeated';
  return `waits on queue ${home}, which no worker polls; ${remedy}.`;
}

const isOf = (role: 'workflow' | 'lab', home: string) =>
  home === queueName(role, '') || home.endsWith(`-${queueName(role, '')}`);

function prefixOf(home: string): string {
  const role = isOf('lab', home) ? 'lab' : 'workflow';
  return isOf(role, home) ? home.slice(0, -queueName(role, '').length - 1) : '';
}

function configured(home: string): string {
  const prefix = prefixOf(home);
  return prefix ? `, with queues.prefix ${prefix} in its configuration` : '';
}
