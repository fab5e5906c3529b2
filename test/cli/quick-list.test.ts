/** `husky list` of a server on this machine reads the server's answer itself, and shows what the SDK's client reads. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { WAITING_MEMO } from '../../src/contract/names';
import { openPlainServer, PlainCallError } from '../../src/temporal-server/plain-call';
import { describeNamespace } from '../../src/temporal-server/plain-messages';
import { startTemporalServer, type TemporalServer } from '../../src/temporal-server/start-server';
import { eventually, household, type Household } from './command';

jest.setTimeout(300_000);

let server: TemporalServer;
let home: Household;

beforeAll(async () => {
  home = household();
  server = await startTemporalServer({ ephemeral: true, ui: false });
  const connection = await Connection.connect({ address: server.address });
  const { workflow: client } = new Client({ connection });
  const start = (workflowId: string, more: object, type = 'huskySolve') =>
    client.start(type, { workflowId, taskQueue: 'nobody', args: [{ question: `asked ${workflowId}` }], ...more });
  await start('waits', { memo: { question: 'Which of two?', [WAITING_MEMO]: '[code] look «here» 🐕' } });
  await start('untold', {});
  await start('summary', { staticSummary: 'told by its summary' });
  await (await start('over', { memo: { question: 'What is over?', models: { action: 'tiny' } } })).terminate('enough');
  await start('two-questions', { memo: { question: '2 questions' } }, 'huskySolveBatch');
  await start('not-ours', {}, 'somethingElse');
  await eventually(async () => (await client.count("WorkflowId != ''")).count === 6);
  await eventually(async () => (await client.count("ExecutionStatus = 'Terminated'")).count === 1);
  await connection.close();
});
afterAll(async () => {
  await home.close();
  await server.stop();
});

const list = (...more: string[]) => ['list', '--address', server.address, ...more];

test.each([
  ['as JSON', ['--json'], 5],
  ['for people', [], 6],
  ['of one status', ['--json', '--status', 'terminated'], 1],
  ['that wait, behind a page of others', ['--json', '--waiting', '--limit', '1'], 1],
  ['that end at a limit', ['--json', '--limit', '2'], 2],
  ['of which there are none', ['--status', 'failed'], 1],
])('both ways list the same solutions, %s', async (_name, flags, lines) => {
  const quick = await home.run(list(...flags));
  const bySdk = await home.run(list(...flags), { env: { TEMPORAL_NAMESPACE: 'default' } });
  expect(quick.code).toBe(0);
  expect(quick.out.trim().split('\n')).toHaveLength(lines);
  expect(quick).toEqual(bySdk);
});

test('a list of solutions that have ended loads no gRPC library', async () => {
  const told = join(home.folder, 'told.cjs');
  writeFileSync(told, "process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')));");
  const { code, out, err } = await home.run(list('--status', 'terminated'), { node: ['-r', told] });
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringMatching(/^over +terminated/) as string });
  expect(err).toContain('protobufjs');
  expect(err).not.toMatch(/grpc-js|@temporalio.client/);
});

test('a call that is refused says why, and one that nobody answers fails', async () => {
  const plain = openPlainServer(server.address, 20_000);
  await expect(plain.call('DescribeNamespace', describeNamespace('nowhere'))).rejects.toMatchObject({
    name: PlainCallError.name,
    code: 5,
    message: expect.stringContaining('nowhere') as string,
  });
  plain.close();
  const nobody = openPlainServer('127.0.0.1:1', 20_000);
  await expect(nobody.call('DescribeNamespace', describeNamespace('default'))).rejects.toThrow(/ECONNREFUSED/);
  nobody.close();
});
