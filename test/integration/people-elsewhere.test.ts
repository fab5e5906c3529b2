/** People where a solution is no workflow of its own, where it costs money, and where it takes several runs. */
import { HuskyClient } from '../../src/client';
import type { ContextParts } from '../../src/runtime/open-context';
import { scriptSolutions } from '../../src/testing';
import { WAITING_MEMO } from '../../src/workflows';
import { eventually } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { startScriptedServers } from './scripted-servers';
import { counting, spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ 'limit.historyCount.suggestContinueAsNew': '60' });
});
afterAll(() => server.stop());

test('inline solutions of one workflow wait, are decided by their numbers, and pause together', async () => {
  const [ada, bob] = [counting(1, 'Ada'), counting(1, 'Bob')];
  const script = scriptSolutions([ada, bob]);
  const options = { parts: script.parts, workflowsPath: require.resolve('./people-inline') };
  const ran = () => script.calls.filter(({ part }) => part === 'execute').map(({ input }) => input);
  await withWorkers(server, options, async (husky, prefix) => {
    const { workflowId } = await server.client.workflow.start('solveBoth', {
      taskQueue: `${prefix}-husky`,
      workflowId: 'both',
      args: [[ada.question, bob.question]],
    });
    const handle = husky.get(workflowId);
    const waits = async () => ((await handle.waiting().catch(() => undefined))?.approvals ?? []).map(({ id }) => id);
    await eventually(async () => (await waits()).length === 2);
    expect((await waits()).sort()).toEqual(['1.1', '2.1']);
    // A workflow of somebody's own is listed by its type.
    const listed: string[] = [];
    while (listed.length === 0) for await (const { what } of husky.waiting(['solveBoth'])) listed.push(what);
    expect(listed).toEqual([expect.stringMatching(/^[12]\.1 \[code\] .* and 1 more$/)]);

    const refused = async (work: Promise<unknown>) => work.then(String, ({ message }: Error) => message);
    expect(await refused(handle.approve({ by: 'ada' }))).toContain('Several steps wait, so say which: ');
    expect(await refused(handle.hint('Slowly.'))).toContain('Say by solutionId which solution is meant; these run: ');
    expect(await handle.pause({ by: 'ada' })).toMatchObject({ paused: { by: 'ada' } });
    await handle.approve({ approval: '2.1', by: 'ada' });
    await eventually(() => ran().length === 1);
    await handle.refuse('Ada is asleep.', { approval: '1.1', by: 'bob' });
    await eventually(async () => (await handle.progress('1'))?.steps.length === 1);
    await eventually(async () => (await handle.progress('2'))?.steps.length === 1);
    // Both have their step; the pause holds the next one of each back.
    const actions = () => script.calls.filter(({ part }) => part === 'action').length;
    expect(actions()).toBe(2);
    await handle.resume();
    expect(await handle.workflow.result()).toEqual(['1', '1']);
    expect(ran()).toEqual([bob.steps[0]?.code]);
    expect(actions()).toBe(4);
    expect((await handle.progress('1'))?.steps[0]).toMatchObject({
      failure: { kind: 'refused', message: 'Ada is asleep.' },
      decisions: [{ kind: 'refused', by: 'bob' }],
    });
  });
});

test.each([0, 8])(
  'a step waits when the solution has cost so much, and the next so much is allowed with it (%i steps an activity)',
  async (stepsPerActivity) => {
    const models = await startScriptedServers([spiders]);
    try {
      // Each call has 10 tokens of input, and costs 1.
      const price = { input: 100_000, output: 0 };
      const priced = Object.fromEntries(
        Object.entries(models.config.models ?? {}).map(([expert, model]) => [expert, { ...model, price }]),
      );
      const approval = { steps: [], money: 5 };
      const config = { ...models.config, models: priced, approval, stepsPerActivity };
      await withWorkers(server, { config }, async (husky) => {
        const handle = await husky.start(spiders.question);
        await eventually(async () => ((await handle.waiting().catch(() => undefined))?.approvals.length ?? 0) > 0);
        const [approved] = (await handle.waiting()).approvals;
        // Action, query, rewriting; action, common sense; action: 6.
        expect(approved).toMatchObject({ id: '1.3', tool: 'math', because: 'money' });
        expect((await handle.progress())?.usage.money).toBeCloseTo(6);
        await handle.approve({ by: 'ada' });
        const { answer, steps, usage } = await handle.result();
        expect(answer).toBe('96');
        expect(usage.money).toBeCloseTo(11);
        expect(steps.map(({ decisions = [] }) => decisions.map(({ because }) => because))).toEqual([
          [],
          [],
          ['money'],
          [],
        ]);
      });
    } finally {
      await models.close();
    }
  },
);

test('a pause and a hint outlast continue-as-new: the next run begins no step before it is resumed, and then reads the hint', async () => {
  const long = counting(5);
  const script = scriptSolutions([long]);
  const { sandbox } = script.parts;
  let reached = false;
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  const parts: ContextParts = {
    ...script.parts,
    sandbox: sandbox && {
      ...sandbox,
      run: async (request) => {
        // In the step behind which Temporal suggests to continue as new.
        if (request.code.startsWith('console.log(3)')) {
          reached = true;
          await released;
        }
        return sandbox.run(request);
      },
    },
  };
  await withWorkers(server, { parts }, async (husky) => {
    const handle = await husky.start(long.question);
    await eventually(() => reached);
    const { runId } = await handle.workflow.describe();
    await handle.pause({ by: 'ada' });
    await handle.hint('Ada likes even numbers.', { by: 'bob' });
    release();
    await eventually(async () => (await handle.workflow.describe()).runId !== runId);
    expect(await handle.waiting()).toMatchObject({ paused: { by: 'ada' }, hints: 1 });
    const { memo } = await handle.workflow.describe();
    expect(memo?.[WAITING_MEMO]).toBe('paused by ada');
    const listed: string[] = [];
    while (listed.length === 0)
      for await (const { what } of new HuskyClient({ client: server.client }).waiting()) listed.push(what);
    expect(listed).toEqual(['paused by ada']);
    const calls = script.calls.length;
    expect((await handle.progress())?.steps).toHaveLength(3);
    expect(await handle.resume()).not.toHaveProperty('paused');
    const { steps, answer } = await handle.result();
    expect(answer).toBe('5');
    expect(steps.map(({ tool }) => tool)).toEqual(['code', 'code', 'code', 'hint', 'code', 'code']);
    expect(script.calls[calls]).toMatchObject({
      part: 'action',
      input: expect.stringContaining('Ada likes even numbers.'),
    });
    const made = script.calls.map(({ part, input }) => `${part} ${input}`);
    expect(new Set(made).size).toBe(made.length);
    expect((await handle.workflow.describe()).memo?.[WAITING_MEMO] ?? null).toBeNull();
  });
});
