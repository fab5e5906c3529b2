import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HuskyClient, HuskyPlugin, loadConfig } from 'temporal-husky';
import { createEndpoint } from 'temporal-husky/endpoint';

const address = process.env.TEMPORAL_ADDRESS ?? 'localhost:7233';
const taskQueue = 'asked-over-http';
const native = await NativeConnection.connect({ address });
const connection = await Connection.connect({ address });
const worker = await Worker.create({
  connection: native,
  taskQueue,
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  plugins: [new HuskyPlugin(loadConfig())],
});

const husky = new HuskyClient({ client: new Client({ connection }), taskQueue });
const keys = process.env.HUSKY_SERVE_KEY?.split(',') ?? [];
const { fetch } = createEndpoint({ husky, keys });
const server = serve({ fetch, hostname: '127.0.0.1', port: Number(process.env.PORT ?? 8400) });
await once(server, 'listening');
console.log(`ready: http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);

await worker.run(); // until Ctrl+C
server.close();
await connection.close();
await native.close();
