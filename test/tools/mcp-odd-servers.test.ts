/** MCP servers as they are met: each answers, fails or dies in its own way. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { loadConfig, parseConfig, type HuskyConfigInput } from '../../src/config';
import { testConfig } from '../../src/testing';
import { McpServers } from '../../src/tools/mcp/mcp-servers';
import { temporaryFolder } from '../temporary-folder';

jest.setTimeout(600_000);

const folder = temporaryFolder('mcp-odd');
const file = join(folder, 'asked');
const script = join(__dirname, 'mcp-raw-server.mjs');
const opened: McpServers[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((servers) => servers.close()));
});

function serversOf(mcp: HuskyConfigInput['mcp'], env: NodeJS.ProcessEnv = process.env): McpServers {
  const servers = new McpServers({ servers: parseConfig(testConfig({ mcp })).mcp, env });
  opened.push(servers);
  return servers;
}
const raw = (more: object = {}) => serversOf({ raw: { command: process.execPath, args: [script, file], ...more } });
const call = (servers: McpServers, tool: string, args = {}) => servers.call({ server: 'raw', tool, arguments: args });

test('a tool that says that it only reads or may be called twice has three attempts, any other one; the configuration decides for all', async () => {
  const attempts = async (servers: McpServers) =>
    Object.fromEntries((await servers.list('act')).tools.map(({ name, maxAttempts }) => [name, maxAttempts]));
  expect(await attempts(raw())).toEqual({ raw_a_b: 1, raw_reads: 3, raw_sets: 3, raw_adds: 1 });
  expect(await attempts(raw({ maxAttempts: 2 }))).toEqual({ raw_a_b: 2, raw_reads: 2, raw_sets: 2, raw_adds: 2 });
});

test('a tool whose name is taken, and one that is only a task, are left out with the reason; tools: chooses', async () => {
  const { problems } = await raw().list('act');
  expect(problems).toEqual([
    'The tool a/b of the MCP server raw is left out: raw_a_b is the tool a.b of raw already; name the one that you want in tools.',
    'The tool task of the MCP server raw is left out: it can only be called as a task, which Husky does not do.',
  ]);
  const chosen = await raw({ tools: ['a/b'] }).list('act');
  expect(chosen).toMatchObject({ tools: [{ name: 'raw_a_b', mcp: { tool: 'a/b' } }], problems: [] });
});

test.each([
  ['refuses', 'ToolArgumentsInvalid', /town is missing/],
  ['refusesInText', 'ToolArgumentsInvalid', /town is missing/],
  ['unknownInText', 'ToolUnknown', /^The MCP server raw refused: Unknown tool/],
  ['breaks', 'ToolFailed', /the disk is full/],
  ['fails', 'ToolFailed', /^Nothing is staged\./],
])('an answer is told by its kind, and the server is not started anew for it: %s', async (tool, type, message) => {
  const servers = raw();
  const before = await call(servers, 'pid');
  await expect(call(servers, tool)).rejects.toMatchObject({
    type,
    nonRetryable: true,
    message: expect.stringMatching(message),
  });
  expect(await call(servers, 'pid')).toBe(before);
});

// What the tool has done is done, whatever form its answer has.
test.each([
  [{ content: 'hello' }, 'hello'],
  [{ content: { type: 'text', text: 'one' } }, 'one'],
  [
    {
      content: [
        { type: 'text', text: 42 },
        { type: 'hologram', depth: 3 },
      ],
    },
    '42\n{"type":"hologram","depth":3}',
  ],
  [{ content: [{ type: 'text', text: 'ok', annotations: { priority: 2 } }], isError: 'false' }, 'ok'],
  [
    {
      content: [
        { type: 'resource_link', uri: 'file:///a' },
        { type: 'image', data: 'AAAA' },
      ],
    },
    '[file:///a]\n[image, 4 characters of base64]',
  ],
  [{ toolResult: { sum: 5 } }, '{"toolResult":{"sum":5}}'],
])('an answer that is not of the form of MCP is read as far as it can be: %j', async (result, text) => {
  expect(await call(raw(), 'gives', { result })).toBe(text);
});

test('a tool that returns nothing tells so to the model that is shown the step', async () => {
  expect(await call(raw(), 'mute')).toBe('Done. The tool returned no text.');
});

// @playwright/mcp
test('colours of a terminal are not in a result', async () => {
  expect(await call(raw(), 'coloured')).toBe('no such page');
});

test('a tool that reports progress has its time again with each report, up to the longest time of a call', async () => {
  // 40 reports in 10 seconds: longer than a silent call may take.
  expect(await call(raw({ timeoutMs: 8000 }), 'reports', { times: 40 })).toMatch(/^reports of/);
  await expect(call(raw({ timeoutMs: 8000, maxTimeoutMs: 1000 }), 'reports', { times: 400 })).rejects.toMatchObject({
    type: 'McpUnavailable',
    message: expect.stringMatching(/it still reported progress after 1000 ms \(maxTimeoutMs\)/),
  });
});

test('a call that hangs ends in its time, and its server is ended and started anew; a slow one is left', async () => {
  writeFileSync(file, '');
  const servers = raw({ timeoutMs: 1000 });
  const before = await call(servers, 'pid');
  await expect(call(servers, 'reports', { times: 1e6, silent: true })).rejects.toMatchObject({
    type: 'McpUnavailable',
  });
  expect(await call(servers, 'pid')).toBe(before);
  await expect(call(servers, 'hangs')).rejects.toMatchObject({
    type: 'McpUnavailable',
    message: expect.stringMatching(
      /no sign of progress for 1000 ms \(timeoutMs\).* It is not known what the call of hangs has done/,
    ),
  });
  expect(await call(servers, 'pid')).not.toBe(before);
  expect(readFileSync(file, 'utf8').match(/hangs/g)).toHaveLength(1);
});

test('of a program that ends, the last words are told; of one that is slow, none', async () => {
  const trace = `console.error('line of a trace\\n'.repeat(200) + 'Error: no such database.');`;
  const { problems } = await serversOf({ raw: { command: process.execPath, args: ['-e', trace] } }).list('act');
  expect(problems[0]).toMatch(/it said: … .* line of a trace Error: no such database\. Check/);
  const slow = call(raw({ timeoutMs: 1000 }), 'reports', { times: 1e6, silent: true, says: 'a line of its log' });
  const { message } = (await slow.catch((error: unknown) => error)) as Error;
  expect(message).toMatch(/does not answer: there was no answer/);
  expect(message).not.toContain('a line of its log');
});

// @benborla29/mcp-server-mysql, which ends without a word, and the many that print their reason where messages belong
test('of a program that ends it is told how, and what it said on standard output if it said nothing else', async () => {
  const program = (code: string) => ({ command: process.execPath, args: ['-e', code] });
  const { problems } = await serversOf({
    mute: program('process.exit(3)'),
    killed: program(`process.kill(process.pid, 'SIGKILL')`),
    earlier: program(`console.error("AttributeError: 'Server' object has no attribute 'list_tools'"); process.exit(1)`),
    talks: program(`process.stdout.write('{"a": 1}\\nError: \\x1b[31mno host.\\x1b[0m'); process.exitCode = 1`),
  }).list('act');
  expect(problems).toEqual([
    expect.stringMatching(/^The MCP server mute does not answer: Connection closed \(exit code 3\)\. Check/),
    expect.stringMatching(/ Connection closed \(SIGKILL\)\. Check/),
    expect.stringMatching(/no attribute 'list_tools'\. It was written for an earlier mcp: add 'mcp<2' to/),
    expect.stringMatching(/ Connection closed \(exit code 1\); it said: Error: no host\. Check/),
  ]);
});

test.each(['sampling/createMessage', 'elicitation/create', 'roots/list'])(
  'a server that asks for %s without being offered it is told so, and its call goes on',
  async (method) => {
    expect(await call(raw(), 'asks', { method })).toBe(
      `it said: Husky, the client of this server, cannot be asked for ${method}.`,
    );
  },
);

test('keys of a server are not in its results; the other variables that it was given may be', async () => {
  const env = { ...process.env, HUSKY_TEST_TOKEN: 'a-secret-token', HUSKY_TEST_ROOT: '/a/folder/of/notes' };
  const servers = serversOf(
    { raw: { command: process.execPath, args: [script, file], env: ['HUSKY_TEST_TOKEN', 'HUSKY_TEST_ROOT'] } },
    env,
  );
  const args = { names: ['HUSKY_TEST_TOKEN', 'HUSKY_TEST_ROOT'] };
  expect(await call(servers, 'environment', args)).toBe('[secret] /a/folder/of/notes');
});

test('relative arguments of a server begin in the folder of the configuration file, or in its cwd', async () => {
  writeFileSync(join(folder, 'server.mjs'), `import ${JSON.stringify(script)};`);
  const mcp = { raw: { command: process.execPath, args: ['server.mjs', file] } };
  writeFileSync(join(folder, 'husky.json'), JSON.stringify(testConfig({ mcp })));
  const servers = new McpServers({ servers: loadConfig({ path: join(folder, 'husky.json') }).mcp });
  opened.push(servers);
  expect(await call(servers, 'a.b')).toBe('the one with the dot');
  const { problems } = await raw({ cwd: join(folder, 'nowhere') }).list('act');
  expect(problems[0]).toMatch(
    /^The folder .*nowhere, in which the MCP server raw is to run \(cwd\), is not on this worker/,
  );
});

test('values in the place of names of variables are refused, with the reason', () => {
  const mcp = { raw: { command: 'node', env: { TOKEN: 'secret' } } } as unknown as HuskyConfigInput['mcp'];
  expect(() => parseConfig(testConfig({ mcp }))).toThrow(/mcp\.raw\.env: a list of names, such as \[TOKEN\]/);
});

/** A server over HTTP that knows one session; `answer` gets its calls of tools. */
async function withHttp(
  answer: (request: { id: number }, response: ServerResponse) => void,
  body: (servers: McpServers, restart: () => void, more: (options: object) => McpServers) => Promise<void>,
): Promise<string[]> {
  let session = 1;
  const seen: string[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    if (request.method !== 'POST') {
      seen.push(request.method ?? '');
      return void response.writeHead(405).end();
    }
    const asked = JSON.parse(text) as { id: number; method: string };
    seen.push(asked.method);
    const json = (result: object) => {
      response.writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': String(session) });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: asked.id, result }));
    };
    if (asked.method === 'initialize')
      return json({
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'h', version: '1' },
      });
    if (request.headers['mcp-session-id'] !== String(session)) return void response.writeHead(404).end('no session');
    if (asked.method === 'tools/call') return answer(asked, response);
    if (asked.id === undefined) return void response.writeHead(202).end();
    return json({ tools: [] });
  };
  const http = createServer((request, response) => void handle(request, response));
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  try {
    const servers = (options: object = {}) => serversOf({ raw: { url, ...options } });
    await body(servers(), () => (session += 1), servers);
  } finally {
    await Promise.all(opened.splice(0).map((servers) => servers.close()));
    http.closeAllConnections();
    http.close();
  }
  return seen;
}
const told = ({ id }: { id: number }, response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', id, result: { content: [{ type: 'text', text: 'done' }] } }));
};

