/** Reads a workflow's history from a file, and checks that it can be replayed: the SDK ends or waits for ever on one that cannot. */
import { createRequire } from 'node:module';
import { ApplicationFailure } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { whyUnreadable } from '../../files/why-unreadable';
import { readText } from '../../files/text-encoding';
import { ProgramError } from '../../process/program-error';
import { oneLine } from '../../trajectory/bounded-text';

export type History = ReturnType<typeof historyFromJSON>;

interface ProtoJson {
  fromJson(type: unknown, json: unknown, options: { ignoreUnknownFields: boolean }): History;
}

interface Root {
  lookupType(name: string): unknown;
}

/** Names that older commands wrote without their beginning: `WorkflowExecutionStarted`. */
const BEGINNINGS: Record<string, string> = {
  eventType: 'EVENT_TYPE',
  kind: 'TASK_QUEUE_KIND',
  parentClosePolicy: 'PARENT_CLOSE_POLICY',
  workflowIdReusePolicy: 'WORKFLOW_ID_REUSE_POLICY',
  initiator: 'CONTINUE_AS_NEW_INITIATOR',
  retryState: 'RETRY_STATE',
};

function withWholeName(key: string, value: unknown): unknown {
  const beginning = Object.hasOwn(BEGINNINGS, key) ? BEGINNINGS[key] : undefined;
  if (beginning === undefined || typeof value !== 'string' || value.startsWith(beginning)) return value;
  return `${beginning}_${value.replace(/(?<=.)(?=[A-Z])/g, '_').toUpperCase()}`;
}

/** Temporal's numbers of event types. */
const STARTED = 1;
const TASK_STARTED = 6;

/** @throws ProgramError (2) saying why the file is no history */
export function readHistoryFile(file: string): History {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    // Another encoding is named with the way out.
    if (error instanceof ApplicationFailure) throw error;
    throw new ProgramError(`${file} cannot be read (${whyUnreadable(error)}).`, 2);
  }
  try {
    const json = historyIn(JSON.parse(text, withWholeName));
    if (hasDecodedPayloads(json))
      throw new Error('its payloads are decoded; download it without decoding, or take it from the command');
    return historyOf(json);
  } catch (error) {
    throw new ProgramError(
      `${file} is not a workflow history (${oneLine((error as Error).message, 200)}); write one with temporal workflow show --workflow-id ID --output json.`,
      2,
    );
  }
}

/** npm installs a copy of protobufjs for each of the SDK's packages, and the SDK's reader then refuses types of another copy than its own. */
function historyOf(json: unknown): History {
  try {
    return historyFromJSON(json);
  } catch (error) {
    if (!/must be a Type/.test((error as Error).message)) throw error;
    const ofTypes = createRequire(createRequire(require.resolve('@temporalio/common')).resolve('@temporalio/proto'));
    const { fromJson } = ofTypes('protobufjs/ext/protojson') as ProtoJson;
    const root = ofTypes('@temporalio/proto') as Root;
    return fromJson(root.lookupType('temporal.api.history.v1.History'), json, { ignoreUnknownFields: true });
  }
}

/** @param what names it @throws ProgramError (2) for a history that is not whole, or has not begun */
export function mustBeReplayable({ events }: History, what: string): void {
  const [first] = events ?? [];
  if (!events || !first) throw new ProgramError(`${what} holds no events.`, 2);
  if (Number(first.eventType) !== STARTED)
    throw new ProgramError(`${what} is not whole: its first event is not the start of the workflow.`, 2);
  const at = events.findIndex(({ eventId }, index) => Number(eventId) !== index + 1);
  if (at >= 0)
    throw new ProgramError(
      `${what} is not whole: event ${events[at]?.eventId} stands where event ${at + 1} belongs.`,
      2,
    );
  if (!events.some(({ eventType }) => Number(eventType) === TASK_STARTED))
    throw new ProgramError(`${what}: no worker has taken the workflow yet, so there is nothing to replay.`, 2);
}

/** The command writes an object with events, the HTTP API puts it into `history`, and other tools write the list alone. */
function historyIn(json: unknown): unknown {
  if (Array.isArray(json)) return { events: json };
  const { history } = (json ?? {}) as { history?: unknown };
  return history ?? json;
}

/** Whether a payload is shown as its value, as the Temporal UI can download it, instead of metadata and data. */
function hasDecodedPayloads(json: unknown): boolean {
  if (typeof json !== 'object' || json === null) return false;
  const { payloads } = json as { payloads?: unknown };
  const isDecoded = (payload: unknown) => typeof payload !== 'object' || payload === null || !('metadata' in payload);
  if (Array.isArray(payloads)) return payloads.some(isDecoded);
  return Object.values(json).some(hasDecodedPayloads);
}
