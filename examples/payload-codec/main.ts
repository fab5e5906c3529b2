import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';
import { EncryptedPayloads } from './codec.ts';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const folder = fileURLToPath(new URL('./payloads', import.meta.url));
const key = process.env.PAYLOAD_KEY ? Buffer.from(process.env.PAYLOAD_KEY, 'base64') : randomBytes(32);
// 1024 bytes, so that a short example stores something; 64 KiB is a sensible bound.
const dataConverter = { payloadCodecs: [new EncryptedPayloads({ key, folder, storeFrom: 1024 })] };

const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'encrypted',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  dataConverter,
  plugins: [new HuskyPlugin(loadConfig())],
});

await worker.runUntil(async () => {
  const client = new Client({ connection, dataConverter });
  const husky = new HuskyClient({ client, taskQueue: 'encrypted' });
  const handle = await husky.start('How many meters taller is Mount Everest than K2?');
  console.log('answer:', (await handle.result()).answer);
  const contents = bytesOf(await client.workflow.getHandle(handle.workflowId).fetchHistory());
  const readable = contents.filter((bytes) => Buffer.from(bytes).includes('Everest'));
  console.log(`payloads in history: ${contents.length}, of which name the mountain: ${readable.length}`);
  console.log('payloads in the folder:', readdirSync(folder).length);
});
await connection.close();
await native.close();

function bytesOf(value: unknown): Uint8Array[] {
  if (value instanceof Uint8Array) return [value];
  return typeof value === 'object' && value ? Object.values(value).flatMap(bytesOf) : [];
}
