/** What a container does to the command: the first process, a user without a home, logs as objects, metrics, addresses of IPv6. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { HuskyClient } from '../../src/client';
import { livePollers } from '../../src/live-pollers';
import { pause } from '../../src/process/abort';
import { processSpace } from '../../src/process/alive';
import { freePort } from '../free-port';
import { startServer, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';
import { COMMAND, household, type Household } from './command';
import { startModelServer, type ModelServer } from './model-server';

jest.setTimeout(180_000);

let home: Household;
let models: ModelServer;
let temporal: TestServer;
beforeAll(async () => {
  home = household();
  models = await startModelServer([spiders]);
  temporal = await startServer();
  writeFileSync(join(home.folder, 'husky.yaml'), models.config());
});
afterAll(async () => {
  await home.close();
  await models.close();
  await temporal.stop();
});

const worker = (args: string[], env: Record<string, string> = {}) =>
  home.start(['worker', '--address', temporal.address, ...args], { env });

const NAMESPACE = ['--pid', '--fork', '--mount-proc'];
const hasNamespaces = () => {
  try {
    execFileSync('unshare', [...NAMESPACE, 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

(hasNamespaces() ? test : test.skip)(
  'as the first process of a container it ends by a signal that it does not await',
  async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const words = [...NAMESPACE, process.execPath, ...COMMAND, 'exec', '--language', 'javascript'];
      // It reads its program, which never comes.
      const outer = spawn('unshare', words, { cwd: home.folder, stdio: ['pipe', 'pipe', 'inherit'] });
      const ended = once(outer, 'exit');
      // The first signals may come before the command runs at all.
      const signals = setInterval(() => {
        const inner = spawnSync('pgrep', ['-P', String(outer.pid)], { encoding: 'utf8' }).stdout.trim();
        if (inner) spawnSync('kill', ['-s', signal, inner]);
      }, 300);
      const over = new AbortController();
      const end = await Promise.race([ended, pause(30_000, over.signal)]);
      over.abort();
      clearInterval(signals);
      outer.kill('SIGKILL');
      expect(end).toEqual([signal === 'SIGTERM' ? 143 : 130, null]);
    }
  },
);

test('a user without a home, whom no list of users has, can use what needs no folder', async () => {
  const preload = join(home.folder, 'no-home.cjs');
  writeFileSync(preload, "require('node:os').homedir = () => { throw new Error('uv_os_homedir returned ENOENT'); };");
  const env = { HOME: undefined, XDG_DATA_HOME: undefined, XDG_CONFIG_HOME: undefined };
  const options = { env, node: ['-r', preload] };
  expect(await home.run(['--version'], options)).toMatchObject({ code: 0, err: '' });
  expect(await home.run(['list', '--address', temporal.address], options)).toMatchObject({ code: 0 });
});

test('with HUSKY_LOG_FORMAT=json every line of a worker is an object, its last words too', async () => {
  const json = { HUSKY_LOG_FORMAT: 'json', HUSKY_LOG: 'info' };
  const running = worker(['--roles', 'workflow'], json);
  await running.until(/"Ready\./);
  running.child.kill('SIGTERM');
  const { err } = await running.done;
  const refused = await home.run(['worker', '--address', '127.0.0.1:1', '--roles', 'workflow'], { env: json });
  const lines = `${err}${refused.err}`.trim().split('\n');
  expect(lines.map((line) => typeof (JSON.parse(line) as { time: unknown }).time)).toEqual(lines.map(() => 'string'));
  expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
    level: 'ERROR',
    message: expect.stringContaining('No Temporal server answers at 127.0.0.1:1'),
  });
});

test("probes and Prometheus are answered at all addresses with '::'; a port that is taken is said", async () => {
  const metrics = await freePort();
  const args = ['--roles', 'workflow', '--health-host', '::', '--metrics-port', String(metrics)];
  const running = worker([...args, '--health-port', '0']);
  const [, port = ''] = await running.until(/Health +http:\/\/\[::\]:(\d+)\/livez/);
  await running.until(/Ready\./);
  const hasSix = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  for (const host of ['127.0.0.1', ...(hasSix ? ['[::1]'] : [])]) {
    expect((await fetch(`http://${host}:${port}/livez`)).status).toBe(200);
    expect(await (await fetch(`http://${host}:${metrics}/metrics`)).text()).toContain(
      'temporal_worker_task_slots_available',
    );
  }
  const second = await worker(args).done;
  expect(second).toMatchObject({ code: 2, err: expect.stringMatching(/metrics cannot be served .*--metrics-port/) });
  running.child.kill('SIGTERM');
  expect((await running.done).code).toBe(0);
});

test("a runtime of the SDK's that a module installed before stays", async () => {
  const preload = join(home.folder, 'runtime.cjs');
  const sdk = require.resolve('@temporalio/worker');
  writeFileSync(
    preload,
    `if (require('node:worker_threads').isMainThread) require('${sdk}').Runtime.install({ logger: new (require('${sdk}').DefaultLogger)('WARN') });`,
  );
  const args = ['worker', '--address', temporal.address, '--roles', 'workflow'];
  const running = home.start(args, { node: ['-r', preload] });
  await running.until(/Ready\./);
  running.child.kill('SIGTERM');
  expect((await running.done).code).toBe(0);
});

test('--grace bounds the wait for calls in flight', async () => {
  const release = models.hold('action');
  const running = worker(['--roles', 'solve', '--grace', '500ms']);
  await running.until(/Ready\./);
  const husky = new HuskyClient({ client: temporal.client });
  const handle = await husky.start(spiders.question);
  await models.held();
  const at = Date.now();
  running.child.kill('SIGTERM');
  expect((await running.done).code).toBe(0);
  expect(Date.now() - at).toBeLessThan(9000);
  release();
  await handle.workflow.terminate();
});

test('a worker of a container that shares the name of this machine, but not its processes, counts as alive', async () => {
  const found = async (identity: string) => {
    const activities = { nothing: async () => undefined };
    const poller = await Worker.create({ connection: temporal.native, taskQueue: identity, identity, activities });
    return poller.runUntil(async () => {
      await pause(1000);
      return (await livePollers(temporal.client, identity, 'calls')).length;
    });
  };
  // No process of this machine has the number.
  expect(await found(`husky 99999999@${processSpace()} abc`)).toBe(0);
  expect(await found(`husky 99999999@${processSpace()}/4026599999 abc`)).toBe(1);
});
