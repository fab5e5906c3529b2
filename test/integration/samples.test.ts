/** Several samples of one question in one workflow: they vote, fail apart, and are let go together. */
import { CancelledFailure } from '@temporalio/common';
import type { WorkflowFailedError } from '@temporalio/client';
import { explainError } from '../../src/explain-error';
import { testConfig } from '../../src/testing';
import type { SampleEvent } from '../../src/trajectory/solution-events';
import { startServer, withWorkers, type TestServer } from './harness';
import { question, scriptedSamples } from './scripted-samples';

jest.setTimeout(300_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ 'limit.historyCount.suggestContinueAsNew': '60' });
});
afterAll(() => server.stop());

const solve = (answers: readonly string[], options: object = {}, config: object = {}) => {
  const { asked, parts } = scriptedSamples(answers);
  return withWorkers(server, { parts, config }, async (husky) => {
    const handle = await husky.start(question, { samples: answers.length, ...options });
    const solution = await handle.result();
    const { events = [] } = await handle.workflow.fetchHistory();
    const markers = events?.filter((event) => event.markerRecordedEventAttributes).length ?? 0;
    return { solution, asked, markers };
  });
};

describe.each([0, 8])('with %i steps an activity', (stepsPerActivity) => {
  test('samples that agree decide the vote, the rest is never asked, and only the first is greedy', async () => {
    const { solution, asked, markers } = await solve(['21', '21', '20'], { stepsPerActivity });
    expect(solution).toMatchObject({
      answer: '21',
      stopReason: 'finished',
      steps: [{ tool: 'math' }],
      usage: { calls: 6, inputTokens: 60 },
      votes: {
        ...{ samples: 3, shown: 1, answers: [{ answer: '21', samples: [1, 2] }] },
        none: [{ sample: 3, because: 'not-needed' }],
      },
    });
    expect(new Set(asked.map(({ sample }) => sample))).toEqual(new Set([0, 1]));
    const of = (sample: number) => asked.filter((call) => call.sample === sample);
    expect(of(0).every(({ seed, temperature }) => seed === undefined && temperature === 0)).toBe(true);
    expect(of(1).every(({ seed, temperature }) => seed === 100 && temperature >= 0.7)).toBe(true);
    // The profile alone: answers that are written alike are compared by nobody.
    expect(markers).toBe(1);
  });

  test('answers are the same where the scorer says so', async () => {
    const { solution, markers } = await solve(['20', '1/2', '0.5'], { stepsPerActivity });
    expect(solution.votes?.answers).toEqual([
      { answer: '1/2', samples: [2, 3] },
      { answer: '20', samples: [1] },
    ]);
    expect(solution.answer).toBe('1/2');
    expect(markers).toBe(3);
  });

  test('a sample that fails ends none of the others, and all together fail as one does', async () => {
    const { solution } = await solve(['fail', '21', '21', '20'], { stepsPerActivity });
    expect(solution).toMatchObject({
      answer: '21',
      votes: { shown: 2, none: [{ because: 'failed', message: expect.stringContaining('sample 0') as string }, {}] },
    });
    const failed = await solve(['fail', 'fail', 'fail'], { stepsPerActivity }).catch((error: unknown) => error);
    expect(explainError(failed).message).toContain('The key of sample 0 was refused.');
  });

  test('a solution that is cancelled lets the calls of all its samples go', async () => {
    const { asked, parts } = scriptedSamples(['hang', 'hang', 'hang']);
    const config = { stepsPerActivity, timeouts: { heartbeatMs: 3000 } };
    await withWorkers(server, { parts, config }, async (husky) => {
      const handle = await husky.start(question, { samples: 3 });
      while (asked.length < 2) await new Promise((next) => setTimeout(next, 20));
      const progress = await handle.progress();
      expect(progress).toMatchObject({ steps: [], samples: [{ id: '1-1' }, { id: '1-2' }] });
      expect(await handle.progress('1-2')).toMatchObject({ question, steps: [] });
      await handle.cancel();
      const ended = await handle.result().catch((error: unknown) => error);
      expect((ended as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    });
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test('who asks to finish has the best of the samples that have answered, and no further one begins', async () => {
    const { asked, parts } = scriptedSamples(['hang', '21', '21', '21', '21']);
    const config = { stepsPerActivity, timeouts: { heartbeatMs: 3000 } };
    await withWorkers(server, { parts, config }, async (husky) => {
      const handle = await husky.start(question, { samples: 3 });
      for (let ended = 0; ended < 1;) {
        await new Promise((next) => setTimeout(next, 100));
        const { samples = [] } = (await handle.progress()) ?? {};
        ended = samples.filter(({ stopReason }) => stopReason === 'finished').length;
      }
      await handle.finishNow();
      expect(await handle.result()).toMatchObject({
        answer: '21',
        partial: false,
        votes: {
          shown: 2,
          none: [
            { sample: 1, because: 'finish-now' },
            { sample: 3, because: 'not-needed' },
          ],
        },
      });
    });
    expect(asked.some(({ sample }) => sample > 1)).toBe(false);
  });
});

test('long samples go on in a new run of the workflow, and nothing is asked twice', async () => {
  const { asked, parts } = scriptedSamples(['20', '21', '21'], 8);
  await withWorkers(server, { parts, config: { samples: 3 } }, async (husky) => {
    const handle = await husky.start(question);
    const solution = await handle.result();
    expect(solution).toMatchObject({ answer: '21', steps: { length: 8 }, usage: { calls: asked.length } });
    const { raw } = await handle.workflow.describe();
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  });
  expect(asked).toHaveLength(3 * (2 * 8 + 1));
});

test('a hint reaches every sample, those that begin later, too, and a stream tells where each is', async () => {
  const { asked, parts } = scriptedSamples(['20', '21', '21']);
  await withWorkers(server, { parts, config: { timeouts: { heartbeatMs: 3000 } } }, async (husky) => {
    const handle = await husky.start(question, { samples: 3, approval: ['math'] });
    const waits = async (solutionId: string) => {
      for (;;) {
        const { approvals } = await handle.waiting();
        const mine = approvals.find((approval) => approval.solutionId === solutionId);
        if (mine) return mine.id;
        await new Promise((next) => setTimeout(next, 100));
      }
    };
    const hinted = async (solutionId: string) => {
      const { steps = [] } = (await handle.progress(solutionId)) ?? {};
      return steps.some(({ tool, output }) => tool === 'hint' && output === 'A bag holds seven.');
    };
    expect([await waits('1-1'), await waits('1-2')]).toEqual(['1-1.1', '1-2.1']);
    const told = new Map<string, SampleEvent>();
    for await (const event of handle.stream()) {
      if (event.type === 'sample') told.set(event.id, event);
      if (told.size === 2) break;
    }
    expect(told.get('1-2')).toMatchObject({ steps: 0, chosen: { tool: 'math', step: 'Think of bag 1.' } });
    await handle.hint('A bag holds seven.');
    await handle.approve({ approval: '1-1.1' });
    await handle.approve({ approval: '1-2.1' });
    await handle.approve({ approval: await waits('1-3') });
    expect(await handle.result()).toMatchObject({ answer: '21', votes: { shown: 2 } });
    expect([await hinted('1-1'), await hinted('1-2'), await hinted('1-3')]).toEqual([true, true, true]);
  });
  expect(new Set(asked.map(({ sample }) => sample))).toEqual(new Set([0, 1, 2]));
});

test('each question of a batch has its samples, as many as fit', async () => {
  const { parts } = scriptedSamples(['21', '21', '20']);
  await withWorkers(server, { parts }, async (husky) => {
    const batch = await husky.startBatch([question, question], { samples: 3 });
    expect(await batch.results()).toMatchObject([
      { solution: { answer: '21', votes: { shown: 1 } } },
      { solution: { answer: '21', votes: { shown: 1 } } },
    ]);
    const large = await husky.startBatch([question, question, question], { samples: 32 });
    const [refused] = await large.results();
    expect(refused).toMatchObject({
      failure: { type: 'InputInvalid', message: expect.stringContaining('give it 2 questions at most') as string },
    });
  });
});

test.each([0, -1, 2.5, 1000])('%d samples are refused by the solution', async (samples) => {
  const { parts } = scriptedSamples(['21']);
  const refused = await withWorkers(server, { parts }, (husky) =>
    husky.solve(question, { samples }).catch((error: unknown) => error),
  );
  expect(explainError(refused).message).toContain(`samples is ${samples}; 1 to 32 are possible.`);
});

test('a configuration without samples records none, as before there could be several', async () => {
  const { solution } = await solve(['21'], { samples: undefined }, testConfig());
  expect(solution).not.toHaveProperty('votes');
});
