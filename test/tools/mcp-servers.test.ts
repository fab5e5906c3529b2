import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parseConfig, type HuskyConfigInput } from '../../src/config';
import { testConfig } from '../../src/testing';
import { toolFailure } from '../../src/tools/mcp/mcp-failure';
import { McpServers } from '../../src/tools/mcp/mcp-servers';
import { temporaryFolder } from '../temporary-folder';

jest.setTimeout(600_000);

const folder = temporaryFolder('mcp');
const stub = join(__dirname, 'mcp-stub.mjs');
const opened: McpServers[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((servers) => servers.close()));
});

test.each([
  '1 validation error for addArguments\na\n  Field required',
  '1 validation error for call[add]\na\n  Missing required argument',
  'Input validation error: Invalid arguments for tool add: a: expected number',
])('arguments that a server of Python or TypeScript refuses are told as such: %s', (text) => {
  expect(toolFailure('server', 'add', text)).toMatchObject({ type: 'ToolArgumentsInvalid' });
});

function serversOf(mcp: HuskyConfigInput['mcp'], env: NodeJS.ProcessEnv = process.env): McpServers {
  const servers = new McpServers({ servers: parseConfig(testConfig({ mcp })).mcp, env });
  opened.push(servers);
  return servers;
}
let revision = 'old';
const stubbed = (more: object = {}) => ({
  stub: {
    command: process.execPath,
    args: [stub, join(folder, 'count'), revision],
    connectTimeoutMs: 100_000,
    ...more,
  },
});
const call = (servers: McpServers, tool: string, args = {}, signal?: AbortSignal) =>
  servers.call({ server: 'stub', tool, arguments: args }, signal);

