/** Samples that vote, with scripted calls: who begins, who is let go, and what the solution says. */
import type { SolveProfile } from '../../src/contract/profile';
import type { Calls } from '../../src/loop/calls';
import { Samples, sampleId } from '../../src/loop/samples';
import { SolutionState } from '../../src/loop/solution-state';
import { solveLoop, type LoopEnd } from '../../src/loop/solve-loop';
import { voteLoop } from '../../src/loop/vote-loop';
import { parseAction } from '../../src/trajectory/parse-action';
import { sameAnswer } from '../../src/trajectory/stated-answer';

interface Scripted {
  /** What the sample's action generator finishes with, after one step. Empty: it finds nothing. */
  answer: string;
  /** Place in the order in which the samples end. @default its position */
  ends?: number;
  fails?: boolean;
  /** Reaches its limit of steps before it finishes. */
  isCut?: boolean;
}

/** @param count samples allowed */
async function play(scripts: Scripted[], { maxTokens = 0, count = scripts.length } = {}) {
  const profile = {
    limits: { maxSteps: 1, maxTokens, deadlineMs: 0, maxRepairs: 0 },
    samples: count,
    tools: [],
    inlineChars: 10_000,
    models: { action: 'm' },
  } as unknown as SolveProfile;
  const samples = new Samples({ id: '1', question: 'How many?', profile, workflowId: 'w', runId: 'r' });
  const begun: number[] = [];
  const abandoned: number[] = [];
  const told: (number | undefined)[] = [];
  const free = new Map<number, () => void>();
  let ended = 0;
  const release = () => {
    const next = [...free.keys()].sort((a, b) => (scripts[a]?.ends ?? a) - (scripts[b]?.ends ?? b))[0];
    if (next === undefined) return;
    free.get(next)?.();
    free.delete(next);
  };
  const run = async (position: number) => {
    begun.push(position);
    const { answer, fails, isCut } = scripts[position] ?? { answer: '' };
    const state = new SolutionState({
      ...{ id: sampleId('1', position), head: '1', question: 'How many?', profile, workflowId: 'w', runId: 'r' },
      sample: position,
      carried: samples.carriedOf(position),
      shared: { usage: () => samples.usageBut(position), running: () => samples.unfinished.length },
    });
    samples.began(position, state);
    const usage = { calls: 1, inputTokens: 8, outputTokens: 2 };
    const calls: Partial<Calls> = {
      predictAction: async ({ solution }) => {
        told.push(solution.sample);
        const acts = state.steps.length === 0 || isCut ? '[math] Count.' : `[finish] The answer is ${answer}.`;
        return { action: parseAction(acts), model: 'm', usage, durationMs: 1 };
      },
      reasonMath: async () => ({ text: isCut ? answer : '...', model: 'm', usage, durationMs: 1 }),
    };
    await new Promise<void>((go) => free.set(position, go));
    if (abandoned.includes(position)) {
      state.end('cancelled');
      return;
    }
    if (fails) samples.failed(position, { type: 'ModelAuthentication', message: 'The key was refused.' });
    else {
      const end = (await solveLoop(state, calls as Calls)) as LoopEnd;
      state.end(end.stopReason, end.answer);
    }
    ended += 1;
  };
  const voting = voteLoop(samples, {
    run,
    abandon: (position) => {
      abandoned.push(position);
      free.get(position)?.();
      free.delete(position);
    },
    findSame: ({ answer }, among) => among.findIndex((other) => sameAnswer(other.answer, answer)),
    isToldToFinish: () => false,
  });
  const over = voting.then(() => true);
  for (let turn = 0; turn < 100; turn += 1) {
    if (await Promise.race([over, new Promise<false>((next) => setImmediate(() => next(false)))])) break;
    release();
  }
  await voting;
  return { solution: samples.end(), begun, abandoned, told, ended };
}

test('where the first samples agree no further one begins, and the steps are those of the first', async () => {
  const { solution, begun, told } = await play([{ answer: '7' }, { answer: '7' }, { answer: '8' }]);
  expect(begun).toEqual([0, 1]);
  expect(told).toEqual([undefined, undefined, 1, 1]);
  expect(solution).toMatchObject({
    answer: '7',
    stopReason: 'finished',
    steps: [{ tool: 'math' }],
    usage: { calls: 6 },
    votes: {
      samples: 3,
      shown: 1,
      answers: [{ answer: '7', samples: [1, 2] }],
      none: [{ sample: 3, because: 'not-needed' }],
    },
  });
});

