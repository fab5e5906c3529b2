/** A payload codec that the configuration names: every command reads and writes through it, and the server sees nothing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { PayloadCodec } from '@temporalio/common';
import { HuskyClient } from '../../src/client';
import { QUEUES } from '../../src/contract/names';
import type { Solution } from '../../src/trajectory/step';
import { startServer, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';
import { eventually, household, type Household } from './command';
import { startModelServer, type ModelServer } from './model-server';

jest.setTimeout(600_000);

/** Not secret, but not readable either: each byte turned round. */
const CODEC = `
const turned = (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a));
exports.codec = {
  encode: async (payloads) => payloads.map((payload) => ({
    metadata: { encoding: Buffer.from('binary/turned') },
    data: turned(Buffer.from(JSON.stringify({ encoding: Buffer.from(payload.metadata.encoding).toString(), data: Buffer.from(payload.data ?? []).toString('base64') }))),
  })),
  decode: async (payloads) => payloads.map((payload) => {
    if (Buffer.from(payload.metadata?.encoding ?? []).toString() !== 'binary/turned') return payload;
    const { encoding, data } = JSON.parse(turned(Buffer.from(payload.data)).toString());
    return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data, 'base64') };
  }),
};`;

let home: Household;
let models: ModelServer;
let temporal: TestServer;
let client: Client;

beforeAll(async () => {
  home = household();
  models = await startModelServer([spiders]);
  temporal = await startServer();
  writeFileSync(join(home.folder, 'codec.cjs'), CODEC);
  const sandbox = { require: 'isolate' };
  writeFileSync(join(home.folder, 'husky.yaml'), models.config({ sandbox, temporal: { codec: './codec.cjs' } }));
  writeFileSync(join(home.folder, 'plain.yaml'), models.config({ sandbox }));
  writeFileSync(join(home.folder, 'wrong.yaml'), models.config({ temporal: { codec: './absent.cjs' } }));
  client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
});
afterAll(async () => {
  await client.connection.close();
  await home.close();
  await models.close();
  await temporal.stop();
});

const at = (...args: string[]) => home.run([...args, '--address', temporal.address]);

test('with the codec every command reads a solution; the server holds none of its text (T10)', async () => {
  const { code, err } = await at('solve', spiders.question, '--id', 'turned', '--json');
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  const shown = JSON.parse((await at('show', 'turned', '--json')).out) as Solution;
  expect(shown).toMatchObject({ answer: '96', question: spiders.question });
  expect((await at('list')).out).toMatch(/^turned +completed .*A garden holds three spiders/m);
  expect((await at('watch', 'turned')).out).toContain('Answer  96');
  expect((await at('replay', 'turned')).out).toMatch(/turned: \d+ events replay without a difference/);

  const raw = textOf(await client.workflow.getHandle('turned').fetchHistory());
  expect(raw).toContain('binary/turned');
  for (const text of ['garden', spiders.steps[0]?.step ?? '?']) expect(raw).not.toContain(text);
});

/** Every text and every payload's bytes of a history. */
function textOf(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.values(value).map(textOf).join('\n');
}

test('without the codec a command says that it is missing, and a codec that cannot be loaded is named (T10)', async () => {
  for (const [command = '', ...said] of [['show'], ['watch'], ['hint', 'Look in jar 7.']]) {
    const { code, err } = await at(command, 'turned', ...said, '--config', 'plain.yaml');
    expect(code).toBe(1);
    expect(err).toMatch(/encoded as binary\/turned by a codec that this command does not have.*temporal\.codec/);
  }
  const wrong = await at('list', '--config', 'wrong.yaml');
  expect(wrong.code).toBe(2);
  expect(wrong.err).toMatch(/temporal\.codec: .*absent\.cjs cannot be loaded/);
});

test('a worker without the codec asks no model with what it cannot read, and the solution says what it waits for (T10)', async () => {
  const asked = models.calls.length;
  const { codec } = (await import(join(home.folder, 'codec.cjs'))) as { codec: PayloadCodec };
  const encoding = new Client({ connection: client.connection, dataConverter: { payloadCodecs: [codec] } });
  const worker = home.start(['worker', '--config', 'plain.yaml', '--address', temporal.address]);
  await worker.until(/Ready/);
  const args: [object] = [{ question: spiders.question }];
  const handle = await encoding.workflow.start('huskySolve', {
    taskQueue: QUEUES.workflow,
    workflowId: 'unread',
    args,
  });
  const told = () => new HuskyClient({ client: encoding }).get('unread').trouble();
  let trouble: string | undefined;
  await eventually(async () => (trouble = await told()) !== undefined);
  expect(trouble).toMatch(/Unknown encoding: binary\/turned.*the worker does not have it.*temporal\.codec/);
  expect(models.calls.length).toBe(asked);
  await handle.terminate();
  worker.child.kill('SIGTERM');
  await worker.done;
});

test("list tells the question of somebody else's child, which has neither memo nor summary", async () => {
  const args: [object] = [{ question: 'How many legs do three spiders have?' }];
  const handle = await client.workflow.start('huskySolve', { taskQueue: 'nobody', workflowId: 'bare', args });
  expect((await at('list')).out).toMatch(/^bare +running .*How many legs do three spiders have\?/m);
  await handle.terminate();
});
