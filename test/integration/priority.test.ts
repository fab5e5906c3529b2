/** A person's question and a batch in one queue. */
import { setTimeout as pause } from 'node:timers/promises';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { PRIORITY_KEYS } from '../../src/contract/priority';
import { registeredName } from '../../src/contract/registered-name';
import { HuskyClient } from '../../src/client';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting } from './solutions';

jest.setTimeout(300_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('a person overtakes the questions of a batch that wait already', async () => {
  const batch = Array.from({ length: 40 }, (_, number) => counting(1, `Batch ${number}`));
  const person = counting(2, 'Grace');
  const script = scriptSolutions([...batch, person]);
  const prefix = 'overtaken';
  const husky = new HuskyClient({ client: server.client, taskQueue: `${prefix}-husky` });
  const ids = [...batch, person].map((_, number) => `${prefix}-${number}`);
  for (const [number, { question }] of batch.entries())
    await husky.start(question, { workflowId: ids[number], priority: { priorityKey: PRIORITY_KEYS.synthesis } });
  const asked = await husky.start(person.question, { workflowId: ids[40] });

  const workerOptions = { maxConcurrentWorkflowTaskExecutions: 2, maxConcurrentWorkflowTaskPolls: 2 };
  await withWorkers(server, { config: { queues: { prefix } }, parts: script.parts, workerOptions }, async () => {
    expect((await asked.result()).answer).toBe('2');
    await Promise.all(ids.map((id) => husky.get(id).result()));
  });
  const first = script.calls.findIndex(({ input }) => input.includes('Grace counts'));
  // A few of the batch are taken while the worker starts; without priorities all forty are.
  expect(first).toBeLessThan(20);
});

test('with its own settings a worker holds few workflow tasks, so that a person passes what waits at the server', async () => {
  const batch = Array.from({ length: 60 }, (_, number) => counting(1, `Batch ${number}`));
  const person = counting(2, 'Grace');
  const script = scriptSolutions([...batch, person]);
  let begun = 0;
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  // A solution's first workflow task holds its slot until its profile is recorded.
  const activity: ActivityInterceptorsFactory = ({ info }) => ({
    inbound: {
      execute: async (input, next) => {
        if (info.activityType === registeredName('recordProfile')) {
          begun += 1;
          await opened;
        }
        return next(input);
      },
    },
  });
  const workerOptions = { interceptors: { activity: [activity] } };
  await withWorkers(server, { parts: script.parts, workerOptions }, async (husky) => {
    const priority = { priorityKey: PRIORITY_KEYS.synthesis };
    const started = await Promise.all(batch.map(({ question }) => husky.start(question, { priority })));
    // Less than the ten seconds after which the server gives a workflow task to somebody else.
    for (let looks = 0; looks < 4; looks += begun === 0 ? 0 : 1) await pause(500);
    const asked = await husky.start(person.question);
    await pause(500);
    const held = begun;
    open();
    expect((await asked.result()).answer).toBe('2');
    await Promise.all(started.map((handle) => handle.result()));
    expect(held).toBeLessThanOrEqual(16);
    const first = script.calls.findIndex(({ input }) => input.includes('Grace counts'));
    const before = script.calls.slice(0, first).flatMap(({ input }) => /Batch \d+/.exec(input) ?? []);
    // A task that was on its way to the worker may have been the batch's.
    expect(new Set(before).size).toBeLessThanOrEqual(20);
  });
});
