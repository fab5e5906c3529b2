/** A solution that takes several runs of its workflow is one solution to whoever looks at it. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { scriptSolutions } from '../../src/testing';
import { SEARCH_ATTRIBUTES } from '../../src/workflows';
import { household } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer(
    { 'limit.historyCount.suggestContinueAsNew': '60' },
    { [SEARCH_ATTRIBUTES.stopReason]: 'Keyword', [SEARCH_ATTRIBUTES.steps]: 'Int' },
  );
});
afterAll(() => server.stop());

test('its last run has the trajectory, usage, memo, priority and search attributes of the whole, and it is listed once', async () => {
  const long = counting(8);
  const script = scriptSolutions([long]);
  await withWorkers(server, { parts: script.parts, config: { searchAttributes: true } }, async (husky) => {
    const priority = { priorityKey: 2, fairnessKey: 'a-team' };
    const handle = await husky.start(long.question, { workflowId: 'long', memo: { asker: 'Ada' }, priority });
    const solution = await handle.result();
    expect(solution).toMatchObject({ answer: '8', stopReason: 'finished' });
    expect(solution.steps.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(solution.usage.calls).toBe(script.calls.filter(({ part }) => part !== 'execute').length);

    const { raw, runId, memo, typedSearchAttributes } = await handle.workflow.describe();
    expect(runId).toBe(solution.runId);
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(runId);
    expect(memo).toEqual({
      asker: 'Ada',
      askedHash: expect.stringMatching(/^[0-9a-f]{16}$/),
      question: long.question,
      models: solution.models,
      prompts: solution.prompts,
    });
    expect(raw.workflowExecutionInfo?.priority).toMatchObject(priority);
    const attribute = (name: string, type: SearchAttributeType) =>
      typedSearchAttributes.get(defineSearchAttributeKey(name, type));
    expect(attribute(SEARCH_ATTRIBUTES.stopReason, SearchAttributeType.KEYWORD)).toBe('finished');
    expect(attribute(SEARCH_ATTRIBUTES.steps, SearchAttributeType.INT)).toBe(8);
  });

  const home = household();
  try {
    const { out } = await home.run(['list', '--address', server.address]);
    expect(out).toMatch(/^long +completed .*Ada counts to 8/);
    expect(out.trim().split('\n')).toHaveLength(1);
  } finally {
    await home.close();
  }
});
