/** What a schedule, the Temporal UI or a client in another language may start a solution with. */
import { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { HuskyClient } from '../../src/client';
import { explainError } from '../../src/explain-error';
import { scriptSolutions } from '../../src/testing';
import { eventually } from '../cli/command';
import { solvingCode } from '../workflow-code';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const { question } = spiders;
const odd: [name: string, type: string, args: unknown[], message: RegExp][] = [
  ['no input', 'huskySolve', [], /takes \{"question": "..."\}, and the input is missing/],
  ['null', 'huskySolve', [null], /the input is null/],
  ['a text', 'huskySolve', [question], /the input is "A garden/],
  ['a list', 'huskySolve', [[question]], /the input is \["A garden/],
  ['another name', 'huskySolve', [{ Question: question }], /the input is \{"Question":/],
  ['a number as question', 'huskySolve', [{ question: 5 }], /the input is \{"question":5\}/],
  ['one tool as text', 'huskySolve', [{ question, builtInTools: 'math' }], /builtInTools is "math"/],
  ['no words', 'huskySolve', [{ question: ' ' }], /The question is empty/],
  ['too many words', 'huskySolve', [{ question: 'x'.repeat(1_400_000) }], /The question has 1400002 bytes as JSON/],
  [
    'a limit out of place',
    'huskySolve',
    [{ question, maxSteps: 2 }],
    /maxSteps is no field of the input; write \{"limits": \{"maxSteps"/,
  ],
  [
    'a name in snake case',
    'huskySolve',
    [{ question, built_in_tools: [] }],
    /built_in_tools is no field.*It may hold question/,
  ],
  ['nothing carried', 'huskySolve', [{ question, carried: {} }], /carried is \{\}/],
  ['steps below zero', 'huskySolve', [{ question, stepsPerActivity: -1 }], /stepsPerActivity is -1/],
  [
    'limits beside the input',
    'huskySolve',
    [{ question }, { maxSteps: 3 }],
    /takes one input such as \{"question": .*a second one is \{"maxSteps":3\}/,
  ],
  ['a batch of one text', 'huskySolveBatch', [{ questions: question }], /takes \{"questions": \["..."\]\}/],
  ['a batch without input', 'huskySolveBatch', [], /the input is missing/],
  ['a question that is no text', 'huskySolveBatch', [{ questions: [question, 5] }], /question 2 is 5/],
];

test('an input that cannot be read ends the workflow, which says what it takes (T01)', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (_, prefix) => {
    const said = await Promise.all(
      odd.map(async ([name, type, args]) => {
        const started = { taskQueue: `${prefix}-husky`, workflowId: name.replaceAll(' ', '-'), args };
        const failed = await server.client.workflow.execute(type, started).catch((error: unknown) => error);
        let root = failed as Error;
        while (root.cause instanceof Error) root = root.cause;
        return { name, type: root instanceof ApplicationFailure ? root.type : root, message: root.message };
      }),
    );
    expect(said).toEqual(
      odd.map(([name, , , message]) => ({
        name,
        type: 'InputInvalid',
        message: expect.stringMatching(message) as string,
      })),
    );
  });
});

test('null stands for an absent field, as Python and Go write it, and lists know the question of a workflow without memo', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (_, prefix) => {
    const absent = {
      limits: null,
      builtInTools: null,
      stepsPerActivity: null,
      approval: null,
      samples: null,
      tag: null,
      carried: null,
    };
    const started = { taskQueue: `${prefix}-husky`, workflowId: 'of-another-language' };
    const handle = await server.client.workflow.start('huskySolve', { ...started, args: [{ question, ...absent }] });
    expect(await handle.result()).toMatchObject({ answer: spiders.answer, stopReason: 'finished' });
    expect((await handle.describe()).memo).toMatchObject({ question: expect.stringMatching(/^A garden/) as string });
  });
});

test('a client whose queries are refused by ended workflows hears of an ended solution from its result', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (_, prefix) => {
    const husky = new HuskyClient({ client: server.client, taskQueue: `${prefix}-husky` });
    const solution = await (await husky.start(question)).result();
    const { connection, options } = server.client;
    const strict = new Client({
      connection,
      namespace: options.namespace,
      workflow: { queryRejectCondition: 'NOT_OPEN' },
    });
    const { answer, stopReason } = solution;
    expect(await new HuskyClient({ client: strict }).get(solution.workflowId).progress()).toMatchObject({
      answer,
      stopReason,
    });
  });
});

test('programs hear the same from the client, before anything is started', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (husky) => {
    for (const wrong of [undefined, 5, { question }])
      await expect(husky.solve(wrong as never)).rejects.toThrow(/The question must be text, not/);
    await expect(husky.startBatch('text' as never)).rejects.toThrow(/takes a list of questions/);
    await expect(husky.startBatch([5] as never)).rejects.toThrow(/must be text, not 5/);
  });
});

test('what the server refuses is told in its words', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (husky) => {
    const refused = async (options: object) =>
      explainError(await husky.start(question, options).catch((error: unknown) => error));
    expect(await refused({ workflowId: 'x'.repeat(1001) })).toMatchObject({
      message: 'The Temporal server refuses this: WorkflowId length exceeds limit.',
      exitCode: 2,
    });
    expect(await refused({ memo: { notes: 'x'.repeat(3_000_000) } })).toMatchObject({
      message: expect.stringMatching(/refuses this: Memo size exceeds limit/) as string,
    });
  });
});

test('an answer for a step whose id is no text is refused, and the solution goes on', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (husky) => {
    const solution = await husky.start(question);
    const approving = solution.workflow.executeUpdate('huskyApprove', { args: [{ approval: 5 }] });
    await expect(approving).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/approval must be text/) as string },
    });
    expect((await solution.result()).stopReason).toBe('finished');
  });
});

test('a worker whose codec has another key is told from workflow code that fails (T10)', async () => {
  const decode = () => Promise.reject(new Error('The operation failed for an operation-specific reason'));
  const worker = await Worker.create({
    connection: server.native,
    taskQueue: 'another-key',
    workflowBundle: await solvingCode(),
    dataConverter: { payloadCodecs: [{ encode: (payloads) => Promise.resolve(payloads), decode }] },
  });
  const husky = new HuskyClient({ client: server.client, taskQueue: 'another-key' });
  await worker.runUntil(async () => {
    const solution = await husky.start(question);
    let trouble: string | undefined;
    await eventually(async () => (trouble = await solution.trouble()) !== undefined);
    expect(trouble).toMatch(/the codec of its worker: The operation failed.*Another key or codec wrote its payloads/);
    await solution.workflow.terminate();
  });
});
