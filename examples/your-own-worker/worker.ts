import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyPlugin, loadConfig } from 'temporal-husky';

const connection = await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS ?? 'localhost:7233' });
const worker = await Worker.create({
  connection,
  taskQueue: 'questions',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
});
console.log('worker ready');
await worker.run();
await connection.close();
