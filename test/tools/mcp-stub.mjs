/**
 * A small MCP server over stdio for tests: what it does is chosen by its tools. `node mcp-stub.mjs FILE [new]`: FILE keeps a count over
 * restarts; with `new` it speaks revision 2026-07-28 of the protocol alone.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const [, , file, revision] = process.argv;
const text = (value) => ({ content: [{ type: 'text', text: value }] });

function createServer() {
  const server = new McpServer({ name: 'stub', version: '1.0.0' });
  server.registerTool(
    'add',
    { description: 'adds two numbers', inputSchema: z.object({ a: z.number(), b: z.number() }) },
    ({ a, b }) => text(String(a + b)),
  );
  server.registerTool('big', { description: 'returns 3 MB', inputSchema: z.object({}) }, () =>
    text('x'.repeat(3_000_000)),
  );
  server.registerTool('huge', { description: 'returns more than a message may hold', inputSchema: z.object({}) }, () =>
    text('x'.repeat(9_000_000)),
  );
  server.registerTool(
    'read',
    { description: 'reads a file', inputSchema: z.object({ name: z.string() }) },
    ({ name }) =>
      name === 'right.txt' ? text('found') : { ...text(`no file ${name}; there is right.txt`), isError: true },
  );
  server.registerTool('die-once', { description: 'dies at its first call', inputSchema: z.object({}) }, () => {
    appendFileSync(file, 'x');
    if (readFileSync(file, 'utf8').length === 1) process.exit(1);
    return text('alive again');
  });
  server.registerTool(
    'hold',
    { description: 'answers when it is let', inputSchema: z.object({}), annotations: { readOnlyHint: true } },
    async () => {
      appendFileSync(file, `${process.pid}\n`);
      while (!existsSync(`${file}.go`)) await new Promise((next) => setTimeout(next, 20));
      return text('let go');
    },
  );
  server.registerTool('die', { description: 'dies at every call', inputSchema: z.object({}) }, () => process.exit(1));
  server.registerTool('tell', { description: 'tells what it was given', inputSchema: z.object({}) }, () =>
    text(`${process.env.HUSKY_TEST_KEY ?? 'no key'}, ${process.env.HUSKY_OTHER_KEY ?? 'no other key'}`),
  );
  server.registerTool(
    'wait',
    { description: 'waits for ever', inputSchema: z.object({}) },
    (_, { mcpReq: { signal } }) => {
      appendFileSync(file, 'w');
      return new Promise((resolve) =>
        signal.addEventListener('abort', () => {
          appendFileSync(file, 'a');
          resolve(text(''));
        }),
      );
    },
  );
  server.registerTool('grow', { description: 'offers one more tool', inputSchema: z.object({}) }, () => {
    server.registerTool('grown', { description: 'is new', inputSchema: z.object({}) }, () => text('new'));
    return text('done');
  });
  return server;
}

serveStdio(createServer, { legacy: revision === 'new' ? 'reject' : 'serve' });
