import type { SolveProfile } from '../../src/contract/profile';
import type { Calls } from '../../src/loop/calls';
import { SolutionState } from '../../src/loop/solution-state';
import { takeStep } from '../../src/loop/take-step';
import { NO_USAGE, type Step } from '../../src/trajectory/step';

const report = { model: 'scripted', usage: NO_USAGE, durationMs: 0 };
const traceback = `Traceback (most recent call last):\n  File "program.py", line 1\nNameError: name 'x' is not defined ${'!'.repeat(400)}`;

async function step(action: Parameters<typeof takeStep>[2], calls: object, more: object = {}): Promise<Step> {
  const profile = { tools: [], limits: { maxRepairs: 1 }, inlineChars: 0, outputStyle: 'default', ...more };
  const solution = new SolutionState({
    id: '1',
    question: 'q',
    profile: profile as unknown as SolveProfile,
    workflowId: 'w',
    runId: 'r',
  });
  await takeStep(solution, calls as Calls, action, report);
  return solution.steps[0] as Step;
}

const code = {
  generateCode: async () => ({ code: 'x', ...report }),
  executeCode: async () => ({ text: traceback, error: traceback, durationMs: 0 }),
  rewriteResult: async () => ({ text: 'It failed.', ...report }),
};
const search = (found: object) => ({
  generateQuery: async () => ({ query: 'area', ...report }),
  search: async () => ({ engine: 'e', durationMs: 0, ...found }),
});
const commonsense = { reasonCommonsense: async () => ({ text: 'So.', ...report }) };

describe('what goes wrong with a step is data, beside the words for people', () => {
  test.each([
    ['a program', { tool: 'code', step: 's' }, code, {}, 'program-failed', /^NameError: name 'x' is not defined !+…$/],
    [
      'a program under husky-v1',
      { tool: 'code', step: 's' },
      code,
      { outputStyle: 'husky-v1' },
      'program-failed',
      /^NameError/,
    ],
    [
      'a model that gave no text',
      { tool: 'commonsense', step: 's' },
      { reasonCommonsense: async () => ({ text: '', problem: 'The model refused to answer.', ...report }) },
      {},
      'no-answer',
      /^The model refused to answer\.$/,
    ],
    ['an empty search', { tool: 'search', step: 's' }, search({}), {}, 'search-empty', /^nothing was found$/],
    ['a refused search', { tool: 'search', step: 's' }, search({ error: 'too\nlong' }), {}, 'search-failed', /^long$/],
    [
      'an action in prose',
      { tool: 'commonsense', step: 's', fallback: 'unparsable' },
      commonsense,
      {},
      'unparsable-action',
      /no \[tool\] step/,
    ],
    [
      'an unknown tool',
      { tool: 'commonsense', step: 's', fallback: 'unknown-tool' },
      commonsense,
      {},
      'unknown-tool',
      /a tool that does not exist/,
    ],
  ] as const)('%s', async (_, action, calls, more, kind, message) => {
    const { failure, error } = await step(action, calls, more);
    expect(failure).toEqual({ kind, message: expect.stringMatching(message) as string });
    expect(failure?.message.length).toBeLessThanOrEqual(300);
    expect(error).toBeTruthy();
  });

  test('a step that goes well has neither field', async () => {
    const good = await step({ tool: 'commonsense', step: 's' }, commonsense);
    expect([good.failure, good.error]).toEqual([undefined, undefined]);
  });
});
