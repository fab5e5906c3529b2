/** A person's question and a batch in one queue. */
import { PRIORITY_KEYS } from '../../src/contract/priority';
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