test.each([
  [
    501,
    '<html><style>p { color: red }</style><body><h1>Error</h1><p>Unsupported method</p></body></html>',
    /refuses: HTTP 501: Error Unsupported method\./,
  ],
  [404, 'Cannot POST /sse', /refuses: HTTP 404: Cannot POST \/sse \(Husky speaks streamable HTTP/],
  [
    400,
    '{"jsonrpc":"2.0","error":{"code":-32022,"message":"Unsupported protocol version: 2025-11-25"},"id":0}',
    /refuses: HTTP 400: Unsupported protocol version: 2025-11-25\./,
  ],
])('a server that answers with HTTP %i is told by what it says', async (status, page, message) => {
  const http = createServer((_, response) => void response.writeHead(status).end(page));
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const { problems } = await serversOf({ raw: { url } }).list('act');
  http.closeAllConnections();
  http.close();
  expect(problems).toEqual([expect.stringMatching(message)]);
});

test('a server over HTTP that has forgotten its session is given the call in a new one; the session is ended at the end', async () => {
  const seen = await withHttp(told, async (servers, restart) => {
    expect(await call(servers, 'once')).toBe('done');
    restart();
    expect(await call(servers, 'once')).toBe('done');
  });
  expect(seen.filter((method) => method === 'initialize')).toHaveLength(2);
  expect(seen).toContain('DELETE');
});

test('a call whose stream breaks off with its server ends at once, and is not made again', async () => {
  const calls: number[] = [];
  let restarted = () => {};
  await withHttp(
    ({ id }, response) => {
      calls.push(id);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': begun\n\n', () => {
        restarted();
        response.destroy();
      });
    },
    async (_, restart, more) => {
      restarted = restart;
      // So long a wait would fail this test.
      const servers = more({ timeoutMs: 3_600_000, maxTimeoutMs: 3_600_000 });
      await expect(call(servers, 'once')).rejects.toMatchObject({
        type: 'McpUnavailable',
        message: expect.stringMatching(/It is not known what the call of once has done/),
      });
    },
  );
  expect(calls).toHaveLength(1);
});

