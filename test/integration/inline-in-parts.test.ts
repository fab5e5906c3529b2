import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';
import type { Answered } from './inline-in-parts';
import { counting } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ 'limit.historyCount.suggestContinueAsNew': '60' });
});
afterAll(() => server.stop());

test.each([0, 2])(
  'a workflow that solves inline continues as new within a question, and no call is made twice (T15; %i steps an activity)',
  async (stepsPerActivity) => {
    const solutions = ['Ada', 'Bob', 'Cid'].map((name) => counting(5, name));
    const script = scriptSolutions(solutions);
    const options = {
      parts: script.parts,
      workflowsPath: require.resolve('./inline-in-parts'),
      config: { stepsPerActivity },
    };
    await withWorkers(server, options, async (_husky, prefix) => {
      const workflowId = `inline-${stepsPerActivity}`;
      const handle = await server.client.workflow.start('answerAll', {
        taskQueue: `${prefix}-husky`,
        workflowId,
        args: [solutions.map(({ question }) => question)],
      });
      const { answers, steps, runs } = (await handle.result()) as Answered;
      expect(answers).toEqual(solutions.map(({ answer }) => answer));
      expect(steps).toEqual([5, 5, 5]);
      if (stepsPerActivity === 0) expect(runs).toBeGreaterThan(3);
      const { historyLength } = await handle.describe();
      // One step more than the suggestion at the most.
      expect(historyLength).toBeLessThan(100);
      const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
      expect(new Set(asked).size).toBe(asked.length);
    });
  },
);
