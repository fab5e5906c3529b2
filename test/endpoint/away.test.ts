/** The endpoint while the Temporal server or the workers are away. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import OpenAI, { type APIError } from 'openai';
import { HuskyClient } from '../../src/client';
import { createEndpoint } from '../../src/endpoint/create-endpoint';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

jest.setTimeout(300_000);

let temporal: TestServer;
beforeAll(async () => {
  temporal = await startServer();
});
afterAll(() => temporal.stop());

async function withDoor(husky: HuskyClient, body: (client: OpenAI, url: string) => Promise<void>): Promise<void> {
  const endpoint = createEndpoint({ husky, keys: [] });
  const server = serve({ fetch: endpoint.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  await new Promise((ready) => (server.listening ? ready(0) : server.once('listening', ready)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await body(new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', maxRetries: 0 }), url);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const messages = [{ role: 'user' as const, content: spiders.question }];
const refused = async (work: Promise<unknown>) => {
  const { status, code, message, headers } = (await work.catch((error: unknown) => error)) as APIError;
  return { status, code, message, again: headers?.get('retry-after') };
};

test('without a worker a question is refused with 503 and nothing is started; one in the background waits for a worker', async () => {
  const husky = new HuskyClient({ client: temporal.client, taskQueue: 'nobody-husky' });
  await withDoor(husky, async (client) => {
    const noWorker = { status: 503, code: 'no_worker', again: '5' };
    const chats = [false, true].map((stream) => client.chat.completions.create({ model: 'husky', messages, stream }));
    for (const chat of chats)
      expect(await refused(chat)).toMatchObject({
        ...noWorker,
        message: expect.stringContaining('nothing was started'),
      });
    expect(await refused(client.responses.create({ model: 'husky', input: spiders.question }))).toMatchObject(noWorker);
    const begun = await client.responses.create({ model: 'husky', input: spiders.question, background: true });
    expect(begun.status).toBe('in_progress');
    expect(await refused(client.responses.retrieve(begun.id))).toMatchObject({
      ...noWorker,
      message: expect.stringContaining('It goes on when one runs'),
    });
    const ids: string[] = [];
    while (ids.length === 0) for await (const { workflow } of husky.list()) ids.push(`resp_${workflow.workflowId}`);
    expect(ids).toEqual([begun.id]);

    const { parts } = scriptSolutions([spiders]);
    await withWorkers(temporal, { parts, config: { queues: { prefix: 'nobody' } } }, async () => {
      const types: string[] = [];
      for await (const { type } of await client.responses.retrieve(begun.id, { stream: true })) types.push(type);
      expect(types.at(-1)).toBe('response.completed');
    });
    // What has ended is told without a worker, also as the turn before.
    expect((await client.responses.retrieve(begun.id)).output_text).toBe('96');
  });
});

test('without the Temporal server every door answers 503 with a sentence and when to ask again', async () => {
  const gone = await startServer();
  const husky = new HuskyClient({ client: gone.client });
  await withDoor(husky, async (client, url) => {
    await gone.end();
    const away = {
      status: 503,
      code: 'temporal_unavailable',
      again: '5',
      message: expect.stringContaining('The Temporal server does not answer'),
    };
    const asked = Promise.all(
      [
        client.chat.completions.create({ model: 'husky', messages }),
        client.chat.completions.create({ model: 'husky', messages, stream: true }),
        client.responses.create({ model: 'husky', input: spiders.question, background: true }),
        client.responses.retrieve('resp_known'),
      ].map(refused),
    );
    const page = await Promise.all(
      [
        fetch(`${url}/api/solutions`),
        fetch(`${url}/api/solutions/known/events`),
        fetch(`${url}/api/solutions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ question: 'Who is there?' }),
        }),
      ].map(async (asked) => {
        const response = await asked;
        const { error } = (await response.json()) as { error: { code: string; message: string } };
        return {
          status: response.status,
          code: error.code,
          message: error.message,
          again: response.headers.get('retry-after'),
        };
      }),
    );
    expect(await asked).toEqual([away, away, away, away]);
    expect(page).toEqual([away, away, away]);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
  await gone.stop();
});
