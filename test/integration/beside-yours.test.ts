import type { CustomToolInput } from '../../src/contract/profile';
import { parseConfig } from '../../src/config';
import { scriptSolutions, testConfig, type ScriptedSolution } from '../../src/testing';
import { createHuskyWorkers, type HuskyWorkersOptions } from '../../src/worker';
import { workflowCodeOf } from '../workflow-code';
import { startServer, withWorkers, type TestServer } from './harness';

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
