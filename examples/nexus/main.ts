import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createNexusHandler, HuskyPlugin, loadConfig } from 'temporal-husky';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'husky-nexus',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
  nexusServices: [createNexusHandler()],
});

await worker.runUntil(async () => {
  const answer = await new Client({ connection }).workflow.execute('askOverNexus', {
    taskQueue: 'husky-nexus',
    workflowId: `ask-${Date.now()}`,
    args: ['How many meters taller is Mount Everest than K2?'],
  });
  console.log(`answer: ${answer}`);
});
await connection.close();
await native.close();
