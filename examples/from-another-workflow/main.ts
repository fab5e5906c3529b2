import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyPlugin, loadConfig } from 'temporal-husky';
import type { askInline, askMany } from './workflows.ts';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const client = new Client({ connection });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'my-workflows',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
});

await worker.runUntil(async () => {
  const started = { taskQueue: 'my-workflows', workflowId: `ask-${Date.now()}` };
  const tall = 'How many meters taller is Mount Everest than K2?';
  const large = 'How many square miles larger is Texas than Washington?';
  console.log(
    'children:',
    await client.workflow.execute<typeof askMany>('askMany', { ...started, args: [[tall, large]] }),
  );
  console.log('inline:', await client.workflow.execute<typeof askInline>('askInline', { ...started, args: [tall] }));
});
await connection.close();
await native.close();
