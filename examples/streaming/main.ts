import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig, type SolutionEvent } from 'temporal-husky';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: 'streamed-questions' });
const worker = await Worker.create({
  connection: native,
  taskQueue: 'streamed-questions',
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
});

await worker.runUntil(async () => {
  const { workflowId } = await husky.start('How many meters taller is Mount Everest than K2?');
  let position = -1;
  for await (const event of husky.stream(workflowId)) {
    show(event);
    position = event.position;
    break; // The reader goes away. The position is all that it has to keep.
  }
  console.log(`a reader in any process goes on after ${position}`);
  for await (const event of husky.stream(workflowId, { after: position })) show(event);
});
await connection.close();
await native.close();

function show(event: SolutionEvent): void {
  const told = `${event.position} ${event.type}:`;
  if (event.type === 'action') console.log(told, `[${event.tool}] ${event.step}`);
  if (event.type === 'step') console.log(told, event.step.output);
  if (event.type === 'end') console.log(told, event.solution.answer, `(${event.solution.stopReason})`);
}
