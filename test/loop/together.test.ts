/** Steps that are named together, with scripted calls: which run at the same time, and what the history says. */
import type { SolveProfile } from '../../src/contract/profile';
import type { Calls } from '../../src/loop/calls';
import { SolutionState } from '../../src/loop/solution-state';
import { solveLoop, type LoopEnd, type LoopOptions } from '../../src/loop/solve-loop';
import { dependsOnOutput } from '../../src/loop/together';
import { parseAction } from '../../src/trajectory/parse-action';

const report = { model: 'm', usage: { calls: 1, inputTokens: 10, outputTokens: 2 }, durationMs: 1 };

interface Script {
  /** Answers of the action generator, each of one or several lines. */
  actions: string[];
  parallel?: number;
  maxSteps?: number;
  approval?: string[];
  options?: LoopOptions;
  /** Searches that end before others, in this order; others as they come. */
  first?: string[];
  fails?: string;
}

async function play({ actions, parallel = 3, maxSteps = 10, approval, options, first = [], fails }: Script) {
  const shown: string[][] = [];
  const offered: (number | undefined)[] = [];
  let atOnce = 0;
  let most = 0;
  const ended: string[] = [];
  const calls: Partial<Calls> = {
    predictAction: async ({ solution, parallel }) => {
      offered.push(parallel);
      shown.push('history' in solution ? solution.history.map(({ step }) => step) : []);
      const [line = '', ...more] = (actions.shift() ?? '[finish] The answer is A.').split('\n');
      const named = more.map((next) => parseAction(next)).flatMap((next) => (next.kind === 'step' ? [next] : []));
      return { ...report, action: parseAction(line), ...(named.length > 0 ? { more: named } : {}) };
    },
    search: async ({ query }) => {
      atOnce += 1;
      most = Math.max(most, atOnce);
      for (let turn = 0; turn < (first.includes(query) ? 1 : 5); turn += 1) await new Promise(setImmediate);
      atOnce -= 1;
      ended.push(query);
      if (query === fails) throw new Error('The engine is gone.');
      return { text: `${query} It is A.`, engine: 'e', durationMs: 1 };
    },
    reasonCommonsense: async () => ({ ...report, text: 'A.' }),
  };
  const profile = {
    limits: { maxSteps, maxTokens: 0, deadlineMs: 0, maxRepairs: 0 },
    tools: [],
    inlineChars: 10_000,
    guidance: { votes: 1, shortResult: 100, parallel },
    ...(approval ? { approval: { steps: approval, atDeadline: 'refuse' } } : {}),
  } as unknown as SolveProfile;
  const solution = new SolutionState({ id: '1', question: 'Which?', profile, workflowId: 'w', runId: 'r' });
  const left = await solveLoop(solution, calls as Calls, options);
  const end = left as LoopEnd | undefined;
  return { ...solution.end(end?.stopReason ?? 'max-steps', end?.answer), shown, offered, most, ended, left };
}

const [a, b, c] = ['Find the height of A.', 'Find the height of B.', 'Find the height of C.'] as const;
const lines = (...steps: string[]) => steps.map((step) => `[search] ${step}`).join('\n');

test('independent steps are carried out at the same time, and enter the history in the order in which they were named', async () => {
  const { steps, shown, most, ended, usage } = await play({ actions: [lines(a, b, c)], first: [c] });
  expect(most).toBe(3);
  expect(ended[0]).toBe(c);
  expect(steps.map(({ index, step, together }) => [index, step, together])).toEqual([
    [0, a, undefined],
    [1, b, true],
    [2, c, true],
  ]);
  expect(shown).toEqual([[], [a, b, c]]);
  expect([steps[0]?.usage.calls, steps[1]?.usage.calls, usage.calls]).toEqual([1, 0, 2]);
});

test('steps are named together only where the profile allows it', async () => {
  const { steps, offered, most } = await play({ actions: [lines(a, b)], parallel: 1 });
  expect([steps.map(({ step }) => step), offered, most]).toEqual([[a], [undefined, undefined], 1]);
  expect((await play({ actions: [lines(a, b)] })).offered).toEqual([3, 3]);
});

test('a step that needs an output of another one is taken later', async () => {
  const capital = 'Find the capital of Portugal.';
  const people = 'Find the population of that city.';
  const { steps, shown } = await play({
    actions: [lines(capital, people, a), lines('Find the population of Lisbon.')],
  });
  expect(steps.map(({ step }) => step)).toEqual([capital, 'Find the population of Lisbon.']);
  expect(shown[1]).toEqual([capital]);
});

test.each([
  ['Find the population of it.', true],
  ['Find its capital.', true],
  ['Find the population of that country.', true],
  ['Find the river that flows through the city found above.', true],
  ['Find the population of [capital].', true],
  ['Find the population of <city>.', true],
  ['Find the height of the result of step 1.', true],
  ['Find the year that Marie Curie was born in.', false],
  ['Find the population of Texas.', false],
  ['Find the result of the 1998 World Cup final.', false],
  ['Find the year of birth of the author of Emma.', false],
])('%s depends on an output: %s', (step, depends) => {
  expect(dependsOnOutput(step)).toBe(depends);
});

test('what was named twice or taken before is carried out once, and no more than the steps allowed', async () => {
  const twice = await play({ actions: [lines(a, a.toUpperCase(), b)] });
  expect(twice.steps.map(({ step }) => step)).toEqual([a, b]);
  const before = await play({ actions: [lines(a), lines(b, a, c)] });
  expect(before.steps.map(({ step }) => step)).toEqual([a, b]);
  const bounded = await play({ actions: [lines(a, b, c)], maxSteps: 2 });
  expect([bounded.steps.length, bounded.stopReason]).toEqual([2, 'finished']);
});

test('steps that wait for a person, or that the caller takes, are taken one after the other', async () => {
  const { steps, left } = await play({ actions: [lines(a, b)], approval: ['search'] });
  expect([steps.length, left]).toMatchObject([0, { handOver: { action: { step: a } } }]);
  const handed = await play({ actions: [lines(a, b)], options: { handsOver: (tool) => tool === 'search' } });
  expect(handed.left).toMatchObject({ handOver: { action: { step: a } } });
});

test('where one fails for good the others come to their end first, and the loop fails with it', async () => {
  await expect(play({ actions: [lines(a, b, c)], fails: a, first: [a] })).rejects.toThrow('The engine is gone.');
});
