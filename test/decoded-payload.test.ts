import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import { loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { defaultPayloadConverter, type Payload, type PayloadCodec } from '@temporalio/common';
import { heartbeatsOf } from '../src/decoded-payload';

test('heartbeats are read through the codec; what another codec encoded is left out', async () => {
  const turned = (bytes?: Uint8Array | null) => Uint8Array.from(bytes ?? [], (byte) => byte ^ 0x5a);
  const encoding = Buffer.from('binary/turned');
  const codec: PayloadCodec = {
    encode: async (payloads) => payloads.map(({ data }) => ({ metadata: { encoding }, data: turned(data) })),
    decode: async (payloads) =>
      payloads.map(({ metadata, data }) => {
        if (!Buffer.from(metadata?.encoding ?? []).equals(encoding)) throw new Error('of another codec');
        return { metadata: { encoding: Buffer.from('json/plain') }, data: turned(data) };
      }),
  };
  const client = {
    options: { loadedDataConverter: loadDataConverter({ payloadCodecs: [codec] }) },
  } as unknown as WorkflowClient;
  const plain = defaultPayloadConverter.toPayload({ module: 'math', step: 3 });
  const call = (activityId: string, ...payloads: Payload[]) => ({ activityId, heartbeatDetails: { payloads } });
  const pendingActivities = [call('1', ...(await codec.encode([plain]))), call('2', plain), call('3')];
  const description = { raw: { pendingActivities } } as unknown as WorkflowExecutionDescription;
  const told = await heartbeatsOf(client, description);
  expect(told.map(({ call, detail }) => [call.activityId, detail])).toEqual([['1', { module: 'math', step: 3 }]]);
});
