/** `husky mcp --port` as the official client sees it, over a real port and a real Temporal server. */
import type { AddressInfo } from 'node:net';
import { Agent, request, type Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Client, StreamableHTTPClientTransport, type Progress } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { mcpOverHttp, type McpOverHttpOptions } from '../../src/endpoint/mcp-http';
import { createMcpServer } from '../../src/endpoint/mcp-server';
import { HuskyClient } from '../../src/client';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

jest.setTimeout(300_000);

let temporal: TestServer;
beforeAll(async () => {
  temporal = await startServer();
});
afterAll(() => temporal.stop());

const [KEY, OTHER] = ['a-key-of-this-test', 'another-key-of-this-test'];

type Connect = (key?: string, headers?: Record<string, string>, mode?: 'legacy' | 'auto') => Promise<Client>;

async function withMcp<T>(
  body: (connect: Connect, url: URL) => Promise<T>,
  options: Partial<McpOverHttpOptions> = {},
  delayMs = () => 0,
): Promise<T> {
  const { parts } = scriptSolutions([spiders], { delayMs });
  return withWorkers(temporal, { parts }, async (husky) => {
    const none = () => Promise.reject(new Error('not part of this test'));
    const served = mcpOverHttp({
      keys: [KEY, OTHER],
      server: (caller) => createMcpServer({ husky: () => Promise.resolve(husky), search: none, sandbox: none, caller }),
      ...options,
    });
    const server = serve({ fetch: served.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await new Promise((ready) => (server.listening ? ready(0) : server.once('listening', ready)));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
    const clients: Client[] = [];
    try {
      return await body(async (key, more = {}, mode = 'legacy') => {
        const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
        const headers = { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...more };
        await client.connect(new StreamableHTTPClientTransport(url, { requestInit: { headers } }));
        clients.push(client);
        return client;
      }, url);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
      await served.close();
      server.closeAllConnections();
      server.close();
    }
  });
}

const solve = (client: Client, id: string, seen: Progress[] = []) =>
  client.callTool(
    { name: 'solve', arguments: { question: spiders.question, id } },
    {
      onprogress: (progress) => void seen.push(progress),
      timeout: 200_000,
    },
  );

test.each(['legacy', 'auto'] as const)(
  'several clients list the tools and have questions solved at once, and hear of each step once: %s',
  async (mode) => {
    await withMcp(async (connect) => {
      const clients = await Promise.all([connect(KEY, {}, mode), connect(OTHER, {}, mode)]);
      expect(clients[0]!.getProtocolEra()).toBe(mode === 'auto' ? 'modern' : 'legacy');
      const { tools } = await clients[0]!.listTools();
      expect(tools.map(({ name }) => name)).toEqual(['solve', 'search', 'run_program']);
      const solved = await Promise.all(
        clients.map(async (client) => {
          const seen: Progress[] = [];
          return { seen, result: await solve(client, 'one-name', seen) };
        }),
      );
      for (const { seen, result } of solved) {
        expect(result.structuredContent).toMatchObject({ answer: '96', stop_reason: 'finished' });
        const steps = seen.map(({ message = '' }) => message).filter((message) => message.startsWith('['));
        expect(steps).toEqual(spiders.steps.map(({ tool, step, output }) => `[${tool}] ${step} → ${output}`));
      }
      // The same name under two keys is two solutions; the whole id is the same one again.
      const ids = solved.map(({ result }) => (result.structuredContent as { id: string }).id);
      expect(new Set(ids).size).toBe(2);
      const again = await solve(clients[0]!, ids[0]!);
      expect(again.structuredContent).toMatchObject({ id: ids[0], answer: '96' });
      const foreign = await solve(clients[1]!, ids[0]!);
      expect((foreign.structuredContent as { id: string }).id).not.toBe(ids[0]);
    });
  },
);

test('a client of the SDK before, 1.x, is served as ever', async () => {
  await withMcp(async (_, url) => {
    const client = new OldClient({ name: 'test', version: '1.0.0' });
    await client.connect(new OldTransport(url, { requestInit: { headers: { authorization: `Bearer ${KEY}` } } }));
    const seen: string[] = [];
    const call = { name: 'solve', arguments: { question: spiders.question } };
    const onprogress = ({ message = '' }) => void seen.push(message);
    const result = await client.callTool(call, undefined, { onprogress, timeout: 200_000 });
    await client.close();
    expect(result.structuredContent).toMatchObject({ answer: '96' });
    expect(seen.filter((message) => message.startsWith('['))).toHaveLength(spiders.steps.length);
  });
});

test.each([
  ['legacy', undefined, 'CANCELLED'],
  ['legacy', 'given', 'CANCELLED'],
  ['auto', undefined, 'CANCELLED'],
  ['auto', 'given', 'COMPLETED'],
] as const)(
  'a call that is given up, by a client of mode %s, with the id %s: its solution is %s',
  async (mode, id, status) => {
    const started = jest.spyOn(HuskyClient.prototype, 'start');
    await withMcp(
      async (connect) => {
        const client = await connect(KEY, {}, mode);
        const call = { name: 'solve', arguments: { question: spiders.question, id: id && `${id}-${mode}` } };
        const abort = new AbortController();
        const solving = client.callTool(call, { signal: abort.signal });
        while (started.mock.results.length === 0) await new Promise((next) => setTimeout(next, 20));
        const { workflow } = await started.mock.results[0]!.value;
        abort.abort();
        await expect(solving).rejects.toThrow();
        await workflow.result().catch(() => undefined);
        expect((await workflow.describe()).status.name).toBe(status);
      },
      {},
      () => 300,
    ).finally(() => started.mockRestore());
  },
);

test('a wrong key, none, a page of another place and a session of somebody else are refused', async () => {
  await withMcp(async (connect, url) => {
    await expect(connect('wrong')).rejects.toThrow(/The key is not known here/);
    await expect(connect()).rejects.toThrow(/A key is needed/);
    await expect(connect(KEY, { origin: 'https://evil.example' })).rejects.toThrow(/evil\.example may not call/);
    await connect(KEY, { origin: url.origin });
    await expect(connect('wrong', {}, 'auto')).rejects.toThrow(/requires authorization \(HTTP 401\)/);
    const client = await connect(KEY);
    const { sessionId = '' } = client.transport as StreamableHTTPClientTransport;
    const stolen = (key: string, to = url) =>
      fetch(to, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-session-id': sessionId,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'tools/list' }),
      });
    expect((await stolen(OTHER)).status).toBe(404);
    expect((await stolen(KEY, new URL(`${url.href}/`))).status).toBe(200);
    expect((await stolen(KEY)).status).toBe(200);
    const body = 'x'.repeat(5 * 1024 * 1024);
    expect((await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${KEY}` }, body })).status).toBe(413);
  });
});

test('a client whose request is refused can go on with the connection that it has, however long the request was', async () => {
  await withMcp(async (_, url) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const post = (key: string, length: number) =>
      new Promise<{ status: number | undefined; body: string; port: number | undefined }>((resolve, reject) => {
        const headers = {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          'content-length': length,
        };
        const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
          const port = answer.socket.localPort;
          let body = '';
          answer.on('data', (chunk) => (body += String(chunk)));
          answer.on('end', () => resolve({ status: answer.statusCode, body, port }));
        });
        sent.on('error', reject).end('x'.repeat(length));
      });
    const answers = [];
    for (const [key, length] of [
      ['wrong', 300_000],
      [KEY, 5_000_000],
      ['wrong', 2_000_000],
      [KEY, 5_000_000],
      ['wrong', 2],
    ] as const)
      answers.push(await post(key, length));
    agent.destroy();
    expect(answers.map(({ status }) => status)).toEqual([401, 413, 401, 413, 401]);
    expect(new Set(answers.map(({ port }) => port)).size).toBe(1);
    expect(JSON.parse(answers[0]?.body ?? '')).toEqual({
      jsonrpc: '2.0',
      error: { code: -32000, message: 'The key is not known here.', data: { code: 'invalid_api_key' } },
      id: null,
    });
  });
});

test('without keys only this machine may ask, by its own name', async () => {
  await withMcp(
    async (connect, url) => {
      expect((await (await connect()).listTools()).tools).toHaveLength(3);
      const status = await new Promise((resolve, reject) => {
        const sent = request(url, { method: 'POST', headers: { host: 'rebound.example' } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        });
        sent.on('error', reject).end('{}');
      });
      expect(status).toBe(403);
    },
    { keys: [] },
  );
});

test('the session that was silent for longest gives way; its client is told to begin anew', async () => {
  await withMcp(
    async (connect) => {
      const [first, second] = [await connect(KEY), await connect(KEY)];
      await second.listTools();
      const third = await connect(KEY);
      await expect(first.listTools()).rejects.toThrow(/begin one anew/);
      expect((await second.listTools()).tools).toHaveLength(3);
      expect((await third.listTools()).tools).toHaveLength(3);
    },
    { maxSessions: 2 },
  );
});
