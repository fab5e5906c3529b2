/** Several questions in one workflow are solved as they are apart, fail apart, and are let go together. */
import type { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { createFailure } from '../../src/failures';
import { scriptSolutions } from '../../src/testing';
import type { BatchOutcome } from '../../src/contract/batch';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting, spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  // So that a batch takes several runs, as a longer one does with the server's own limit.
  server = await startServer({ 'limit.historyCount.suggestContinueAsNew': '512' });
});
afterAll(() => server.stop());

const answers = (outcomes: readonly BatchOutcome[]) =>
  outcomes.map((outcome) => ('solution' in outcome ? outcome.solution.answer : outcome.failure.type));
const hang = 600_000;

describe.each([
  ['server', 0],
  ['server', 8],
  ['file', 20],
] as const)('with journal %s with %i steps an activity', (journal, stepsPerActivity) => {
  const config = { journal, stepsPerActivity, timeouts: { heartbeatMs: 3000 } };
  const batch = [spiders, counting(3), counting(2, 'Bob')];
  const questions = batch.map(({ question }) => question);

  test('each question has its answer and its trajectory, and one that fails does so alone', async () => {
    const script = scriptSolutions(batch, {
      fail: ({ part, input }) =>
        part === 'code' && input.includes('of Bob.')
          ? createFailure('ModelAuthentication', 'The key was refused.')
          : undefined,
    });
    await withWorkers(server, { parts: script.parts, config }, async (husky) => {
      const handle = await husky.startBatch(questions);
      const outcomes = await handle.results();
      expect(answers(outcomes)).toEqual(['96', '3', 'ModelAuthentication']);
      expect(outcomes[0]).toMatchObject({ solution: { stopReason: 'finished', steps: { length: 4 } } });
      expect(outcomes[2]).toMatchObject({
        failure: { message: expect.stringContaining('The key was refused.') as string },
      });
      expect(await husky.get(handle.workflowId).progress('2')).toMatchObject({ question: questions[1], answer: '3' });
      const { events } = await handle.workflow.fetchHistory();
      expect(events?.filter((event) => event.markerRecordedEventAttributes)).toHaveLength(1);
    });
    const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
    expect(new Set(asked).size).toBe(asked.length);
  });

  test('a cancelled batch lets all its calls go', async () => {
    const script = scriptSolutions(batch, { delayMs: ({ part }) => (part === 'action' ? hang : 0) });
    await withWorkers(server, { parts: script.parts, config }, async (husky) => {
      const handle = await husky.startBatch(questions);
      while (script.calls.length < 3) await new Promise((next) => setTimeout(next, 20));
      await handle.cancel();
      // It waits for calls that are let go, not for those that hang.
      const ended = await handle.results().catch((error: unknown) => error);
      expect((ended as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
    });
    expect(script.calls.map(({ output }) => output)).toEqual([undefined, undefined, undefined]);
  });
});

test('a long batch goes on in a new run, and asks nothing twice', async () => {
  const batch = [counting(40), counting(2, 'Bob'), counting(35, 'Cleo')];
  const script = scriptSolutions(batch);
  await withWorkers(server, { parts: script.parts, config: { limits: { maxSteps: 60 } } }, async (husky) => {
    const handle = await husky.startBatch(batch.map(({ question }) => question));
    expect(answers(await handle.results())).toEqual(['40', '2', '35']);
    const { raw } = await handle.workflow.describe();
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  });
  const asked = script.calls.map(({ part, input }) => `${part} ${input}`);
  expect(new Set(asked).size).toBe(asked.length);
});

test('who asks to finish is heard by questions that have left for the next run, too', async () => {
  const batch = [counting(60), counting(8, 'Bob')];
  const script = scriptSolutions(batch, { delayMs: ({ input }) => (input.includes('Bob said 2.') ? hang : 0) });
  await withWorkers(server, { parts: script.parts, config: { limits: { maxSteps: 80 } } }, async (husky) => {
    const handle = await husky.startBatch(batch.map(({ question }) => question));
    // The first question waits for the second, which hangs, to go on in a new run together.
    for (let events = 0, quiet = 0; events < 512 || quiet < 3; quiet += 1) {
      await new Promise((next) => setTimeout(next, 1000));
      const { historyLength } = await handle.workflow.describe();
      if (historyLength !== events) quiet = -1;
      events = historyLength;
    }
    const asked = script.calls.length;
    await husky.get(handle.workflowId).finishNow();
    const outcomes = await handle.results();
    expect(outcomes).toMatchObject([
      { solution: { stopReason: 'finish-now', partial: true } },
      { solution: { stopReason: 'finish-now', answer: '2' } },
    ]);
    expect(script.calls.length).toBe(asked);
    const { raw } = await handle.workflow.describe();
    expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(raw.workflowExecutionInfo?.execution?.runId);
  });
});

test('what cannot be a batch is refused before anything is started', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (husky) => {
    const many = (count: number) => Array.from({ length: count }, () => 'How many?');
    await expect(husky.startBatch([])).rejects.toThrow(
      'A batch of 0 questions cannot be started; 1 to 32 are possible.',
    );
    await expect(husky.startBatch(many(33))).rejects.toThrow('1 to 32 are possible');
    await expect(husky.startBatch(['How many?', ' '])).rejects.toThrow('The question is empty.');
    await expect(husky.startBatch(many(3), { maxQuestionChars: 20 })).rejects.toThrow(
      'The 3 questions of the batch have together 27 characters; 20 are the limit.',
    );
  });
});
