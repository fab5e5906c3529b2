/** Steps that wait for people, hints and pauses, against a real server. */
import { setTimeout as pause } from 'node:timers/promises';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { scriptSolutions } from '../../src/testing';
import type { SolutionHandle } from '../../src/client';
import type { ApprovalNotice } from '../../src/contract/people';
import type { SolutionEvent } from '../../src/trajectory/solution-events';
import { PEOPLE_UPDATES, WAITING_MEMO } from '../../src/workflows';
import { inOneThread, solvingCode } from '../workflow-code';
import { startServer, withWorkers, type TestServer } from './harness';
import { counting, spiders } from './solutions';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** The step that waits, as soon as one does. @param beside one that waited before */
async function asked(handle: SolutionHandle, beside?: string) {
  for (;;) {
    const { approvals = [] } = (await handle.waiting().catch(() => undefined)) ?? {};
    const approval = approvals.find(({ id }) => id !== beside);
    if (approval) return approval;
    await pause(50);
  }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: Error) => error.message,
  );
const ran = (calls: { part: string }[]) => calls.filter(({ part }) => part === 'execute').length;

/** An activity a call, and several steps an activity. */
const batches = [0, 8];

test.each(batches)(
  'a program runs when it was approved and not before; who and when stand in the step (%i steps an activity)',
  async (stepsPerActivity) => {
    const script = scriptSolutions([spiders]);
    await withWorkers(server, { parts: script.parts }, async (husky) => {
      const before = Date.now();
      const handle = await husky.start(spiders.question, { stepsPerActivity, approval: ['programs'] });
      const approval = await asked(handle);
      expect(approval).toMatchObject({
        id: '1.4',
        index: 3,
        tool: 'code',
        because: 'programs',
        code: 'console.log(12 * 6 + 24)',
      });
      expect(ran(script.calls)).toBe(0);
      const listed: string[] = [];
      while (listed.length === 0)
        for await (const { workflowId, what } of husky.waiting())
          if (workflowId === handle.workflowId) listed.push(what);
      expect(listed).toEqual(['1.4 [code] Compute 12 times 6 plus 24.']);
      await handle.approve({ by: 'ada' });
      const solution = await handle.result();
      expect(solution.answer).toBe('96');
      expect(ran(script.calls)).toBe(1);
      expect(solution.steps[3]?.decisions).toEqual([
        {
          kind: 'approved',
          because: 'programs',
          by: 'ada',
          askedAt: expect.any(Number),
          decidedAt: expect.any(Number),
        },
      ]);
      expect(solution.steps[3]?.decisions?.[0]?.decidedAt).toBeGreaterThanOrEqual(before);
      expect((await handle.workflow.describe()).memo?.[WAITING_MEMO] ?? null).toBeNull();
    });
  },
);

test.each(batches)(
  'the action generator reads the reason of a refusal (%i steps an activity)',
  async (stepsPerActivity) => {
    const script = scriptSolutions([spiders]);
    await withWorkers(server, { parts: script.parts }, async (husky) => {
      const handle = await husky.start(spiders.question, { stepsPerActivity, approval: ['search'] });
      expect(await asked(handle)).toMatchObject({ id: '1.1', because: 'search' });
      await handle.refuse('The jar is open, so take 12.', { by: 'ada' });
      const { steps, answer } = await handle.result();
      expect(answer).toBe('96');
      const output = 'A person refused this step: The jar is open, so take 12.';
      expect(steps[0]).toMatchObject({
        tool: 'search',
        output,
        failure: { kind: 'refused', message: 'The jar is open, so take 12.' },
      });
      expect(script.calls.filter(({ part }) => part === 'search')).toHaveLength(0);
      expect(script.calls.filter(({ part }) => part === 'action')[1]?.input).toContain(output);
    });
  },
);

