import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { Client, type Progress } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { startServer, type TestServer } from '../integration/harness';
import { startScriptedServers, type ScriptedServers } from '../integration/scripted-servers';
import { spiders } from '../integration/solutions';
import { temporaryFolder } from '../temporary-folder';
import { eventually } from './command';

jest.setTimeout(600_000);
/** The command is compiled as it is loaded, on a machine that may be busy. */
const PATIENT = { timeout: 300_000 };

const folder = temporaryFolder('husky-mcp');
const HOOK = join(__dirname, '../models/typescript-hook.cjs');
const COMMAND = process.env.HUSKY_TEST_BUILD
  ? [join(__dirname, '../../dist/cli/main.js')]
  : ['-r', HOOK, join(__dirname, '../../src/cli/main.ts')];

let server: TestServer;
let models: ScriptedServers;
const clients: Client[] = [];
beforeAll(async () => {
  server = await startServer();
  models = await startScriptedServers([spiders]);
  writeFileSync(join(folder, 'husky.json'), JSON.stringify({ ...models.config, timeouts: { heartbeatMs: 2000 } }));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await models.close();
  await server.stop();
});

/** The official client, and `husky mcp` as its child. */
async function connected(mode: 'legacy' | 'auto' = 'legacy'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
  const env = {
    ...(process.env as Record<string, string>),
    TEMPORAL_ADDRESS: server.address,
    HUSKY_CONFIG: join(folder, 'husky.json'),
    XDG_DATA_HOME: join(folder, 'data'),
  };
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [...COMMAND, 'mcp'],
    env,
    cwd: folder,
  });
  await client.connect(transport, PATIENT);
  clients.push(client);
  return client;
}
const pidOf = (client: Client) => (client.transport as StdioClientTransport).pid as number;
const solve = (client: Client, args: Record<string, unknown>, seen: Progress[] = [], signal?: AbortSignal) =>
  client.callTool(
    { name: 'solve', arguments: { question: spiders.question, ...args } },
    {
      onprogress: (progress) => void seen.push(progress),
      ...PATIENT,
      signal,
    },
  );
const textOf = (result: Awaited<ReturnType<Client['callTool']>>) => (result.content as { text: string }[])[0]?.text;
const stepsIn = (seen: Progress[]) =>
  seen.map(({ message = '' }) => message).filter((message) => message.startsWith('['));

/** The SDK's client drops a notification that it reads together with the result, so the last step may stand in the result alone. */
function expectEachStepOnce(seen: Progress[], result: Awaited<ReturnType<Client['callTool']>>): void {
  const steps = spiders.steps.map(({ tool, step, output }) => ({ tool, step, output }));
  const told = stepsIn(seen);
  expect([steps.length - 1, steps.length]).toContain(told.length);
  expect(told).toEqual(steps.slice(0, told.length).map(({ tool, step, output }) => `[${tool}] ${step} → ${output}`));
  expect(result.structuredContent).toMatchObject({ steps });
}

test.each(['legacy', 'auto'] as const)(
  'a client has a question solved, and is told of each step once: %s',
  async (mode) => {
    const client = await connected(mode);
    expect(client.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(['solve', 'search', 'run_program']);
    const seen: Progress[] = [];
    const result = await solve(client, { id: `mcp-1-${mode}` }, seen);
    expect(textOf(result)).toBe('96');
    expect(result.structuredContent).toMatchObject({
      answer: '96',
      stop_reason: 'finished',
      partial: false,
      id: `mcp-1-${mode}`,
    });
    expectEachStepOnce(seen, result);
    const numbers = seen.map(({ progress }) => progress);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
  },
);

test('programs and searches are run; what fails or does not fit is told as such', async () => {
  const client = await connected();
  const program = (code: string, language = 'javascript') =>
    client.callTool({ name: 'run_program', arguments: { language, code } }, PATIENT);
  expect(textOf(await program('console.log(6 * 7)'))?.trim()).toBe('42');
  const failed = await program('console.log("so far"); throw new Error("no such jar")');
  expect(failed).toMatchObject({ isError: true });
  expect(textOf(failed)).toMatch(/^so far\n[^]*Error: no such jar/);
  expect(textOf(await program('for (const silent of []);', 'javascript'))).toMatch(/printed nothing/);
  expect(await program('1', 'cobol')).toMatchObject({ isError: true });
  const found = await client.callTool({ name: 'search', arguments: { query: 'insects in jar 7' } }, PATIENT);
  expect(textOf(found)).toContain('12 insects');
  expect(await solve(client, { question: '' })).toMatchObject({ isError: true });
  expect(textOf(await solve(client, { question: '   ' }))).toMatch(/question is empty/i);
  expect(await client.callTool({ name: 'sing', arguments: {} }).catch((error: Error) => error)).toBeTruthy();
});

test('another question under a known id is refused', async () => {
  const client = await connected();
  await solve(client, { id: 'mcp-2' });
  const other = await solve(client, { id: 'mcp-2', question: 'Another one?' });
  expect(other).toMatchObject({ isError: true });
  expect(textOf(other)).toContain('mcp-2');
});

test.each(['legacy', 'auto'] as const)('a call that is cancelled cancels its solution: %s', async (mode) => {
  const client = await connected(mode);
  const held = models.hold('math');
  const abort = new AbortController();
  const solving = solve(client, { id: `mcp-3-${mode}` }, [], abort.signal);
  await held.reached;
  abort.abort();
  await expect(solving).rejects.toThrow();
  await held.abandoned;
  held.release();
  await expect(server.client.workflow.getHandle(`mcp-3-${mode}`).result()).rejects.toThrow(/cancel/i);
});

test.each(['legacy', 'auto'] as const)(
  'a client that goes away leaves its solution; the same id has every step once, and none is taken twice: %s',
  async (mode) => {
    models.reset();
    const id = `mcp-4-${mode}`;
    const first = await connected(mode);
    const held = models.hold('math');
    const gone = solve(first, { id }).catch(() => undefined);
    await held.reached;
    await first.close();
    await gone;
    held.release();
    expect((await server.client.workflow.getHandle(id).describe()).status.name).toBe('RUNNING');
    const seen: Progress[] = [];
    const result = await solve(await connected(mode), { id }, seen);
    expect(textOf(result)).toBe('96');
    expectEachStepOnce(seen, result);
    expect(models.repeats().filter(({ part }) => part !== 'math')).toEqual([]);
  },
);

test('husky mcp is killed in mid-solution: another one with the same id tells every step once, and no finished call is made twice', async () => {
  models.reset();
  const first = await connected();
  const held = models.hold('math');
  const before: Progress[] = [];
  const broken = solve(first, { id: 'mcp-5' }, before).catch((error: Error) => error.message);
  await held.reached;
  await eventually(() => stepsIn(before).length === 2);
  process.kill(pidOf(first), 'SIGKILL');
  expect(await broken).toContain('Connection closed');
  await held.abandoned;
  held.release();
  const seen: Progress[] = [];
  const result = await solve(await connected(), { id: 'mcp-5' }, seen);
  expect(textOf(result)).toBe('96');
  expectEachStepOnce(seen, result);
  expect(stepsIn(seen).slice(0, 2)).toEqual(stepsIn(before));
  expect(models.repeats()).toEqual([]);
});
