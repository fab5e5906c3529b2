import { createFailure } from '../../src/failures';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting, spiders } from './solutions';

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

test('the same question under one id is solved once, whether the solution runs or has ended; --again solves it anew', async () => {
  const script = scriptSolutions([spiders], { delayMs: 50 });
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const first = await husky.start(spiders.question, { workflowId: 'one' });
    const second = await husky.start(spiders.question, { workflowId: 'one', again: true });
    expect([first.joined, second.joined]).toEqual([false, true]);
    const solution = await second.result();
    expect(solution).toEqual(await first.result());
    const calls = script.calls.length;
    const third = await husky.start(spiders.question, { workflowId: 'one' });
    expect([third.joined, await third.result()]).toEqual([true, solution]);
    expect(script.calls).toHaveLength(calls);
    const anew = await husky.solve(spiders.question, { workflowId: 'one', again: true });
    expect(anew).toMatchObject({ answer: solution.answer });
    expect(anew.runId).not.toBe(solution.runId);
    expect(script.calls).toHaveLength(2 * calls);
  });
});

test('an id of another question is refused, running or ended, and so is one of another kind of workflow', async () => {
  const script = scriptSolutions([spiders, counting(2)], { delayMs: 50 });
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { workflowId: 'two' });
    const refused = (again = false) => husky.start(counting(2).question, { workflowId: 'two', again });
    const error = {
      type: 'IdTaken',
      message: expect.stringMatching(/^two is the id of another question .*running/),
    };
    await expect(refused()).rejects.toMatchObject(error);
    await expect(refused(true)).rejects.toMatchObject(error);
    await handle.result();
    await expect(refused()).rejects.toThrow(
      /^two is the id of another question than "[^"]*" \(completed\)\. Choose another id, or ask the same again to join it\.$/,
    );
    await expect(husky.startBatch([spiders.question], { workflowId: 'two' })).rejects.toThrow(/of type huskySolve /);
  });
});

test('a batch of the same questions is solved once, and one of others is refused', async () => {
  const script = scriptSolutions([spiders, counting(1)]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const questions = [spiders.question, counting(1).question];
    const outcomes = await (await husky.startBatch(questions, { workflowId: 'three' })).results();
    const calls = script.calls.length;
    const again = await husky.startBatch(questions, { workflowId: 'three' });
    expect([again.joined, await again.results()]).toEqual([true, outcomes]);
    expect(script.calls).toHaveLength(calls);
    await expect(husky.startBatch(questions.slice(1), { workflowId: 'three' })).rejects.toThrow(/another question/);
  });
});

test('a solution that failed is solved anew under its id', async () => {
  let refuse = true;
  const script = scriptSolutions([spiders], {
    fail: () => (refuse ? createFailure('ModelAuthentication', 'The key was refused.') : undefined),
  });
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    await expect(husky.solve(spiders.question, { workflowId: 'four' })).rejects.toThrow();
    refuse = false;
    expect(await husky.solve(spiders.question, { workflowId: 'four' })).toMatchObject({ answer: spiders.answer });
  });
});
