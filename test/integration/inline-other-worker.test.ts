import { scriptSolutions } from '../../src/testing';
import { eventually } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test("a user's workflow that solves inline goes on under a worker of another configuration, replayed at every task (T11)", async () => {
  const [first, second] = [counting(3, 'Ada'), counting(3, 'Bob')];
  const script = scriptSolutions([first, second]);
  const options = {
    parts: script.parts,
    workflowsPath: require.resolve('./inline-other-worker'),
    workerOptions: { maxCachedWorkflows: 0 },
  };
  const queues = { prefix: 'other-worker' };
  const handle = await withWorkers(server, { ...options, config: { queues, stepsPerActivity: 0 } }, async () => {
    const started = await server.client.workflow.start('answerTwice', {
      taskQueue: 'other-worker-husky',
      workflowId: 'other-worker',
      args: [first.question, second.question],
    });
    await eventually(() => script.calls.length > 1);
    return started;
  });
  const other = {
    queues,
    stepsPerActivity: 2,
    limits: { maxSteps: 9 },
    tools: [{ name: 'weather', description: 'tells the weather', activity: 'askWeather', taskQueue: 'weather-desk' }],
  };
  await withWorkers(server, { ...options, config: other }, async () => {
    await handle.signal('goOn');
    expect(await handle.result()).toEqual([first.answer, second.answer]);
  });
  const { events } = await handle.fetchHistory();
  expect((events ?? []).filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
  expect(new Set(asked).size).toBe(asked.length);
});
