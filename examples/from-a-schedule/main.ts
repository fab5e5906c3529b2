import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';
import type { huskySolve } from 'temporal-husky/workflows';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const taskQueue = 'scheduled-questions';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const client = new Client({ connection });
const worker = await Worker.create({
  connection: native,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
});

const question = 'How many meters taller is Mount Everest than K2?';
const schedule = await client.schedule.create<typeof huskySolve>({
  scheduleId: `heights-${Date.now()}`,
  spec: { calendars: [{ dayOfWeek: 'MONDAY', hour: 6 }], timezone: 'Europe/Oslo' },
  policies: { overlap: ScheduleOverlapPolicy.SKIP },
  action: {
    type: 'startWorkflow',
    workflowType: 'huskySolve',
    workflowId: 'heights',
    taskQueue,
    args: [{ question, limits: { maxSteps: 6, deadlineMs: 3_600_000 } }],
    staticSummary: question, // what the Temporal UI shows
  },
});

await worker.runUntil(async () => {
  await schedule.trigger(); // not on Monday, but now
  const { nextActionTimes } = (await schedule.describe()).info;
  console.log('next:', nextActionTimes[0]?.toISOString());
  const workflowId = await started();
  const { answer, stopReason } = await new HuskyClient({ client, taskQueue }).get(workflowId).result();
  console.log(`${workflowId}: ${answer} (${stopReason})`);
});
await schedule.delete(); // A schedule of yours stays.
await connection.close();
await native.close();

/** The schedule adds the time to the workflow's id. */
async function started(): Promise<string> {
  for (;;) {
    const [action] = (await schedule.describe()).info.recentActions;
    if (action) return action.action.workflow.workflowId;
    await setTimeout(250);
  }
}
