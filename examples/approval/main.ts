import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: 'approved-questions' });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'approved-questions',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin({ ...loadConfig(), approval: { steps: ['programs'] } })],
});

await worker.runUntil(async () => {
  const handle = await husky.start('How many meters taller is Mount Everest than K2?');
  for await (const event of handle.stream()) {
    if (event.type === 'waiting') {
      console.log(`This program waits (${event.because}):\n${event.code}`);
      const person = createInterface({ input: process.stdin, output: process.stdout });
      const said = await person.question('May it run? (yes, or why not) ');
      person.close();
      if (said === 'yes') await handle.approve({ by: 'Ada' });
      else await handle.refuse(said || 'no', { by: 'Ada' });
    }
    if (event.type === 'decided') console.log(`\n${event.decision.kind} by ${event.decision.by}`);
    if (event.type === 'step') console.log(`[${event.step.tool}] ${event.step.step} -> ${event.step.output}`);
  }
  console.log('answer:', (await handle.result()).answer);
});
await connection.close();
await native.close();
