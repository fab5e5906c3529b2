/** The worker is killed with SIGKILL in each kind of call; what had finished is not done again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HuskyClient } from '../../src/client';
import type { ScriptedSolution } from '../../src/testing';
import type { SolutionEvent } from '../../src/trajectory/solution-events';
import { startScriptedServers, type ScriptedServers } from './scripted-servers';
import { temporaryFolder } from '../temporary-folder';
import { startServer, type TestServer } from './harness';
import { startWorker as startAgain, type RestartedWorker } from './restarted-worker';
import { spiders } from './solutions';

/** The program that is killed runs in the real sandbox, long enough to be killed in the middle. */
const slow = {
  ...spiders,
  steps: spiders.steps.map((step) =>
    step.tool === 'code'
      ? { ...step, code: 'const end = Date.now() + 4000; while (Date.now() < end); console.log(96);' }
      : step,
  ),
};

let server: TestServer;
const opened: ScriptedServers[] = [];
const workers: RestartedWorker[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.kill()));
  await Promise.all(opened.map((servers) => servers.close()));
  await server.stop();
});

function startWorker(config: string): RestartedWorker {
  const worker = startAgain(server.address, ['--config', config]);
  workers.push(worker);
  return worker;
}

const PLACES = ['action', 'query', 'search', 'commonsense', 'math', 'code', 'execute'] as const;

describe.each([
  ['server', 0, PLACES],
  ['server', 8, ['search', 'code'] as const],
  ['file', 20, ['search', 'code'] as const],
])('with journal %s with %i steps an activity', (journal, stepsPerActivity, places) => {
  /** Models, queue and workers' configuration of one case: the cases run side by side, since most of their time is waiting until Temporal misses the dead worker. */
  const begin = async (name: string, question: ScriptedSolution) => {
    const servers = await startScriptedServers([question]);
    opened.push(servers);
    const folder = temporaryFolder('kill');
    const prefix = `kill-${stepsPerActivity}-${name}`;
    const file = join(folder, 'husky.json');
    writeFileSync(
      file,
      JSON.stringify({
        ...servers.config,
        journal,
        journalFolder: join(folder, 'journals'),
        stepsPerActivity,
        queues: { prefix },
        timeouts: { heartbeatMs: 5000 },
      }),
    );
    return { servers, file, husky: new HuskyClient({ client: server.client, taskQueue: `${prefix}-husky` }) };
  };

  test.concurrent.each(places)(
    'a worker killed during %s loses that call alone, and a client that streams has every step once',
    async (part) => {
      const question = part === 'execute' ? slow : spiders;
      const { servers, file, husky } = await begin(part, question);
      const held = servers.hold(part === 'execute' ? 'code' : part);
      const first = startWorker(file);
      const handle = await husky.start(question.question);
      const events: SolutionEvent[] = [];
      const streamed = (async () => {
        for await (const event of handle.stream()) events.push(event);
      })();
      await held.reached;
      if (part === 'execute') {
        held.release();
        await servers.finished('code');
        await new Promise((resolve) => setTimeout(resolve, 1500));
      }
      await first.kill();
      await held.abandoned;
      held.release();
      const second = startWorker(file);
      const solution = await handle.result();
      await streamed;
      await second.kill();
      expect(solution).toMatchObject({ answer: '96', stopReason: 'finished' });
      expect(servers.repeats()).toEqual([]);
      expect(events.flatMap((event) => (event.type === 'step' ? [event.step] : []))).toEqual(solution.steps);
      expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
      const positions = events.map(({ position }) => position);
      expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    },
    600_000,
  );

  test.concurrent(
    'a worker killed while samples vote repeats no finished call of any of them',
    async () => {
      const { servers, file, husky } = await begin('samples', spiders);
      const held = servers.hold('math');
      const first = startWorker(file);
      const handle = await husky.start(spiders.question, { samples: 3 });
      await held.reached;
      // The other sample comes to its end, and its vote waits for this one.
      for (let ended = 0; ended < 1;) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const { samples = [] } = (await handle.progress()) ?? {};
        ended = samples.filter(({ stopReason }) => stopReason === 'finished').length;
      }
      await first.kill();
      await held.abandoned;
      held.release();
      const second = startWorker(file);
      const solution = await handle.result();
      await second.kill();
      expect(solution).toMatchObject({ answer: '96', votes: { answers: [{ samples: [1, 2] }] } });
      // Both samples search for the same, and a search has no seed.
      expect(servers.repeats().filter(({ part }) => part !== 'search')).toEqual([]);
    },
    600_000,
  );
});
