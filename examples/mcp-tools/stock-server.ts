import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const PIECES: Record<string, number> = { oslo: 120, bergen: 45 };

const server = new McpServer({ name: 'stock', version: '1.0.0' });
server.registerTool(
  'count-kettles',
  { description: 'tells how many kettles are in the warehouse of one town', inputSchema: { town: z.string() } },
  ({ town }) => ({ content: [{ type: 'text', text: `${town} has ${PIECES[town.toLowerCase()] ?? 0} kettles.` }] }),
);
await server.connect(new StdioServerTransport());