test('where they disagree another one begins, and the majority wins against the first', async () => {
  const { solution, begun } = await play([{ answer: '8' }, { answer: '0.5' }, { answer: '1/2' }]);
  expect(begun).toEqual([0, 1, 2]);
  expect(solution?.answer).toBe('0.5');
  expect(solution?.votes).toMatchObject({ shown: 2, answers: [{ samples: [2, 3] }, { answer: '8', samples: [1] }] });
});

test('where all disagree the first sample stands', async () => {
  const { solution } = await play([{ answer: '3', ends: 9 }, { answer: '2' }, { answer: '1' }]);
  expect(solution?.answer).toBe('3');
});

test('where tokens are spent, a sample that can change nothing any more is let go', async () => {
  const scripts = ['A', 'B', 'C', 'D', 'E'].map((answer) => ({ answer }));
  const { solution, begun, abandoned } = await play(scripts, { maxTokens: 40 });
  expect([begun, abandoned]).toEqual([[0, 1, 2], [2]]);
  expect(solution).toMatchObject({
    answer: 'A',
    votes: { none: [{ because: 'token-budget' }, { because: 'cancelled' }, { because: 'not-needed' }, {}] },
  });
});

test('of two samples the second is needed only where the first gives no answer', async () => {
  expect((await play([{ answer: '7' }, { answer: '8' }])).begun).toEqual([0]);
  expect((await play([{ answer: '', fails: true }, { answer: '8' }])).solution).toMatchObject({ answer: '8' });
});

test('a sample that fails ends none of the others, and another one takes its place', async () => {
  const sevens = Array.from({ length: 3 }, () => ({ answer: '7' }));
  const { solution, begun } = await play([{ answer: '', fails: true }, ...sevens]);
  expect(begun).toEqual([0, 1, 2]);
  expect(solution).toMatchObject({
    answer: '7',
    votes: { shown: 2, none: [{ sample: 1, because: 'failed', message: 'The key was refused.' }, { sample: 4 }] },
  });
});

test('where all fail there is no solution', async () => {
  expect(
    (
      await play([
        { answer: '', fails: true },
        { answer: '', fails: true },
      ])
    ).solution,
  ).toBeUndefined();
});

test('an answer that was cut off votes only where no sample finished', async () => {
  const cut = { answer: 'The answer is 9.', isCut: true };
  const some = await play([cut, { answer: '7' }, cut]);
  expect(some.solution).toMatchObject({ answer: '7', partial: false, votes: { none: [{ because: 'max-steps' }, {}] } });
  const none = await play([cut, cut]);
  expect(none.solution).toMatchObject({
    partial: true,
    stopReason: 'max-steps',
    votes: { answers: [{ samples: [1, 2] }] },
  });
});

test('tokens are counted for all samples together, and where they are spent no further sample begins', async () => {
  const { solution, begun } = await play([{ answer: '7' }, { answer: '8' }, { answer: '8' }], { maxTokens: 45 });
  expect(begun).toEqual([0, 1]);
  expect(solution).toMatchObject({
    answer: '7',
    votes: { none: [{ sample: 2, because: 'token-budget' }, { sample: 3 }] },
  });
});

test('what is carried to the next run of the workflow goes on there', () => {
  const profile = { samples: 3, limits: {}, tools: [], models: {} } as unknown as SolveProfile;
  const options = { id: '1', question: 'How many?', profile, workflowId: 'w', runId: 'r' };
  const samples = new Samples(options);
  const state = (position: number) => {
    const one = new SolutionState({ ...options, id: sampleId('1', position), carried: samples.carriedOf(position) });
    samples.began(position, one);
    return one;
  };
  state(0).end('finished', '7');
  state(1).spend({ calls: 3, inputTokens: 1, outputTokens: 1 });
  samples.groups.push([{ sample: 0, answer: '7' }]);
  const carried = JSON.parse(JSON.stringify(samples.carry())) as ReturnType<Samples['carry']>;
  const next = new Samples({ ...options, carried });
  expect([next.unfinished, next.waiting, next.usage.calls]).toEqual([[1], [2], 3]);
  expect(next.groups).toEqual([[{ sample: 0, answer: '7' }]]);
  expect(next.startedAt).toBe(samples.startedAt);
});
