/** What failed or was cancelled tells its steps when no worker is left that could replay its history. */
import { HuskyClient } from '../../src/client';
import { createFailure } from '../../src/failures';
import { scriptSolutions } from '../../src/testing';
import { household } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(300_000);

let server: TestServer;
const home = household();
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await home.close();
  await server.stop();
});

const NEVER = 600_000;

async function fails(id: string, stepsPerActivity: number) {
  const { parts } = scriptSolutions([spiders], {
    fail: ({ part }) => (part === 'math' ? createFailure('ContextLengthExceeded', 'Too long.') : undefined),
  });
  await withWorkers(server, { parts, config: { stepsPerActivity } }, async (husky) => {
    const handle = await husky.start(spiders.question, { workflowId: id });
    await expect(handle.result()).rejects.toThrow();
  });
}

async function isCancelled(id: string, stepsPerActivity: number) {
  const { parts } = scriptSolutions([spiders], { delayMs: ({ part }) => (part === 'math' ? NEVER : 0) });
  await withWorkers(server, { parts, config: { stepsPerActivity } }, async (husky) => {
    const handle = await husky.start(spiders.question, { workflowId: id });
    if (stepsPerActivity === 0)
      for await (const { steps } of handle.watch({ intervalMs: 50 })) if (steps.length === 2) break;
    if (stepsPerActivity > 0) await handle.progress();
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow(/cancel/i);
  });
}

test.each([0, 8])('with %i steps an activity, steps and reason of the end are in the history', async (together) => {
  const [failed, cancelled] = [`failed-${together}`, `cancelled-${together}`];
  await fails(failed, together);
  await isCancelled(cancelled, together);
  // Nobody polls the queues any more: a query would wait until it is given up.
  const husky = new HuskyClient({ client: server.client });
  const steps = together === 0 ? [0, 1] : [];
  const atEnd = await husky.get(failed).progressAtEnd();
  expect(atEnd).toMatchObject({ question: spiders.question });
  expect(atEnd?.stopReason).toBeUndefined();
  expect(atEnd?.steps.map(({ index }) => index)).toEqual(steps);
  expect(await husky.get(cancelled).progressAtEnd()).toMatchObject({ stopReason: 'cancelled' });

  const events: unknown[] = [];
  await expect(
    (async () => {
      for await (const { type } of husky.get(failed).stream()) events.push(type);
    })(),
  ).rejects.toThrow();
  expect(events.filter((type) => type === 'step')).toHaveLength(steps.length);
  for await (const { type } of husky.get(cancelled).stream()) events.push(type);
  expect(events.at(-1)).toBe('end');
});

test('husky show and watch print the steps of one that failed, why it failed, and start no worker for it', async () => {
  await fails('shown', 0);
  const { code, out } = await home.run(['show', 'shown', '--address', server.address]);
  expect(code).toBe(0);
  expect(out).toMatch(/1\. \[search\] .*insects in jar 7/);
  expect(out).toMatch(/ContextLengthExceeded|Too long\./);
  expect(out).not.toMatch(/still running/);
  const watched = await home.run(['watch', 'shown', '--address', server.address]);
  expect(watched.code).toBe(1);
  expect(`${watched.out}${watched.err}`).toMatch(/insects in jar 7[^]*Too long\./);
});
