/** Half of a surrogate pair in what an activity fails with, such as a tool that cut its words in the middle of an emoji. */
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { createFailure } from '../../src/failures';
import { boundTools } from '../../src/runtime/tool-bounds';
import { wholeErrors } from '../../src/runtime/whole-errors';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';

jest.setTimeout(120_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const errors: Record<string, () => unknown> = {
  message: () => new Error('x\ud83dy'),
  text: () => 'x\ud83dy',
  type: () => ApplicationFailure.create({ message: 'x\ufffdy', type: 'Odd\ud83d' }),
  cause: () => new Error('x\ufffdy', { cause: new Error('half \ud83d') }),
  ours: () => createFailure('ToolFailed', 'x\ud83dy'),
  long: () => new Error(`x\ud83dy ${'z'.repeat(100_000)}`),
};
const bounds = boundTools([{ name: 'odd', description: 'fails', activity: 'odd' }]);

/** What the tool's call ends in, and whether its worker still works then. */
async function end(kind: string, interceptors: Parameters<typeof Worker.create>[0]['interceptors']) {
  const odd = async (input: string) => {
    if (kind in errors) throw errors[kind]!();
    return `${input} \ud83d`;
  };
  const taskQueue = `odd-${kind}-${String(interceptors?.activity?.length)}-${interceptors?.activity?.[0] === bounds}`;
  const worker = await Worker.create({
    connection: server.native,
    taskQueue,
    workflowsPath: require.resolve('./call-any-activity'),
    activities: { odd },
    ...(interceptors ? { interceptors } : {}),
  });
  const call = server.client.workflow.execute('callAny', {
    taskQueue,
    workflowId: taskQueue,
    args: ['odd', taskQueue, 'in \ud83d'],
  });
  return worker.runUntil(
    call.then(
      (result: unknown) => result,
      (error: Error) => ((error.cause as Error).cause as Error).message,
    ),
  );
}

test.each(Object.keys(errors))('a failure with one in its %s leaves its worker at work', async (kind) => {
  expect(await end(kind, { activity: [wholeErrors] })).toMatch(/^x\ufffdy/);
  expect(await end(kind, { activity: [bounds] })).toMatch(/^x\ufffdy/);
});

test('input and result travel as they are', async () => {
  expect(await end('none', { activity: [] })).toBe('in \ud83d \ud83d');
});

test('our own workers go on, whatever they are failed with', async () => {
  const asked = (question: string) => ({ question, steps: [], answer: '24' });
  const script = scriptSolutions([asked('First?'), asked('Second?')], {
    fail: (call) => (JSON.stringify(call).includes('First?') ? new Error('x\ud83dy') : undefined),
  });
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    await expect(husky.solve('First?')).rejects.toThrow();
    expect((await husky.solve('Second?')).answer).toBe('24');
  });
});
