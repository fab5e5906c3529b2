/** When a person is asked about a tool with a schema: histories of earlier versions asked about its step, newer ones about its arguments. */
import type { ProposedStep } from '../../src/contract/people';
import type { SolveProfile } from '../../src/contract/profile';
import type { Calls } from '../../src/loop/calls';
import { SolutionState } from '../../src/loop/solution-state';
import { takeStep } from '../../src/loop/take-step';

const report = { model: 'm', usage: { calls: 1, inputTokens: 10, outputTokens: 2 }, durationMs: 1 };
const tools = [{ name: 'mail', description: 'sends it', activity: 'sendMail', input: { type: 'object' } }];

async function taken(seesArguments: boolean, steps: string[]) {
  const log: (string | Partial<ProposedStep>)[] = [];
  const calls = {
    generateArguments: async () => {
      log.push('written');
      return { ...report, text: '{"to":"ada"}', arguments: { to: 'ada' } };
    },
    custom: async () => {
      log.push('called');
      return { returned: 'Sent.' };
    },
    people: {
      seesArguments: () => seesArguments,
      decide: async ({ because, arguments: made }: ProposedStep) => {
        log.push({ because, ...(made ? { arguments: made } : {}) });
        return { decision: { kind: 'approved', decidedAt: 1 } };
      },
    },
  } as unknown as Calls;
  const profile = {
    limits: { maxSteps: 9, maxTokens: 0, deadlineMs: 0, maxRepairs: 1 },
    tools,
    approval: { steps, atDeadline: 'refuse' },
  } as unknown as SolveProfile;
  const solution = new SolutionState({ id: '1', question: 'Which?', profile, workflowId: 'w', runId: 'r' });
  await takeStep(solution, calls, { tool: 'mail', step: 'Write.' });
  return log;
}

test.each(['always', 'custom-tools', 'mail'])('%s asks once, after the arguments were written', async (because) => {
  expect(await taken(true, [because])).toEqual(['written', { because, arguments: { to: 'ada' } }, 'called']);
});

test('in a history of an earlier version it asks once, before they were written', async () => {
  expect(await taken(false, ['always'])).toEqual([{ because: 'always' }, 'written', 'called']);
});

test('without a rule that means it nobody is asked', async () => {
  expect(await taken(true, ['programs'])).toEqual(['written', 'called']);
});