test('a server over HTTP that says more than a message may hold is told as such', async () => {
  await withHttp(
    ({ id }, response) => {
      const result = { content: [{ type: 'text', text: 'x'.repeat(9_000_000) }] };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id, result })}\n\n`);
    },
    async (servers) => {
      await expect(call(servers, 'once')).rejects.toMatchObject({
        type: 'McpUnavailable',
        message: expect.stringMatching(/its answer has more than 8388608 bytes/),
      });
    },
  );
});

/** What becomes of a list of tools. */
const loose = (list: object) =>
  serversOf({
    raw: { command: process.execPath, args: [join(__dirname, 'mcp-loose-server.mjs'), JSON.stringify(list)] },
  });
const good = {
  name: 'good',
  inputSchema: { type: 'object', properties: { a: { type: ['string', 'null'], default: null } } },
};
const nothing = { type: 'object' };

// Hmbown/Codewhale#5335, Azure/data-api-builder#3599, Apicurio/apicurio-registry#6899
test('optional members that a server writes as null count as absent, those of a schema are left, and an id as text is ours', async () => {
  const servers = loose({
    tools: [{ ...good, inputSchema: { ...good.inputSchema, title: null }, annotations: { readOnlyHint: null } }],
    nextCursor: null,
    _meta: null,
  });
  const { tools, problems } = await servers.list('act');
  expect(problems).toEqual([]);
  expect(tools).toMatchObject([{ name: 'raw_good', input: good.inputSchema }]);
  expect(tools[0]?.input).not.toHaveProperty('title');
  expect(await call(servers, 'nulls')).toBe('null, "a": null');
});

test('the same over HTTP, in one piece or as a stream', async () => {
  const result = { content: [{ type: 'text', text: 'done', annotations: null }], _meta: null };
  for (const type of ['application/json', 'text/event-stream'])
    await withHttp(
      ({ id }, response) => {
        const message = JSON.stringify({ jsonrpc: '2.0', id: String(id), result });
        response.writeHead(200, { 'content-type': type });
        response.end(type === 'application/json' ? message : `event: message\ndata: ${message}\n\n`);
      },
      async (servers) => expect(await call(servers, 'once')).toBe('done'),
    );
});

// anthropics/claude-code#88049, mastra-ai/mastra#21859, IvanMurzak/Unity-MCP#440
test.each<[string, object | null, unknown, unknown]>([
  ['a tool without a schema takes an object', { name: 'odd' }, nothing, []],
  ['so does one whose schema is null', { name: 'odd', inputSchema: null }, nothing, []],
  [
    'and one whose schema is a union',
    { name: 'odd', inputSchema: { anyOf: [nothing] } },
    { type: 'object', anyOf: [nothing] },
    [],
  ],
  [
    'a member of another form is left out',
    { name: 'odd', inputSchema: nothing, description: 7, icons: 'x.png' },
    nothing,
    [],
  ],
  ['hints too', { name: 'odd', inputSchema: nothing, annotations: { readOnlyHint: 'true' } }, nothing, []],
  [
    'a schema of something else costs the tool',
    { name: 'odd', inputSchema: { type: 'string' } },
    undefined,
    [expect.stringMatching(/^The tool odd .* is left out: its schema is one of type string, not of an object/)],
  ],
  ['what is no tool costs nothing', null, undefined, []],
])('a tool of another form costs no other tool: %s', async (_title, odd, input, problems) => {
  const listed = await loose({ tools: [good, odd] }).list('act');
  expect(listed.problems).toEqual(problems);
  expect(listed.tools[0]).toMatchObject({ name: 'raw_good' });
  expect(listed.tools[1]?.input).toEqual(input);
  expect(listed.tools[1]?.maxAttempts ?? 1).toBe(1);
});

test('a list whose next page is the same again ends (DeusData/codebase-memory-mcp#1247)', async () => {
  const { tools, problems } = await loose({ tools: [good], nextCursor: 'same' }).list('act');
  expect(tools.map(({ name }) => name)).toEqual(['raw_good']);
  expect(problems).toEqual([]);
});
