import { asyncLocalStorage } from '@temporalio/nexus/lib/context';
import type { OperationHandler } from 'nexus-rpc';
import { createNexusHandler } from '../src/nexus';

interface Started {
  args: unknown[];
  staticSummary: string;
}

/** Sends an input to the operation, in a context whose client writes down what it is asked to start. */
async function send(input: unknown): Promise<Started[]> {
  const started: Started[] = [];
  const start = async (_type: string, options: Started & { workflowId: string }) => {
    started.push({ args: options.args, staticSummary: options.staticSummary });
    return { workflowId: options.workflowId, firstExecutionRunId: 'run' };
  };
  const context = { client: { workflow: { start } }, taskQueue: 'nexus', namespace: 'default' };
  const { solve } = createNexusHandler().handlers as unknown as { solve: OperationHandler<unknown, unknown> };
  const request = { requestId: 'r', inboundLinks: [], outboundLinks: [], callbackHeaders: {} };
  await asyncLocalStorage.run(context as never, async () => solve.start(request as never, input));
  return started;
}

test('a caller gives question and limits; what a solution carries from run to run is left out', async () => {
  const carried = { profile: { queues: { action: 'elsewhere' } }, steps: [], usage: {}, startedAt: 0 };
  const input = { question: 'How many legs?', limits: { maxSteps: 3 } };
  expect(await send({ ...input, carried, stepsPerActivity: 8 })).toEqual([
    { args: [input], staticSummary: 'How many legs?' },
  ]);
});

test.each([
  ['an empty question', { question: '  ' }, /The question is empty/],
  ['a question that is too long', { question: 'x'.repeat(400_001) }, /400001 characters; 400000 are the limit/],
  ['no question', {}, /The input of solve: question: missing/],
  ['limits that are no numbers', { question: 'Why?', limits: { maxSteps: '3' } }, /limits\.maxSteps: .*number/],
])('%s is refused as the client refuses it', async (_what, input, message) => {
  await expect(send(input)).rejects.toMatchObject({
    type: 'InputInvalid',
    nonRetryable: true,
    message: expect.stringMatching(message) as string,
  });
});
