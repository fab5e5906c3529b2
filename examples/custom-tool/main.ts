import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';
import { stock } from './stock.ts';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: 'stock-questions' });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'stock-questions',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig(), { tools: [stock] })],
});

await worker.runUntil(async () => {
  const { steps, answer } = await husky.solve(
    'How many more kettles are in the warehouse of Oslo than in that of Bergen?',
  );
  for (const { tool, step, arguments: args, output } of steps)
    console.log(`[${tool}] ${step} ${args ? JSON.stringify(args) : ''} -> ${output}`);
  console.log('answer:', answer);
});
await connection.close();
await native.close();
