import { asyncLocalStorage } from '@temporalio/nexus/lib/context';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { OperationHandler } from 'nexus-rpc';
import { createNexusHandler } from '../src/nexus';
import { askedMemo } from '../src/start-once';

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

test('null stands for an absent field, as callers in other languages write it', async () => {
  const [begun] = await send({ question: 'How many legs?', limits: null, id: null });
  expect(begun?.args).toEqual([{ question: 'How many legs?' }]);
});

/** What the server holds under an id. */
interface There {
  status: string;
  question: string;
}

async function sendUnder(id: string, there: There | undefined, question = 'How many legs?') {
  const started: { workflowId: string; workflowIdConflictPolicy?: string; args: unknown[] }[] = [];
  const workflow = {
    start: async (_type: string, options: (typeof started)[number]) => {
      started.push(options);
      return { workflowId: options.workflowId, firstExecutionRunId: 'run' };
    },
    getHandle: (workflowId: string) => ({
      describe: async () => {
        if (!there) throw new WorkflowNotFoundError('absent', workflowId, undefined);
        const status = { name: there.status };
        return { workflowId, type: 'huskySolve', status, memo: askedMemo(there.question) };
      },
      result: async () => ({ answer: '8' }),
    }),
  };
  const { solve } = createNexusHandler().handlers as unknown as { solve: OperationHandler<unknown, unknown> };
  const context = { client: { workflow }, taskQueue: 'nexus', namespace: 'default' };
  const request = { requestId: 'r', inboundLinks: [], outboundLinks: [], callbackHeaders: {} };
  const outcome = await asyncLocalStorage.run(context as never, async () =>
    solve.start(request as never, { question, id }),
  );
  return { outcome: outcome as { isAsync: boolean; value?: unknown }, started };
}

test('a caller names the id: a new one is started under it, a running one is joined, an ended one answered at once', async () => {
  for (const there of [undefined, { status: 'RUNNING', question: 'How many legs?' }]) {
    const { outcome, started } = await sendUnder('legs', there);
    expect(outcome.isAsync).toBe(true);
    expect(started).toMatchObject([{ workflowId: 'legs', workflowIdConflictPolicy: 'USE_EXISTING' }]);
    expect(started[0]?.args).toEqual([{ question: 'How many legs?' }]);
  }
  const { outcome, started } = await sendUnder('legs', { status: 'COMPLETED', question: 'How many legs?' });
  expect(outcome).toMatchObject({ isAsync: false, value: { answer: '8' } });
  expect(started).toEqual([]);
});

test("another question's id is refused", async () => {
  await expect(sendUnder('legs', { status: 'RUNNING', question: 'How many arms?' })).rejects.toMatchObject({
    type: 'IdTaken',
    message: expect.stringMatching(/legs is the id of another question than "How many legs\?" \(running\)/) as string,
  });
});

test.each([
  ['an empty question', { question: '  ' }, /The question is empty/],
  ['a question that is too long', { question: 'x'.repeat(400_001) }, /400001 characters; 400000 are the limit/],
  ['no question', {}, /The input of solve: question: missing/],
  ['limits that are no numbers', { question: 'Why?', limits: { maxSteps: '3' } }, /limits\.maxSteps: .*number/],
])('%s is refused as the client refuses it', async (_what, input, message) => {
  await expect(send(input)).rejects.toMatchObject({
    type: 'BAD_REQUEST',
    retryable: false,
    cause: { type: 'InputInvalid' },
    message: expect.stringMatching(message) as string,
  });
});
