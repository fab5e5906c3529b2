/** Reads a payload as a client would: through its codecs, the last of which encoded it. */
import type { LoadedDataConverter, Payload } from '@temporalio/common';

export async function decodedPayload<T>(
  { payloadCodecs, payloadConverter }: LoadedDataConverter,
  payload: Payload,
): Promise<T> {
  let payloads = [payload];
  for (const codec of payloadCodecs.toReversed()) payloads = await codec.decode(payloads);
  return payloadConverter.fromPayload(payloads[0] as Payload);
}
