/**
 * An MCP server over stdio that writes members as null and ids as text, and lists tools of other forms. `node mcp-loose-server.mjs LIST`: what it answers
 * to `tools/list`, as JSON; the tool `nulls` answers with nulls wherever a member is optional.
 */
import { createInterface } from 'node:readline';

const list = JSON.parse(process.argv[2]);
const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message, id: String(message.id) }));

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  const capabilities = { tools: null, prompts: null };
  if (method === 'initialize')
    send({
      id,
      result: {
        protocolVersion: params.protocolVersion,
        capabilities,
        serverInfo: { name: 'loose', version: '1', title: null },
        instructions: null,
      },
    });
  else if (method === 'tools/list') send({ id, result: list });
  else if (method === 'ping') send({ id, result: {} });
  else if (method === 'tools/call') {
    const text = { type: 'text', text: 'null, "a": null', annotations: null, _meta: null };
    send({ id, result: { content: [text], isError: null, structuredContent: null, _meta: null } });
  }
}
