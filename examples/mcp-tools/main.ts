import { fileURLToPath } from 'node:url';
import { Client as McpClient } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';

const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const husky = new HuskyClient({ client: new Client({ connection }), taskQueue: 'kettle-questions' });
const mcp = { stock: { command: process.execPath, args: [beside('./stock-server.ts')], env: [] } };
const worker = await Worker.create({
  connection: native,
  taskQueue: 'kettle-questions',
  workflowsPath: beside('./workflows.ts'),
  plugins: [new HuskyPlugin({ ...loadConfig(), mcp })],
});

await worker.runUntil(async () => {
  const { steps, answer } = await husky.solve('How many kettles do Oslo and Bergen have together?');
  for (const { tool, arguments: args, output } of steps)
    console.log(`[${tool}] ${args ? JSON.stringify(args) : ''} -> ${output}`);
  console.log('answer:', answer);
});
await connection.close();
await native.close();

const client = new McpClient({ name: 'example', version: '1.0.0' });
// As an MCP client's configuration would name it: npx temporal-husky mcp.
const command = fileURLToPath(import.meta.resolve('temporal-husky/package.json')).replace(
  'package.json',
  'dist/cli/main.js',
);
const environment = { ...process.env } as Record<string, string>;
await client.connect(new StdioClientTransport({ command: process.execPath, args: [command, 'mcp'], env: environment }));
const { tools } = await client.listTools();
console.log('husky offers:', tools.map(({ name }) => name).join(', '));
const ran = await client.callTool({
  name: 'run_program',
  arguments: { language: 'javascript', code: 'console.log(6 * 7)' },
});
console.log('program printed:', (ran.content as { text?: string }[])[0]?.text?.trim());
await client.close();
