/**
 * An MCP server without the SDK over stdio, for what servers of the SDK do not do. `node mcp-raw-server.mjs FILE [GONE]`: the
 * names of the tools that are called are kept in FILE; the tool GONE is listed, but is unknown when it is called.
 */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [, , file, gone] = process.argv;
const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
const text = (value, more = {}) => ({ result: { content: [{ type: 'text', text: value }], ...more } });
const inputSchema = { type: 'object' };
const tools = [
  { name: 'a.b', inputSchema },
  { name: 'a/b', inputSchema },
  { name: 'reads', inputSchema, annotations: { readOnlyHint: true } },
  { name: 'sets', inputSchema, annotations: { idempotentHint: true, destructiveHint: true } },
  { name: 'adds', inputSchema, annotations: { readOnlyHint: false, destructiveHint: false } },
  { name: 'task', inputSchema, execution: { taskSupport: 'required' } },
];
const answers = {
  'a.b': () => text('the one with the dot'),
  gives: ({ result }) => ({ result }),
  mute: () => ({ result: { content: [] } }),
  coloured: () => text('\x1b[2mno such page\x1b[22m'),
  refuses: () => ({ error: { code: -32602, message: 'invalid params: town is missing' } }),
  breaks: () => ({ error: { code: -32603, message: 'the disk is full' } }),
  fails: () => text('Nothing is staged.', { isError: true }),
  refusesInText: () => text('MCP error -32602: Input validation error: town is missing', { isError: true }),
  unknownInText: () => text('Unknown tool: unknownInText', { isError: true }),
};
let asked = 0;
const waiting = new Map();

console.log('This server greets on standard output, as many do.');
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params, result, error } = JSON.parse(line);
  if (method === undefined) {
    waiting.get(id)?.(error ?? result);
    continue;
  }
  if (method === 'initialize')
    send({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities: {},
        serverInfo: { name: 'raw', version: '1' },
      },
    });
  else if (method === 'tools/list') send({ id, result: { tools } });
  else if (method === 'ping') send({ id, result: {} });
  else if (method === 'tools/call') void called(id, params);
}

async function called(id, { name, arguments: given, _meta }) {
  appendFileSync(file, `${name}\n`);
  if (name === gone) return send({ id, ...text(`Unknown tool: ${name}`, { isError: true }) });
  if (given.says) console.error(given.says);
  if (name === 'hangs') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  if (name === 'reports')
    for (let progress = 1; progress <= given.times; progress += 1) {
      if (!given.silent)
        send({ method: 'notifications/progress', params: { progressToken: _meta.progressToken, progress } });
      await new Promise((next) => setTimeout(next, 250));
    }
  if (name === 'asks') {
    // Without looking whether the client can be asked.
    const said = await new Promise((told) => {
      waiting.set((asked += 1), told);
      send({ id: asked, method: given.method, params: {} });
    });
    send({ id, ...text(`it said: ${said.message}`) });
  } else if (name === 'environment') send({ id, ...text(given.names.map((key) => process.env[key]).join(' ')) });
  else send({ id, ...(answers[name]?.(given) ?? text(`${name} of ${process.pid}`)) });
}
