/**
 * Finds out why a running workflow makes no progress: Temporal retries an error in workflow code for ever, while the workflow looks as if
 * it ran.
 */
import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import { oneLine } from './trajectory/bounded-text';
import { parseJson } from './trajectory/json-object';

/** Newest events that are checked: the failed task is recorded once, and few events follow it. */
const LOOKED_AT = 20;

interface Failure {
  message?: string | null;
  stackTrace?: string | null;
  cause?: Failure | null;
}

/** Advice, by text in the message. */
const ADVICE: [RegExp, string][] = [
  [
    /no such function is exported by the workflow bundle/,
    "The worker's workflows module lacks it: add export * from 'temporal-husky/workflows', or start the workflow on the queue of a worker that has it.",
  ],
  [
    /Local activity of type 'husky\w+' not registered/,
    'The worker that runs the workflow needs the HuskyPlugin too, also where another worker runs the activities.',
  ],
  [
    /BadSearchAttributes|search attribute /i,
    'Create the attribute with temporal operator search-attribute create; the solution then continues. npx temporal-husky doctor names it.',
  ],
  [
    /TMPRL1100|[Nn]ondeterminis/,
    'The code of this worker is not the code that the workflow began with; run workers of that version until it has ended (docs/operating.md).',
  ],
  [
    /Unknown encoding/,
    "A codec encoded its payloads, and the worker does not have it: name it in that worker's configuration (temporal.codec), or stop that worker.",
  ],
  [
    /^the codec of its worker:/,
    'Another key or codec wrote its payloads: correct the codec of that worker, or stop that worker.',
  ],
  [
    /is not valid JSON/,
    'A program in another language gave a value that JSON does not have, such as NaN or Infinity; null and a text are such that it has. Mend that program, and start the workflow again, or reset it to an event before that value (temporal workflow reset).',
  ],
  [
    /Cannot read private member|instanceof/,
    'Two copies of @temporalio/workflow are in the bundle; npm ls @temporalio/workflow shows them.',
  ],
];

/** A running workflow cannot be queried, because its code fails. The message says why and what to do. */
export class WorkflowStuckError extends Error {
  override readonly name = 'WorkflowStuckError';
}

/**
 * Why a workflow task fails and what to do, in one sentence; undefined if tasks do not fail.
 *
 * @param description of the workflow, as it is now
 */
export async function workflowTrouble(
  client: WorkflowClient,
  description: WorkflowExecutionDescription,
): Promise<string | undefined> {
  const attempt = description.raw.pendingWorkflowTask?.attempt ?? 0;
  if (attempt < 2) return undefined;
  const reason = await lastTaskFailure(client, description);
  if (reason === undefined) return undefined;
  const advice =
    ADVICE.find(([pattern]) => pattern.test(reason))?.[1] ?? 'It is retried until the worker is corrected.';
  return `The workflow does not get on: its code fails (${reason.replace(/\.$/, '')}). ${advice}`;
}

/** The same of a workflow that is not looked at yet; undefined also where it cannot be. */
export function troubleOf(client: WorkflowClient, workflowId: string, runId?: string): Promise<string | undefined> {
  return client
    .getHandle(workflowId, runId)
    .describe()
    .then((description) => workflowTrouble(client, description))
    .catch(() => undefined);
}

async function lastTaskFailure(
  client: WorkflowClient,
  { workflowId, runId }: WorkflowExecutionDescription,
): Promise<string | undefined> {
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace: client.options.namespace,
    execution: { workflowId, runId },
    maximumPageSize: LOOKED_AT,
  });
  for (const {
    workflowTaskFailedEventAttributes: failed,
    workflowTaskCompletedEventAttributes: done,
  } of history?.events ?? []) {
    if (failed) return `${unreadActivity(history?.events ?? [])}${messageOf(failed.failure ?? undefined)}`;
    // Earlier failures are over. A task that timed out because its worker died is no failure of code.
    if (done) return undefined;
  }
  return undefined;
}

type History = Awaited<ReturnType<WorkflowClient['workflowService']['getWorkflowExecutionHistoryReverse']>>['history'];
type HistoryEvent = NonNullable<NonNullable<History>['events']>[number];

const textOf = (data?: Uint8Array | null) => new TextDecoder().decode(data ?? undefined);

/** Names the activity whose result is no JSON though it says so; empty if there is none. */
function unreadActivity(events: readonly HistoryEvent[]): string {
  for (const { activityTaskCompletedEventAttributes: completed } of events) {
    const isNoJson = ({ metadata, data }: { metadata?: Record<string, Uint8Array> | null; data?: Uint8Array | null }) =>
      textOf(metadata?.encoding) === 'json/plain' && parseJson(textOf(data)) === undefined;
    if (!completed?.result?.payloads?.some(isNoJson)) continue;
    const scheduled = events.find(({ eventId }) => String(eventId) === String(completed.scheduledEventId));
    const name = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? 'before';
    const summary = scheduled?.userMetadata?.summary?.data;
    const step = summary ? `, ${oneLine(textOf(summary), 100)}` : '';
    return `the result of the activity ${name}${step}: `;
  }
  return '';
}

/** The messages of a chain of causes, from the outermost. */
function messageOf(failure: Failure | undefined): string {
  const messages: string[] = [];
  for (let at: Failure | null | undefined = failure; at; at = at.cause) if (at.message) messages.push(at.message);
  // A codec throws its own words, which do not tell that they are a codec's.
  const whose = /workflow-codec-runner/.test(failure?.stackTrace ?? '') ? 'the codec of its worker: ' : '';
  return `${whose}${messages.join(': ').slice(0, 500) || 'no message'}`;
}
