/** The probes of a worker, as an orchestrator asks them: a real process, a real Temporal server, a model server that can fail. */
import { writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Connection } from '@temporalio/client';
import Long from 'long';
import { startServer, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';
import { eventually, household, type Household } from './command';
import { startModelServer, type ModelServer } from './model-server';

jest.setTimeout(600_000);

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

interface Probe {
  status: number;
  body: { alive?: boolean; ready?: boolean; reasons?: string[]; error?: string };
}

async function probe(url: string, init?: RequestInit): Promise<Probe> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as Probe['body'] };
}

const worker = (...args: string[]) =>
  home.start(['worker', '--address', temporal.address, '--roles', 'code,action', '--health-port', '0', ...args]);

test('a worker is ready while it polls and its models answer, and says why it is not', async () => {
  const running = worker('--json');
  const [, health = ''] = await running.until(/Health +(\S+)\/livez/);
  await running.until(/Ready\./);
  await eventually(async () => (await probe(`${health}/readyz`)).status === 200);
  expect(await probe(`${health}/readyz`)).toEqual({ status: 200, body: { ready: true, reasons: [] } });
  expect(await probe(`${health}/livez`)).toEqual({ status: 200, body: { alive: true } });

  models.refuse = 503;
  await eventually(async () => (await probe(`${health}/readyz`)).status === 503);
  const { body } = await probe(`${health}/readyz`);
  expect(body.ready).toBe(false);
  expect(body.reasons?.join(' ')).toMatch(/action.*503/);
  expect((await probe(`${health}/livez`)).status).toBe(200);

  models.refuse = undefined;
  await eventually(async () => (await probe(`${health}/readyz`)).status === 200);
  running.child.kill('SIGTERM');
  const { code, out } = await running.done;
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ queues: ['husky-action', 'husky-code'], health });
  await expect(fetch(`${health}/livez`)).rejects.toThrow();
});

test('a worker whose namespace is deleted is not ready', async () => {
  const namespace = 'for-a-while';
  const { workflowService, operatorService } = temporal.client.connection as Connection;
  const workflowExecutionRetentionPeriod = { seconds: Long.fromNumber(86_400) };
  await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  const args = ['worker', '--address', temporal.address, '--roles', 'workflow', '--health-port', '0'];
  const running = home.start(args, { env: { TEMPORAL_NAMESPACE: namespace } });
  const [, health = ''] = await running.until(/Health +(\S+)\/livez/);
  await running.until(/Ready\./);
  await eventually(async () => (await probe(`${health}/readyz`)).status === 200);
  await operatorService.deleteNamespace({ namespace });
  await eventually(async () => (await probe(`${health}/readyz`)).status === 503);
  const { reasons } = (await probe(`${health}/readyz`)).body;
  expect(reasons).toEqual([expect.stringMatching(/does not answer for namespace for-a-while \(.*not found/)]);
  running.child.kill('SIGTERM');
  expect((await running.done).code).toBe(0);
});

test('while its model server loads a worker lives and is not ready', async () => {
  const running = worker('--serve', 'sleep 1000', '--serve-health', 'http://127.0.0.1:9/never');
  const [, health = ''] = await running.until(/Health +(\S+)\/livez/);
  expect((await probe(`${health}/livez`)).status).toBe(200);
  expect(await probe(`${health}/readyz`)).toMatchObject({
    status: 503,
    body: { ready: false, reasons: ['The worker is starting.'] },
  });
  expect((await probe(`${health}/other`)).body.error).toMatch(/\/livez and \/readyz/);
  const odd = get({ port: new URL(health).port, path: '//' });
  const [{ statusCode }] = (await once(odd, 'response')) as [IncomingMessage];
  odd.destroy();
  expect(statusCode).toBe(404);
  expect((await probe(`${health}/livez`, { method: 'POST' })).status).toBe(405);
  expect(await probe(`${health}/readyz`, { method: 'HEAD' })).toEqual({ status: 503, body: {} });
  running.child.kill('SIGKILL');
  await running.done;
});

test('a port that is taken ends the command with a sentence', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  const { code, err } = await home.run(['worker', '--roles', 'tool', '--health-port', String(port)]);
  expect(code).toBe(2);
  expect(err).toMatch(/Health cannot be served at 127\.0\.0\.1:\d+ .*Choose another --health-port/);
  await new Promise((resolve) => other.close(resolve));
});
