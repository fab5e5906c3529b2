import { Worker } from '@temporalio/worker';
import { HuskyClient } from '../../src/client';
import { searchAttributeProblem } from '../../src/runtime/search-attributes';
import { scriptSolutions } from '../../src/testing';
import { WorkflowStuckError } from '../../src/workflow-trouble';
import { eventually, household } from '../cli/command';
import { inOneThread, solvingCode, workflowCodeOf } from '../workflow-code';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
const home = household();
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await home.close();
  await server.stop();
});

test('a solution whose workflow code fails says why: handle, show, list, watch and doctor (T01)', async () => {
  const taskQueue = 'without-solving';
  const worker = await Worker.create({
    ...inOneThread,
    connection: server.native,
    taskQueue,
    workflowBundle: await workflowCodeOf(require.resolve('./call-any-activity')),
  });
  await worker.runUntil(async () => {
    const husky = new HuskyClient({ client: server.client, taskQueue });
    const handle = await husky.start(spiders.question, { workflowId: 'stuck' });
    const reason = /its code fails \(.*'huskySolve': no such function.*export \* from 'temporal-husky\/workflows'/;
    while ((await handle.trouble()) === undefined) await new Promise((next) => setTimeout(next, 100));
    expect(await handle.trouble()).toMatch(reason);
    await expect(handle.progress()).rejects.toThrow(WorkflowStuckError);
    await expect(handle.watch().next()).rejects.toThrow(reason);
    await expect(handle.stream({ untilStuck: true }).next()).rejects.toThrow(WorkflowStuckError);

    const env = { TEMPORAL_ADDRESS: server.address };
    const show = await home.run(['show', 'stuck'], { env });
    expect([show.code, show.err]).toEqual([1, expect.stringMatching(reason)]);
    expect((await home.run(['list'], { env })).out).toMatch(reason);
    const [line = '{}'] = (await home.run(['list', '--json'], { env })).out.split('\n');
    expect(JSON.parse(line)).toMatchObject({ workflowId: 'stuck', trouble: expect.stringMatching(reason) });
    expect((await home.run(['doctor'], { env })).out).toMatch(reason);
    const watch = home.start(['watch', 'stuck'], { env });
    await watch.until(reason);
    watch.child.kill('SIGINT');
    await watch.done;
    await handle.workflow.terminate();
  });
});

test('a worker that runs the workflow without the plugin, beside one with it, is told to take it too', async () => {
  const worker = await Worker.create({
    connection: server.native,
    taskQueue: 'without-plugin',
    workflowBundle: await solvingCode(),
  });
  await worker.runUntil(async () => {
    const husky = new HuskyClient({ client: server.client, taskQueue: 'without-plugin' });
    const handle = await husky.start(spiders.question);
    await eventually(async () => (await handle.trouble()) !== undefined);
    expect(await handle.trouble()).toMatch(/'huskyRecordProfile' not registered on worker.* needs the HuskyPlugin too/);
    await handle.workflow.terminate();
  });
});

test('a value that is no JSON, as Python writes NaN, is told with its way out', async () => {
  await withWorkers(server, { parts: scriptSolutions([spiders]).parts }, async (husky) => {
    const { taskQueue } = await (await husky.start(spiders.question)).workflow.describe();
    const nan = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{"question":NaN}') };
    await server.client.workflowService.startWorkflowExecution({
      ...{ namespace: 'default', workflowId: 'nan', requestId: 'nan' },
      ...{ workflowType: { name: 'huskySolve' }, taskQueue: { name: taskQueue }, input: { payloads: [nan] } },
    });
    const handle = husky.get('nan');
    await eventually(async () => (await handle.trouble()) !== undefined);
    expect(await handle.trouble()).toMatch(/NaN.*is not valid JSON.*another language.*reset/);
    await handle.workflow.terminate();
  });
});

test('a tool whose activity returns NaN, as Python writes it, is named', async () => {
  const tool = { name: 'weigh', description: 'weighs', activity: 'weighIt', taskQueue: 'scales' };
  const step = { tool: 'weigh', step: 'Weigh a jar.', output: '{"kg":1}' };
  const scales = await Worker.create({
    connection: server.native,
    taskQueue: 'scales',
    activities: { weighIt: () => ({ output: 'NOT-A-NUMBER' }) },
    dataConverter: {
      payloadCodecs: [
        {
          decode: (payloads) => Promise.resolve(payloads),
          encode: (payloads) =>
            Promise.resolve(
              payloads.map(({ metadata, data }) => ({
                metadata,
                data: Buffer.from(
                  Buffer.from(data ?? [])
                    .toString()
                    .replace('"NOT-A-NUMBER"', '{"kg":NaN}'),
                ),
              })),
            ),
        },
      ],
    },
  });
  const script = scriptSolutions([{ ...spiders, steps: [step] }]);
  const options = { parts: script.parts, config: { tools: [tool], stepsPerActivity: 0 } };
  await scales.runUntil(
    withWorkers(server, options, async (husky) => {
      const handle = await husky.start(spiders.question);
      await eventually(async () => (await handle.trouble()) !== undefined);
      expect(await handle.trouble()).toMatch(
        /its code fails \(the result of the activity weighIt, .*\[weigh\] Weigh a jar\..*NaN.*is not valid JSON.*null and a text.*reset/,
      );
      await handle.workflow.terminate();
    }),
  );
});

test('search attributes that the namespace lacks, or has with another type, hold no solution up (T03)', async () => {
  const parts = () => scriptSolutions([spiders]).parts;
  const config = { searchAttributes: true };
  expect(await searchAttributeProblem(server.client)).toMatch(
    /HuskyStopReason does not exist and HuskySteps does not exist.*search-attribute create --name HuskyStopReason --type Keyword --name HuskySteps --type Int/,
  );
  await withWorkers(server, { parts: parts(), config }, async (husky) => {
    expect(await husky.solve(spiders.question)).toMatchObject({ answer: spiders.answer, stopReason: 'finished' });
  });
  const other = await startServer({}, { HuskyStopReason: 'Keyword', HuskySteps: 'Keyword' });
  try {
    expect(await searchAttributeProblem(other.client)).toMatch(/HuskySteps is of type Keyword, not Int/);
    await withWorkers(other, { parts: parts(), config }, async (husky) => {
      expect(await husky.solve(spiders.question)).toMatchObject({ answer: spiders.answer });
    });
  } finally {
    await other.stop();
  }
});

test('search attributes that are there are set, and a solution without trouble tells none', async () => {
  const other = await startServer({}, { HuskyStopReason: 'Keyword', HuskySteps: 'Int' });
  try {
    expect(await searchAttributeProblem(other.client)).toBeUndefined();
    const options = { parts: scriptSolutions([spiders]).parts, config: { searchAttributes: true } };
    await withWorkers(other, options, async (husky) => {
      const handle = await husky.start(spiders.question);
      const { steps } = await handle.result();
      expect(await handle.trouble()).toBeUndefined();
      const { searchAttributes } = await handle.workflow.describe();
      expect(searchAttributes).toMatchObject({ HuskyStopReason: ['finished'], HuskySteps: [steps.length] });
    });
  } finally {
    await other.stop();
  }
});
