/** A solution whose workers were laid out anew keeps its queues: it is told who serves them, and that worker finishes it. */
import { unservedCalls } from '../../src/cli/session/unserved-calls';
import type { SolutionHandle } from '../../src/client';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from './harness';
import { spiders } from './solutions';

jest.setTimeout(180_000);

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const { parts } = scriptSolutions([spiders]);
const apart = ['tool', 'action', 'code', 'math', 'query', 'commonsense'] as const;

async function told({ workflow }: SolutionHandle): Promise<string[]> {
  for (let looks = 0; ; looks += 1) {
    const texts = await unservedCalls(server.client, await workflow.describe());
    if (texts.length > 0 || looks === 300) return texts;
    await new Promise((next) => setTimeout(next, 200));
  }
}

test('one that began with roles apart names the roles, which one worker has beside workers that share a queue', async () => {
  const begins = { parts, config: { queues: { prefix: 'apart', mode: 'separate' as const } } };
  const now = { parts, config: { queues: { prefix: 'apart' } } };
  const handle = await withWorkers(server, { ...begins, roles: ['workflow'] }, async (husky) => {
    const started = await husky.start(spiders.question);
    while (!(await started.workflow.describe()).raw.pendingActivities?.length)
      await new Promise((next) => setTimeout(next, 100));
    return started;
  });
  await withWorkers(server, now, async () => {
    expect(await told(handle)).toEqual([
      'choosing the next step: waits on queue apart-husky-action, which no worker polls; the solution began with roles apart, and one worker has them all so: ' +
        'husky worker --roles tool,action,code,math,query,commonsense, with queues.prefix apart in its configuration.',
    ]);
    await withWorkers(server, { ...now, roles: apart }, async () => {
      expect(await handle.result()).toMatchObject({ answer: '96' });
    });
    expect(await unservedCalls(server.client, await handle.workflow.describe())).toEqual([]);
  });
});

test('one that began on a shared queue names a worker with all roles, which finishes it', async () => {
  const shared = { config: { queues: { prefix: 'together' }, timeouts: { heartbeatMs: 2000 } } };
  const hanging = scriptSolutions([spiders], { delayMs: ({ part }) => (part === 'math' ? 600_000 : 0) });
  const handle = await withWorkers(
    server,
    { ...shared, workerOptions: { shutdownGraceTime: '1s' }, parts: hanging.parts },
    async (husky) => {
      const started = await husky.start(spiders.question);
      while (!hanging.calls.some(({ part }) => part === 'math')) await new Promise((next) => setTimeout(next, 100));
      return started;
    },
  );
  const separate = { parts, config: { queues: { prefix: 'together', mode: 'separate' as const } } };
  await withWorkers(server, separate, async () => {
    expect(await told(handle)).toEqual([
      'reasoning: waits on queue together-husky, whose workers have roles apart; the solution began with all roles in one process, and such a worker ' +
        'in their place finishes it: husky worker, with queues.prefix together in its configuration.',
    ]);
  });
  await withWorkers(server, { ...shared, parts }, async () => {
    expect(await handle.result()).toMatchObject({ answer: '96' });
  });
});
