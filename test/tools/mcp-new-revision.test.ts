/** Servers over HTTP that speak revision 2026-07-28 of the protocol alone: no sessions, and a stream for each call. */
import type { AddressInfo } from 'node:net';
import type { Server as HttpServer } from 'node:http';
import { serve } from '@hono/node-server';
import { createMcpHandler, inputRequired, Server, type CallToolResult } from '@modelcontextprotocol/server';
import { parseConfig } from '../../src/config';
import { testConfig } from '../../src/testing';
import { McpServers } from '../../src/tools/mcp/mcp-servers';

jest.setTimeout(120_000);

const text = (value: string): CallToolResult => ({ content: [{ type: 'text', text: value }] });
const town = { type: 'string', 'x-mcp-header': 'Town' } as const;
const tools = ['forecast', 'reports', 'waits', 'asks', 'lost'].map((name) => ({
  name,
  inputSchema: { type: 'object' as const, properties: { town } },
  outputSchema: { type: 'object' as const, required: ['degrees'] },
}));
const [asked, aborted]: string[][] = [[], []];
let reached = () => {};

/** Results do not fit the schema of results, as is met. */
function createServer() {
  const server = new Server({ name: 'new', version: '1.0.0' }, { capabilities: { tools: {} } });
  server.setRequestHandler('tools/list', () => ({ tools }));
  server.setRequestHandler('tools/call', async ({ params: { name } }, { http, mcpReq: { _meta, signal, notify } }) => {
    asked?.push(name);
    const progressToken = _meta?.progressToken ?? '';
    if (name === 'reports')
      for (let progress = 1; progress <= 20; progress += 1) {
        await notify({ method: 'notifications/progress', params: { progressToken, progress } });
        await new Promise((next) => setTimeout(next, 250));
      }
    if (name === 'waits') {
      reached();
      await new Promise((gone) => signal.addEventListener('abort', gone));
      aborted?.push(name);
    }
    if (name === 'asks')
      return inputRequired({
        inputRequests: {
          town: inputRequired.elicit({ message: 'Which town?', requestedSchema: { type: 'object', properties: {} } }),
        },
      });
    return { ...text(`${name} of ${http?.req?.headers.get('mcp-param-town')}`), structuredContent: { wind: 3 } };
  });
  return server;
}

let http: HttpServer;
let servers: McpServers;
const call = (tool: string, signal?: AbortSignal) =>
  servers.call({ server: 'web', tool, arguments: { town: 'oslo' } }, signal);

beforeAll(async () => {
  const handler = createMcpHandler(createServer, { legacy: 'reject' });
  const fetch = async (request: Request) => {
    if (request.headers.get('mcp-name') !== 'lost') return handler.fetch(request);
    asked?.push('lost');
    return new Response(': begun\n\n', { headers: { 'content-type': 'text/event-stream' } });
  };
  http = serve({ fetch, port: 0, hostname: '127.0.0.1' }) as HttpServer;
  await new Promise((ready) => (http.listening ? ready(0) : http.once('listening', ready)));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  servers = new McpServers({ servers: parseConfig(testConfig({ mcp: { web: { url, timeoutMs: 4000 } } })).mcp });
});
afterAll(async () => {
  await servers.close();
  http.closeAllConnections();
  http.close();
});

test('tools are listed and called; an argument that a tool wants as a header is one', async () => {
  const { tools: listed, problems } = await servers.list('act');
  expect(problems).toEqual([]);
  expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => `web_${name}`));
  expect(await call('forecast')).toBe('forecast of oslo');
});

test('progress gives a call its time again', async () => {
  expect(await call('reports')).toBe('reports of oslo');
});

test('a call that is given up is given up at the server, too; one without an answer fails in its time', async () => {
  const abort = new AbortController();
  const begun = new Promise<void>((done) => (reached = done));
  const waiting = call('waits', abort.signal);
  await begun;
  abort.abort(new Error('no longer wanted'));
  await expect(waiting).rejects.toThrow('no longer wanted');
  await expect(call('waits')).rejects.toMatchObject({
    type: 'McpUnavailable',
    message: expect.stringMatching(/for 4000 ms/),
  });
  while ((aborted?.length ?? 0) < 2) await new Promise((next) => setTimeout(next, 20));
  expect(await call('forecast')).toBe('forecast of oslo');
});

test('a tool that asks for what was not offered fails with that reason', async () => {
  await expect(call('asks')).rejects.toMatchObject({
    type: 'ToolFailed',
    message: expect.stringMatching(/elicitation/),
  });
});

test('a call whose stream ends without an answer fails at once, and is not made again', async () => {
  await expect(call('lost')).rejects.toMatchObject({
    type: 'McpUnavailable',
    message: expect.stringMatching(
      /the connection broke off before the answer.* It is not known what the call of lost has done/,
    ),
  });
  expect(asked?.filter((name) => name === 'lost')).toHaveLength(1);
});
