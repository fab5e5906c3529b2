import { McpServer } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';

const PIECES: Record<string, number> = { oslo: 120, bergen: 45 };

serveStdio(() => {
  const server = new McpServer({ name: 'stock', version: '1.0.0' });
  server.registerTool(
    'count-kettles',
    {
      description: 'tells how many kettles are in the warehouse of one town',
      inputSchema: z.object({ town: z.string() }),
    },
    ({ town }) => ({ content: [{ type: 'text', text: `${town} has ${PIECES[town.toLowerCase()] ?? 0} kettles.` }] }),
  );
  return server;
});