test('a step is edited, a program is edited, and a step is answered in the place of its tool', async () => {
  const more = [
    { tool: 'math', step: 'Multiply 3 by 9.', output: '27.' },
    { tool: 'code', step: 'Compute 12 times 6 plus 24.', code: 'console.log(1000)', observation: '1000', output: '' },
  ];
  const script = scriptSolutions([{ ...spiders, steps: [...spiders.steps, ...more] }]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { approval: ['always'] });
    await asked(handle);
    await handle.answer('Jar 7 holds 12 insects.', { by: 'ada', reason: 'I counted them' });
    await asked(handle, '1.1');
    await handle.approve();
    expect(await asked(handle, '1.2')).toMatchObject({ id: '1.3', tool: 'math' });
    await handle.edit({ step: 'Multiply 3 by 9.', by: 'bob' });
    expect(await asked(handle, '1.3')).toMatchObject({ tool: 'math', step: 'Multiply 3 by 8 for the spiders.' });
    await handle.approve();
    expect(await asked(handle, '1.4')).toMatchObject({ tool: 'code' });
    await handle.edit({ code: 'console.log(1000)' });
    const { steps } = await handle.result();
    expect(steps[0]).toMatchObject({
      output: 'Jar 7 holds 12 insects.',
      decisions: [{ kind: 'answered', by: 'ada', reason: 'I counted them' }],
    });
    const math = { tool: 'math', step: 'Multiply 3 by 8 for the spiders.' };
    expect(steps[2]).toMatchObject({
      step: 'Multiply 3 by 9.',
      output: '27.',
      decisions: [{ kind: 'edited', by: 'bob', proposed: math }],
    });
    expect(steps.at(-1)).toMatchObject({
      code: 'console.log(1000)',
      observation: '1000',
      decisions: [{ kind: 'edited', proposed: { code: 'console.log(12 * 6 + 24)' } }],
    });
    expect(script.calls.filter(({ part }) => part === 'search' || part === 'query')).toHaveLength(0);
  });
});

test.each(batches)(
  'a hint reaches the action generator before its next step, and a pause holds that step back (%i steps an activity)',
  async (stepsPerActivity) => {
    const script = scriptSolutions([counting(6)], { delayMs: ({ part }) => (part === 'action' ? 300 : 0) });
    await withWorkers(server, { parts: script.parts, config: { timeouts: { heartbeatMs: 1000 } } }, async (husky) => {
      const handle = await husky.start(counting(6).question, { stepsPerActivity });
      while (script.calls.length < 3) await pause(50);
      expect(await handle.pause({ by: 'ada' })).toMatchObject({ paused: { by: 'ada' } });
      expect(await handle.hint('Ada likes even numbers.', { by: 'bob' })).toMatchObject({ hints: 1 });
      // The step in flight may end; then nothing happens any more.
      let calls = -1;
      while (calls !== script.calls.length) {
        calls = script.calls.length;
        await pause(2000);
      }
      expect((await handle.workflow.describe()).status.name).toBe('RUNNING');
      expect(script.calls.some(({ input }) => input.includes('Ada likes even numbers.'))).toBe(false);
      expect(await handle.resume()).toEqual({ approvals: [], hints: 1 });
      const { steps, answer } = await handle.result();
      expect(answer).toBe('6');
      const hint = steps.find(({ tool }) => tool === 'hint');
      expect(hint).toMatchObject({ output: 'Ada likes even numbers.', decisions: [{ kind: 'hinted', by: 'bob' }] });
      expect(steps.filter(({ tool }) => tool === 'code').map(({ step }) => step)).toEqual(
        counting(6).steps.map(({ step }) => step),
      );
      expect(steps.map(({ index }) => index)).toEqual(steps.map((_, at) => at));
      const [next] = script.calls.slice(calls).filter(({ part }) => part === 'action');
      expect(next?.input).toContain('Ada likes even numbers.');
    });
  },
);

test('a stream tells of the choice, the wait, the decision and the result, and goes on after any of its positions', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { approval: ['programs'] });
    const events: SolutionEvent[] = [];
    for await (const event of handle.stream({ intervalMs: 50 })) {
      events.push(event);
      if (event.type === 'waiting') await handle.approve({ by: 'ada' });
    }
    const steps = spiders.steps.map(({ tool }) => [`action ${tool}`, `step ${tool}`]).flat();
    const told = events.map((event) => {
      if (event.type === 'step') return `step ${event.step.tool}`;
      if (event.type === 'decided') return `decided ${event.decision.by}`;
      return 'tool' in event ? `${event.type} ${event.tool}` : event.type;
    });
    expect(told).toEqual([...steps.slice(0, -1), 'waiting code', 'decided ada', 'step code', 'end']);
    for (const [at, { position }] of events.entries()) {
      const rest: SolutionEvent[] = [];
      for await (const event of husky.stream(handle.workflowId, { after: position })) rest.push(event);
      expect(rest.map((event) => event.position)).toEqual(events.slice(at + 1).map((event) => event.position));
    }
  });
});

