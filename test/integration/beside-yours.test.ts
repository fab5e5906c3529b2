import { Worker } from '@temporalio/worker';
import type { CustomToolInput } from '../../src/contract/profile';
import { parseConfig } from '../../src/config';
import { HuskyClient } from '../../src/husky-client';
import { HuskyPlugin } from '../../src/plugin';
import { EXPERTS } from '../../src/trajectory/modules';
import { scriptSolutions, testConfig, type ScriptedSolution } from '../../src/testing';
import { createHuskyWorkers, type HuskyWorkersOptions } from '../../src/worker';
import { inOneThread, solvingCode, workflowCodeOf } from '../workflow-code';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const windy: ScriptedSolution = {
  question: 'How strong is the wind in Oslo?',
  steps: [{ tool: 'weather', step: 'Ask for the wind in Oslo.', output: '5 m/s' }],
  answer: '5 m/s',
};
const tools = [{ name: 'weather', description: 'tells the weather', activity: 'askWeather' }];
const askWeather = async ({ step }: CustomToolInput) => (step.includes('Oslo') ? '5 m/s' : 'unknown');

test.each(['shared', 'separate'] as const)(
  "activities of the user's own stand beside Husky's in its workers: %s queues",
  async (mode) => {
    const { parts } = scriptSolutions([windy]);
    const options = { config: { tools, queues: { mode } }, parts, workerOptions: { activities: { askWeather } } };
    const solution = await withWorkers(server, options, (husky) => husky.solve(windy.question));
    expect(solution).toMatchObject({ answer: '5 m/s', steps: [{ tool: 'weather', output: '5 m/s' }] });
  },
);

test("a worker of the user's own holds the workflows, and Husky's workers on other hosts make the calls", async () => {
  const queues = { prefix: 'gpus', mode: 'separate' as const };
  const worker = await Worker.create({
    connection: server.native,
    taskQueue: 'mine',
    workflowBundle: await solvingCode(),
    // Models that nobody reaches: no call may run here.
    plugins: [new HuskyPlugin(testConfig({ queues }), scriptSolutions([]).parts)],
    ...inOneThread,
  });
  const husky = new HuskyClient({ client: server.client, taskQueue: 'mine' });
  const { parts } = scriptSolutions([spiders]);
  const solution = await worker.runUntil(
    withWorkers(server, { config: { queues }, parts, roles: ['tool', ...EXPERTS] }, () =>
      husky.solve(spiders.question),
    ),
  );
  expect(solution).toMatchObject({ answer: spiders.answer, stopReason: 'finished' });
});

test('a name that is taken, and workflow code without Husky in it, are refused before a worker starts', async () => {
  const create = (options: Partial<HuskyWorkersOptions>) =>
    createHuskyWorkers({
      connection: server.native,
      config: parseConfig(testConfig()),
      parts: scriptSolutions([]).parts,
      ...options,
    });
  const activities = { huskySearch: askWeather };
  await expect(create({ workerOptions: { activities } })).rejects.toThrow(/has activity huskySearch already/);
  await expect(create({ workerOptions: { sinks: { husky: {} } } })).rejects.toThrow(/has sink husky already/);
  const workflowBundle = await workflowCodeOf(require.resolve('./call-any-activity'));
  await expect(create({ workflowBundle })).rejects.toThrow(/add .*: export \* from 'temporal-husky\/workflows'/);
  await expect(create({ roles: ['lab'], lab: { workflowBundle } })).rejects.toThrow(/temporal-husky\/workflows\/lab/);
});
