/** A rolling deployment with Temporal's worker versioning: solutions end on the code that they began with. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HuskyClient } from '../../src/client';
import { ensureTemporalCli } from '../../src/temporal-server/find-cli';
import { household } from '../cli/command';
import { startServer, withWorkers, type TestServer } from './harness';
import { startScriptedServers, type ScriptedServers } from './scripted-servers';
import { counting, spiders } from './solutions';

jest.setTimeout(600_000);

const deployment = 'husky-rollout';
const tomorrow = counting(1);
const later = counting(2);
let server: TestServer;
let servers: ScriptedServers;
beforeAll(async () => {
  server = await startServer();
  servers = await startScriptedServers([spiders, tomorrow, later]);
});
afterAll(async () => {
  await servers.close();
  await server.stop();
});

/** Workers of one version of one deployment, on one queue. */
const workers = (buildId: string) => ({
  config: { ...servers.config, queues: { prefix: deployment } },
  workerOptions: {
    workerDeploymentOptions: {
      version: { deploymentName: deployment, buildId },
      useWorkerVersioning: true as const,
      defaultVersioningBehavior: 'PINNED' as const,
    },
  },
});

/** Routes new solutions to a version, as soon as the server has heard of its workers. */
async function makeCurrent(buildId: string, deploymentName = deployment): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await server.client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: 'default',
        deploymentName,
        buildId,
        identity: 'rollout.test',
      });
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await new Promise((next) => setTimeout(next, 100));
    }
  }
}

test('a solution that began on the old version ends on it, while new ones run on the new version', async () => {
  const next = { ...workers('2'), workflowsPath: require.resolve('./workflows-of-the-next-version') };
  await withWorkers(server, workers('1'), async (husky) => {
    await makeCurrent('1');
    const held = servers.hold('math');
    const old = await husky.start(spiders.question);
    await held.reached;
    await withWorkers(server, next, async () => {
      await makeCurrent('2');
      expect((await husky.solve(tomorrow.question)).answer).toBe('1, says the next version');
      held.release();
      expect((await old.result()).answer).toBe('96');
    });
    expect(servers.repeats()).toEqual([]);
  });
});

test('husky worker takes its version from options or from the variables of the Worker Controller', async () => {
  const home = household();
  const held = servers.hold('math');
  try {
    writeFileSync(join(home.folder, 'husky.json'), JSON.stringify({ ...servers.config, queues: { prefix: 'apart' } }));
    const command = ['worker', '--config', 'husky.json', '--address', server.address];
    const first = home.start([...command, '--deployment', 'by-command', '--deployment-version', 'one']);
    await first.until(/Deployment +by-command, version one\nReady/);
    await makeCurrent('one', 'by-command');
    const husky = new HuskyClient({ client: server.client, taskQueue: 'apart-husky' });
    const old = await husky.start(spiders.question);
    await held.reached;

    const env = { TEMPORAL_DEPLOYMENT_NAME: 'by-command', TEMPORAL_WORKER_BUILD_ID: 'two' };
    await home.start(command, { env }).until(/Deployment +by-command, version two\nReady/);
    await makeCurrent('two', 'by-command');
    const young = await husky.start(later.question);
    expect((await young.result()).answer).toBe('2');
    held.release();
    expect((await old.result()).answer).toBe('96');
    expect(await Promise.all([versionOf(old.workflowId), versionOf(young.workflowId)])).toEqual(['one', 'two']);

    const half = await home.run([...command, '--deployment', 'by-command']);
    expect(half).toMatchObject({ code: 2, err: expect.stringMatching(/has no version: add --deployment-version/) });
  } finally {
    held.release();
    await home.close();
  }
});

test('a solution whose version has no workers any more says so, and is moved by the command that it names', async () => {
  const home = household();
  const held = servers.hold('math');
  try {
    const config = { ...servers.config, queues: { prefix: 'gone' }, timeouts: { heartbeatMs: 2000 } };
    writeFileSync(join(home.folder, 'husky.json'), JSON.stringify(config));
    const place = ['--config', 'husky.json', '--address', server.address];
    const worker = (version: string) =>
      home.start(['worker', ...place, '--grace', '100ms', '--deployment', 'gone', '--deployment-version', version]);
    const first = worker('one');
    await first.until(/Ready/);
    await makeCurrent('one', 'gone');
    const husky = new HuskyClient({ client: server.client, taskQueue: 'gone-husky' });
    const old = await husky.start(spiders.question);
    await held.reached;
    await worker('two').until(/Ready/);
    await makeCurrent('two', 'gone');
    first.child.kill('SIGTERM');
    await first.done;

    const says =
      /waits for workers of version one of deployment gone, on which it began; none polls queue gone-husky.+(workflow update-options .+build-id two --address \S+)/;
    const shown = await home.run(['show', old.workflowId, ...place]);
    expect(shown).toMatchObject({ code: 1, err: expect.stringMatching(says) });
    expect(await home.run(['pause', old.workflowId, ...place])).toMatchObject({
      code: 1,
      err: expect.stringMatching(says),
    });
    await home.start(['watch', old.workflowId, ...place]).until(says);
    held.release();
    const command = says.exec(shown.err)?.[1]?.split(' ') ?? [];
    execFileSync(await ensureTemporalCli(), command);
    expect((await old.result()).answer).toBe('96');
  } finally {
    held.release();
    await home.close();
  }
});

/** Version of the workers that have carried a solution so far. */
async function versionOf(workflowId: string): Promise<string | null | undefined> {
  const { raw } = await server.client.workflow.getHandle(workflowId).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
}