test('of two who decide at once one is told that the other was faster', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { approval: ['search', 'code'] });
    await asked(handle);
    const both = await Promise.all(['ada', 'bob'].map((by) => refusal(handle.approve({ by, approval: '1.1' }))));
    const late = both.filter((answer) => answer !== 'accepted');
    expect(late).toEqual([expect.stringMatching(/^Step 1\.1 was approved by (ada|bob) at \d{4}-.* UTC\. /)]);
    await asked(handle);
    await handle.approve();
    expect((await handle.result()).steps[0]?.decisions).toHaveLength(1);
  });
});

test('a step that is gone, a wrong id, an empty edit and a solution that has ended are answered clearly, and change nothing', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { approval: ['search', 'code'] });
    await asked(handle);
    const { historyLength } = await handle.workflow.describe();
    expect(await refusal(handle.approve({ approval: '1.9' }))).toMatch(
      /No step 1\.9 waits\. These wait: 1\.1 \(\[search\]/,
    );
    expect(await refusal(handle.approve({ approval_id: '1.9' } as never))).toMatch(
      /approval_id is no field of this update; it may have approval, by, reason\./,
    );
    expect(await refusal(handle.hint('Look.', { who: 'ada' } as never))).toContain('who is no field');
    expect(await refusal(handle.edit({}))).toContain('Nothing was changed');
    expect(await refusal(handle.edit({ tool: 'abacus' }))).toContain('There is no tool abacus; there are code, math,');
    expect(await refusal(handle.edit({ code: '1' }))).toContain('Step 1.1 has no program');
    expect(await refusal(handle.answer(' '))).toContain('The answer is missing');
    expect(await refusal(handle.hint('x'.repeat(20_001)))).toContain('20000 are the limit');
    expect(await refusal(handle.resume())).toContain('It is not paused');
    expect((await handle.waiting()).approvals).toHaveLength(1);
    expect((await handle.workflow.describe()).historyLength).toBe(historyLength);
    await handle.approve({ by: 'ada', approval: '1.1' });
    await asked(handle, '1.1');
    const late = await refusal(handle.refuse('No.', { approval: '1.1' }));
    expect(late).toMatch(/Step 1\.1 was approved by ada.*These wait: 1\.4/);
    // In the Temporal UI a person writes 42, which is a number.
    await handle.workflow.executeUpdate('huskyAnswer', { args: [42] });
    expect((await handle.result()).steps.find(({ tool }) => tool === 'code')).toMatchObject({ output: '42' });
    expect(await refusal(handle.approve())).toContain('has ended (completed)');
    expect(await refusal(husky.get('nobody').approve())).toContain('There is no solution nobody');
    const unknown = await husky.solve(spiders.question, { approval: ['abacus'] }).catch((error: unknown) => error);
    expect(JSON.stringify(unknown, ['message', 'cause'])).toContain('is neither a rule nor a tool');
  });
});

test('a signal does what the update of its name does, and the query tells one that was refused', async () => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky) => {
    const handle = await husky.start(spiders.question, { approval: ['programs'] });
    await asked(handle);
    await handle.workflow.signal(PEOPLE_UPDATES.approve, { approval: '9.9' });
    await expect(handle.waiting()).resolves.toMatchObject({
      approvals: [{ id: '1.4' }],
      unheeded: { signal: 'huskyApprove', why: expect.stringContaining('No step 9.9 waits. These wait: 1.4') },
    });
    await handle.workflow.signal(PEOPLE_UPDATES.hint, 'Mind the spiders.');
    const heeded = await handle.waiting();
    expect(heeded).toMatchObject({ hints: 1 });
    expect(heeded).not.toHaveProperty('unheeded');
    await handle.workflow.signal(PEOPLE_UPDATES.approve);
    const { steps, answer } = await handle.result();
    expect(answer).toBe('96');
    expect(steps[3]?.decisions).toMatchObject([{ kind: 'approved' }]);
    expect(ran(script.calls)).toBe(1);
    await Worker.runReplayHistory(
      { workflowBundle: await solvingCode(), ...inOneThread },
      await handle.workflow.fetchHistory(),
    );
  });
});

