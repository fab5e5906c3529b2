import { Client, Connection } from '@temporalio/client';
import { HuskyClient } from 'temporal-husky/client';

const connection = await Connection.connect({ address: process.env.TEMPORAL_ADDRESS ?? 'localhost:7233' });
const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: 'questions' });

const question = process.argv.slice(2).join(' ') || 'How many meters taller is Mount Everest than K2?';
const handle = await husky.start(question);
let shown = 0;
for await (const { steps } of handle.watch()) {
  for (const { tool, step, output } of steps.slice(shown)) console.log(`[${tool}] ${step} -> ${output}`);
  shown = steps.length;
}
const solution = await handle.result();
console.log(`answer: ${solution.answer} (${solution.stopReason})`);
await connection.close();
