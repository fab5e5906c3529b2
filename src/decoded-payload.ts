/** Reads payloads as a client would: through its codecs, the last of which encoded them. */
import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import type { LoadedDataConverter, Payload } from '@temporalio/common';

export async function decodedPayload<T>(
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
  payload: Payload,
): Promise<T> {
  let payloads = [payload];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload(payloads[0] as Payload);
}

export type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

/**
 * What each call in flight told with its newest heartbeat. What cannot be decoded, for want of its codec, is left out.
 *
 * @param description of the workflow, as it is now
 */
export async function heartbeatsOf(
  client: WorkflowClient,
  { raw }: Pick<WorkflowExecutionDescription, 'raw'>,
): Promise<{ call: PendingActivity; detail: unknown }[]> {
  const told = (raw.pendingActivities ?? []).map(async (call) => {
    const [first] = call.heartbeatDetails?.payloads ?? [];
    return first ? [{ call, detail: await decodedPayload(client.options.loadedDataConverter, first) }] : [];
  });
  return (await Promise.all(told.map((one) => one.catch(() => [])))).flat();
}
