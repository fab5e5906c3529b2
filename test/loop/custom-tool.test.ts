import type { Calls } from '../../src/loop/calls';
import { SolutionState } from '../../src/loop/solution-state';
import { solveLoop } from '../../src/loop/solve-loop';
import type { CustomToolInput, SolveProfile } from '../../src/contract/profile';
import { NO_USAGE } from '../../src/trajectory/step';

const STEPS = 120;

test('a custom tool is given the history as far as 4,000 characters, so that a long solution stays linear', async () => {
  const given: CustomToolInput[] = [];
  const profile = {
    tools: [{ name: 'weather', description: 'tells the weather of a town', activity: 'askWeather' }],
    limits: { maxSteps: STEPS, maxTokens: 0, deadlineMs: 0, maxRepairs: 0 },
    inlineChars: 0,
  } as unknown as SolveProfile;
  const calls = {
    predictAction: async () => ({
      action: { kind: 'step', tool: 'weather', step: `Ask for town ${given.length}.` },
      model: 'scripted',
      usage: NO_USAGE,
      durationMs: 0,
    }),
    custom: async (_tool, input) => {
      given.push(input as CustomToolInput);
      return { returned: `Town ${given.length - 1} has ${'rain, '.repeat(20)}and wind.` };
    },
  } as Pick<Calls, 'predictAction' | 'custom'> as Calls;
  const solution = new SolutionState({
    id: '1',
    question: 'Where does it rain?',
    profile,
    workflowId: 'w',
    runId: 'r',
  });
  expect(await solveLoop(solution, calls)).toEqual({ stopReason: 'max-steps' });

  expect(given).toHaveLength(STEPS);
  const shown = solution.history().map(({ step, output }) => ({ step, output }));
  expect(given[3]?.history).toEqual(shown.slice(0, 3));
  const last = given.at(-1)?.history ?? [];
  expect(last.at(-1)).toEqual(shown.at(-2));
  expect(last[0]).toEqual({
    step: `(${STEPS - last.length} earlier steps)`,
    output: 'Left out for length.',
  });
  for (const { history } of given) expect(JSON.stringify(history).length).toBeLessThan(6000);
});