describe.each(['old', 'new'])('a server of the %s revision', (spoken) => {
  beforeAll(() => void (revision = spoken));

  test('tools are offered under server and name, with schema, limits and where they are called', async () => {
    const { tools, problems } = await serversOf(
      stubbed({ tools: ['add', 'die-once'], timeoutMs: 5000, rewrite: true }),
    ).list('act');
    expect(problems).toEqual([]);
    expect(tools).toEqual([
      {
        name: 'stub_add',
        description: 'adds two numbers',
        activity: 'act',
        input: expect.objectContaining({ type: 'object', required: ['a', 'b'] }),
        // Longer than the limits of the connection: 10 minutes with progress, and three times 100 seconds to reach the server.
        timeoutMs: 900_000,
        maxAttempts: 1,
        rewrite: true,
        mcp: { server: 'stub', tool: 'add' },
      },
      expect.objectContaining({ name: 'stub_die_once', mcp: { server: 'stub', tool: 'die-once' } }),
    ]);
  });

  test('a server that does not answer is told, and the others are listed', async () => {
    const { tools, problems } = await serversOf({
      ...stubbed({ tools: ['add', 'nothing'] }),
      absent: { command: join(folder, 'no-such-program') },
      'all-in-one': { command: 'npx -y some-server' },
      dying: { command: process.execPath, args: ['-e', 'console.error("out of ink"); process.exit(3)'] },
      unheard: { url: 'http://127.0.0.1:9/mcp' },
    }).list('act');
    expect(tools.map(({ name }) => name)).toEqual(['stub_add']);
    expect(problems).toEqual([
      'The MCP server stub has no tool nothing.',
      expect.stringMatching(
        /^The MCP server absent does not answer: there is no program .*no-such-program on this worker.* Its tools are not offered\.$/,
      ),
      expect.stringMatching(/no program npx -y some-server on this worker; its arguments belong in args/),
      expect.stringMatching(/^The MCP server dying does not answer: .*out of ink/),
      expect.stringMatching(/^The MCP server unheard does not answer: /),
    ]);
  });

  test('a call returns text; of 3 MB both ends', async () => {
    const servers = serversOf(stubbed());
    expect(await call(servers, 'add', { a: 2, b: 3 })).toBe('5');
    expect(await call(servers, 'big')).toMatch(/^x+\n\[\.\.\. cut, 3000000 characters[^]*x$/);
  });

  test('arguments and tools that a server refuses, and a tool that fails, are told as such', async () => {
    const servers = serversOf(stubbed());
    await expect(call(servers, 'add', { a: 'two' })).rejects.toMatchObject({ type: 'ToolArgumentsInvalid' });
    await expect(call(servers, 'read', { name: 'wrong.txt' })).rejects.toMatchObject({
      type: 'ToolFailed',
      message: expect.stringMatching(/^no file wrong\.txt; there is right\.txt/),
    });
    await expect(call(servers, 'absent')).rejects.toMatchObject({ type: 'ToolUnknown' });
    await expect(servers.call({ server: 'other', tool: 'x', arguments: {} })).rejects.toMatchObject({
      type: 'ToolUnknown',
      message: expect.stringMatching(/names no MCP server other/),
    });
  });

  test('a server that dies in a call, or says more than a message may hold, is started anew by the next', async () => {
    writeFileSync(join(folder, 'count'), '');
    const servers = serversOf(stubbed());
    await expect(call(servers, 'die-once')).rejects.toMatchObject({ type: 'McpUnavailable', nonRetryable: false });
    expect(await call(servers, 'die-once')).toBe('alive again');
    await expect(call(servers, 'huge')).rejects.toMatchObject({ type: 'McpUnavailable' });
    expect(await call(servers, 'add', { a: 1, b: 1 })).toBe('2');
  });

  test('a call that is given up is given up at the server, too', async () => {
    const log = join(folder, 'count');
    writeFileSync(log, '');
    const servers = serversOf(stubbed());
    const abort = new AbortController();
    const waiting = call(servers, 'wait', {}, abort.signal);
    const until = async (text: string) => {
      while (readFileSync(log, 'utf8') !== text) await new Promise((next) => setTimeout(next, 20));
    };
    await until('w');
    abort.abort(new Error('no longer wanted'));
    await expect(waiting).rejects.toThrow('no longer wanted');
    await until('wa');
  });

  test('a server is given the variables that the configuration names, and no other', async () => {
    const env = { ...process.env, HUSKY_TEST_KEY: 'a-secret-key', HUSKY_OTHER_KEY: 'another' };
    expect(await call(serversOf(stubbed({ env: ['HUSKY_TEST_KEY'] }), env), 'tell')).toBe('[secret], no other key');
    await expect(call(serversOf(stubbed({ env: ['HUSKY_ABSENT'] }), env), 'tell')).rejects.toMatchObject({
      type: 'ConfigurationInvalid',
      message: expect.stringMatching(/needs the environment variable HUSKY_ABSENT/),
    });
    const [problem] = (
      await serversOf(
        {
          loud: {
            command: process.execPath,
            args: ['-e', 'console.error(process.env.HUSKY_TEST_KEY)'],
            env: ['HUSKY_TEST_KEY'],
          },
        },
        env,
      ).list('act')
    ).problems;
    expect(problem).toContain('[secret]');
    expect(problem).not.toContain('a-secret-key');
  });

  test('a list is asked for once, until the server tells of a change', async () => {
    const servers = serversOf(stubbed());
    const names = async () => (await servers.list('act')).tools.map(({ name }) => name);
    expect(await names()).not.toContain('stub_grown');
    await call(servers, 'grow');
    while (!(await names()).includes('stub_grown')) await new Promise((next) => setTimeout(next, 20));
  });
});

test('over HTTP the key is a header, and a refusal names what to check', async () => {
  const seen: (string | undefined)[] = [];
  const http = createServer((request, response) => {
    seen.push(request.headers.authorization, request.headers['x-team'] as string);
    response.writeHead(401).end();
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const env = { HUSKY_TEST_KEY: 'a-secret-key', HUSKY_TEAM: 'team-seven' };
  const web = { url, apiKeyEnv: 'HUSKY_TEST_KEY', headersEnv: { 'X-Team': 'HUSKY_TEAM' } };
  const { problems } = await serversOf({ web }, env).list('act');
  http.close();
  expect(seen.slice(0, 2)).toEqual(['Bearer a-secret-key', 'team-seven']);
  expect(problems[0]).toMatch(/The MCP server web refused the connection \(401\)\. Check the environment variables/);
});

test.each([
  ['neither program nor address', {}, /give either command or url/],
  ['both', { command: 'a', url: 'http://a/' }, /give either command or url/],
  ['a key for a program', { command: 'a', apiKeyEnv: 'K' }, /apiKeyEnv and headersEnv belong to url/],
  ['a key in the place of its name', { url: 'http://a/', apiKeyEnv: 'sk-123' }, /the name of an environment variable/],
])('a server with %s is refused', (_, server, why) => {
  expect(() => parseConfig(testConfig({ mcp: { web: server } }))).toThrow(why);
});
