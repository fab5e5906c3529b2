/** Reads how far a solution had come that failed or was cancelled, from the last events of its history. */
import type { WorkflowHandle } from '@temporalio/client';
import { registeredName } from './contract/registered-name';
import type { SolutionProgress } from './trajectory/step';
import { decodedPayload } from './decoded-payload';

/** The record is followed by the end itself, and in between by what the last workflow task did. */
const LOOKED_AT = 10;
/** What the SDK's core calls the event of a local activity. */
const LOCAL_ACTIVITY = 'core_local_activity';

/** @returns undefined for a solution that recorded no end: it runs, was terminated, or is of an earlier version */
export async function recordedEnd({ workflowId, client }: WorkflowHandle): Promise<SolutionProgress | undefined> {
  const { namespace, loadedDataConverter } = client.options;
  const { history } = await client.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId },
    maximumPageSize: LOOKED_AT,
  });
  for (const { markerRecordedEventAttributes: marker } of history?.events ?? []) {
    const { data, result } = marker?.markerName === LOCAL_ACTIVITY ? (marker.details ?? {}) : {};
    const [about] = data?.payloads ?? [];
    const [progress] = result?.payloads ?? [];
    if (!about || !progress) continue;
    const { activity_type } = loadedDataConverter.payloadConverter.fromPayload<{ activity_type?: string }>(about);
    if (activity_type === registeredName('recordEnd')) return decodedPayload(loadedDataConverter, progress);
  }
  return undefined;
}
