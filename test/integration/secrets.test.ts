/** Keys reach the services that they are for, and nothing that Temporal keeps, whatever those services answer. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { startServer, withWorkers, type TestServer } from './harness';

const KEYS = { HUSKY_TEST_MODEL_KEY: 'sk-model-0123456789abcdef', HUSKY_TEST_SEARCH_KEY: 'search-fedcba9876543210' };

let server: TestServer;
let service: Server;
let received: string[] = [];
let refuse: 'nothing' | 'model' | 'search' = 'nothing';

/** A model and a search engine that repeat the keys that they were given wherever they can. */
beforeAll(async () => {
  Object.assign(process.env, KEYS);
  server = await startServer();
  service = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const said = `${request.url} ${JSON.stringify(request.headers)} ${body}`;
      received.push(said);
      response.setHeader('content-type', 'application/json');
      const isModel = request.url?.startsWith('/v1') ?? false;
      response.statusCode = refuse === (isModel ? 'model' : 'search') ? 401 : 200;
      response.end(JSON.stringify(response.statusCode === 401 ? refusal(request) : isModel ? next(body) : found));
    });
  });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const name of Object.keys(KEYS)) delete process.env[name];
  service.closeAllConnections();
  await new Promise((resolve) => service.close(resolve));
  await server.stop();
});

const found = { organic: [{ title: 'Jar 7', snippet: 'Jar 7 holds 12 insects.', link: 'http://localhost/1' }] };
const refusal = (request: IncomingMessage) => {
  const message = `Incorrect API key provided: ${request.headers.authorization} ${request.headers['x-api-key']}`;
  return { error: { message, type: 'invalid_request_error' }, message };
};

function next(body: string) {
  const { prompt } = JSON.parse(body) as { prompt: string };
  const isFirst = !prompt.includes('It is 12.');
  const text = /write.* query|search query/i.test(prompt.slice(0, 400))
    ? 'insects in jar 7'
    : isFirst && !prompt.includes('Jar 7 holds')
      ? '[search] Find the number of insects in jar 7.'
      : isFirst
        ? 'It is 12.'
        : '[finish] The answer is 12.';
  return { id: '1', object: 'text_completion', model: 'm', choices: [{ index: 0, text, finish_reason: 'stop' }] };
}

/** Everything that Temporal has stored of a solution, payloads decoded. */
async function stored(question: string): Promise<{ text: string; outcome: string }> {
  received = [];
  const { port } = service.address() as AddressInfo;
  const config = {
    models: {
      default: {
        provider: 'openai' as const,
        baseUrl: `http://127.0.0.1:${port}/v1`,
        model: 'm',
        apiKeyEnv: 'HUSKY_TEST_MODEL_KEY',
      },
    },
    search: { engine: 'serper' as const, baseUrl: `http://127.0.0.1:${port}`, apiKeyEnv: 'HUSKY_TEST_SEARCH_KEY' },
    limits: { maxSteps: 3 },
  };
  return withWorkers(server, { config }, async (husky) => {
    const handle = await husky.start(question);
    const outcome = await handle.result().then(
      ({ stopReason }) => stopReason,
      (error: Error) => String(error),
    );
    const description = await handle.workflow.describe();
    const json = historyToJSON(await handle.workflow.fetchHistory());
    const decoded = [...json.matchAll(/"data": ?"([^"]+)"/g)].map(([, data = '']) =>
      Buffer.from(data, 'base64').toString(),
    );
    return { outcome, text: [json, ...decoded, JSON.stringify(description.memo), outcome].join('\n') };
  });
}

test.each(['nothing', 'model', 'search'] as const)('a service that refuses %s and repeats the key', async (refused) => {
  refuse = refused;
  const { text, outcome } = await stored(`How many insects are in jar 7 (${refused})?`);
  expect(text).toContain('How many insects are in jar 7');
  if (refused === 'nothing') expect(outcome).toBe('finished');
  else expect(text).toMatch(/Incorrect API key provided: .*\[secret\]/);
  const asked = received.join('\n');
  expect(asked).toContain(KEYS.HUSKY_TEST_MODEL_KEY);
  if (refused !== 'model') expect(asked).toContain(KEYS.HUSKY_TEST_SEARCH_KEY);
  for (const key of Object.values(KEYS)) expect(text).not.toContain(key);
});