test.each([1, 2])('a hint that comes with the start is read (samples: %i)', async (samples) => {
  const script = scriptSolutions([spiders]);
  await withWorkers(server, { parts: script.parts }, async (husky, prefix) => {
    const begin = new WithStartWorkflowOperation('huskySolve', {
      ...{ taskQueue: `${prefix}-husky`, workflowId: `hinted-${samples}`, workflowIdConflictPolicy: 'FAIL' as const },
      args: [{ question: spiders.question, samples }],
    });
    const hint = { args: [{ hint: 'Ada likes even numbers.' }] as [object], startWorkflowOperation: begin };
    const { workflow } = server.client;
    expect(await workflow.executeUpdateWithStart(PEOPLE_UPDATES.hint, hint)).toMatchObject({ hints: 1 });
    const { steps } = await husky.get(`hinted-${samples}`).result();
    expect(steps[0]).toMatchObject({ tool: 'hint', output: 'Ada likes even numbers.' });
    expect((await husky.get(`hinted-${samples}`).waiting()).hints).toBe(0);
  });
});

test('a step waits while no worker runs, and the solution goes on with the next worker', async () => {
  const script = scriptSolutions([spiders]);
  const options = { parts: script.parts, config: { queues: { prefix: 'patient' } } };
  const id = await withWorkers(server, options, async (husky) => {
    const handle = await husky.start(spiders.question, { approval: ['code'] });
    await asked(handle);
    return handle.workflowId;
  });
  const calls = script.calls.length;
  await withWorkers(server, options, async (husky) => {
    expect((await asked(husky.get(id))).id).toBe('1.4');
    await husky.get(id).approve();
    expect((await husky.get(id).result()).answer).toBe('96');
  });
  expect(script.calls.slice(calls).map(({ part }) => part)).toEqual(['execute', 'commonsense', 'action']);
});

test.each([
  ['approve', 'approved', 2],
  ['refuse', 'refused', 0],
] as const)('nobody decides in time: the default is to %s', async (atDeadline, kind, programs) => {
  const script = scriptSolutions([counting(2)]);
  const approval = { steps: ['code'], deadlineMs: 1000, atDeadline };
  await withWorkers(server, { parts: script.parts, config: { approval } }, async (husky) => {
    const solution = await husky.solve(counting(2).question);
    expect(solution).toMatchObject({ answer: '2', stopReason: 'finished' });
    const decided = [expect.objectContaining({ kind, byDeadline: true })];
    expect(solution.steps.map(({ decisions }) => decisions)).toEqual([decided, decided]);
    expect(ran(script.calls)).toBe(programs);
  });
});

test('an activity of the user tells of a step that waits and reminds, and the deadline may end the solution', async () => {
  const notices: string[] = [];
  const script = scriptSolutions([counting(2)]);
  const notify = { activity: 'tellAda', taskQueue: 'ada-desk' };
  const approval = { steps: ['always'], deadlineMs: 10_000, remindMs: 1000, atDeadline: 'finish' as const, notify };
  const activities = {
    tellAda: async ({ approval: { id }, reminder }: ApprovalNotice) => void notices.push(`${id} ${reminder}`),
  };
  const desk = await Worker.create({ connection: server.native, taskQueue: notify.taskQueue, activities });
  await desk.runUntil(
    withWorkers(server, { parts: script.parts, config: { approval } }, async (husky) => {
      const solution = await husky.solve(counting(2).question);
      expect(solution).toMatchObject({ answer: '', stopReason: 'deadline', partial: true });
    }),
  );
  expect(notices.slice(0, 2)).toEqual(['1.1 0', '1.1 1']);
  expect(ran(script.calls)).toBe(0);
});
