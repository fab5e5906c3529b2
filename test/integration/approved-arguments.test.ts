/** People read the arguments of a tool before it is called with them, against a real server. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { SolutionHandle } from '../../src/client';
import { scriptSolutions } from '../../src/testing';
import { defineTool, rejectArguments } from '../../src/tools/define-tool';
import { startServer, withWorkers, type TestServer } from './harness';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const sent: unknown[] = [];
const mail = defineTool({
  name: 'mail',
  description: 'sends a message to a person',
  input: z.object({ to: z.string(), text: z.string() }),
  run: (args) => {
    if (args.to === 'all') throw rejectArguments('nobody may write to all.');
    sent.push(args);
    return `Sent to ${args.to}.`;
  },
});
const question = 'Tell Ada that the kettle boils.';
const written = { to: 'ada', text: 'The kettle boils.' };

function scripted(answer = 'Sent to ada.') {
  sent.length = 0;
  const step = { tool: 'mail', step: 'Write to Ada.', arguments: written, output: answer };
  const { parts } = scriptSolutions([{ question, steps: [step], answer }]);
  return { parts: { ...parts, tools: [mail] } };
}

async function asked(handle: SolutionHandle, after = '') {
  for (;;) {
    const { approvals = [] } = (await handle.waiting().catch(() => undefined)) ?? {};
    const approval = approvals.find(({ id }) => id !== after);
    if (approval) return approval;
    await pause(50);
  }
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error: Error) => error.message,
  );

test.each([0, 8])(
  'a tool waits with its arguments, and is called when they were approved (%i steps an activity)',
  (n) =>
    withWorkers(server, { ...scripted(), config: { approval: { steps: ['custom-tools'] } } }, async (husky) => {
      const handle = await husky.start(question, { stepsPerActivity: n });
      const approval = await asked(handle);
      expect(approval).toMatchObject({ id: '1.1', tool: 'mail', step: 'Write to Ada.', arguments: written });
      expect((await handle.progress())?.waiting).toMatchObject({ arguments: written });
      expect(sent).toEqual([]);
      await handle.approve({ by: 'ada' });
      const { steps, answer } = await handle.result();
      expect(answer).toBe('Sent to ada.');
      expect(sent).toEqual([written]);
      expect(steps[0]).toMatchObject({
        arguments: written,
        decisions: [{ kind: 'approved', by: 'ada', because: 'custom-tools' }],
      });
      const events = [];
      for await (const event of handle.stream()) events.push(event);
      expect(events.find(({ type }) => type === 'waiting')).toMatchObject({ tool: 'mail', arguments: written });
    }),
);

test('changed arguments are used as they stand; what was proposed stays in the step', () =>
  withWorkers(server, scripted('Sent to bob.'), async (husky) => {
    const handle = await husky.start(question, { approval: ['mail'] });
    await asked(handle);
    expect(await refusal(handle.edit({ code: 'print(1)' }))).toContain('Step 1.1 has no program');
    expect(await refusal(handle.edit({ arguments: 'bob' as never }))).toContain('arguments must be a JSON object');
    expect(await refusal(handle.edit({ arguments: written, step: 'Write.' }))).toContain('written anew');
    const changed = { to: 'bob', text: 'It boils.' };
    await handle.edit({ arguments: changed, by: 'ada' });
    const { steps } = await handle.result();
    expect(sent).toEqual([changed]);
    expect(steps[0]).toMatchObject({
      arguments: changed,
      decisions: [{ kind: 'edited', proposed: { tool: 'mail', step: 'Write to Ada.', arguments: written } }],
    });
  }));

test('a tool whose arguments were refused is not called', () =>
  withWorkers(server, scripted(), async (husky) => {
    const handle = await husky.start(question, { approval: ['mail'], limits: { maxSteps: 1 } });
    await asked(handle);
    await handle.refuse('Ada is asleep.', { by: 'bob' });
    const { steps } = await handle.result();
    expect(sent).toEqual([]);
    expect(steps[0]).toMatchObject({ arguments: written, failure: { kind: 'refused', message: 'Ada is asleep.' } });
  }));

test('arguments that the tool did not take are written anew, and wait again', () =>
  withWorkers(server, scripted(), async (husky) => {
    const handle = await husky.start(question, { approval: ['mail'] });
    const first = await asked(handle);
    await handle.edit({ arguments: { to: 'all', text: 'It boils.' } });
    const second = await asked(handle, first.id);
    expect(second).toMatchObject({ id: '1.1.2', arguments: written });
    await handle.approve();
    const { steps } = await handle.result();
    expect(steps[0]).toMatchObject({ attempts: 2, arguments: written, decisions: [{}, { kind: 'approved' }] });
    expect(sent).toEqual([written]);
  }));

test('a step given to a tool with arguments waits for them', () =>
  withWorkers(server, scripted(), async (husky) => {
    const handle = await husky.start(question, { approval: ['always'], limits: { maxSteps: 1 } });
    const first = await asked(handle);
    await handle.edit({ step: 'Write to Ada.' });
    expect(await asked(handle, first.id)).toMatchObject({ id: '1.1.2', arguments: written });
    await handle.approve();
    await handle.result();
    expect(sent).toEqual([written]);
  }));
