/** A rolling deployment with Temporal's worker versioning: solutions end on the code that they began with. */
import { startServer, withWorkers, type TestServer } from './harness';
import { startScriptedServers, type ScriptedServers } from './scripted-servers';
import { counting, spiders } from './solutions';

jest.setTimeout(180_000);

const deployment = 'husky-rollout';
const tomorrow = counting(1);
let server: TestServer;
let servers: ScriptedServers;
beforeAll(async () => {
  server = await startServer();
  servers = await startScriptedServers([spiders, tomorrow]);
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
async function makeCurrent(buildId: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await server.client.workflowService.setWorkerDeploymentCurrentVersion({
        namespace: 'default',
        deploymentName: deployment,
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
