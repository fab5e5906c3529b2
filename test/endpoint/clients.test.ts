/** What clients of others send: the OpenAI clients for Python and Node, LangChain, the Vercel AI SDK. The official one for Node asks without a port. */
import OpenAI, { type APIError } from 'openai';
import type { ResponseInput } from 'openai/resources/responses/responses';
import { createEndpoint } from '../../src/endpoint/create-endpoint';
import { createFailure } from '../../src/failures';
import { scriptSolutions, type ScriptedSolution } from '../../src/testing';
import { eventually } from '../cli/command';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

jest.setTimeout(300_000);

let temporal: TestServer;
beforeAll(async () => {
  temporal = await startServer();
});
afterAll(() => temporal.stop());

const half: ScriptedSolution = {
  question: 'What is half of that?',
  steps: [{ tool: 'math', step: 'Divide 96 by 2.', output: '96 / 2 = 48.' }],
  answer: '48',
};
const KEYS = ['first', 'second'] as const;
type Send = (request: Request) => Promise<Response>;
interface Kit {
  client: OpenAI;
  calls: ReturnType<typeof scriptSolutions>['calls'];
  /** A client with another key, with retries, or whose requests go another way. */
  other: (options: { apiKey?: string; maxRetries?: number; way?: (send: Send) => Send }) => OpenAI;
}

async function withClient(body: (kit: Kit) => Promise<void>, more: Parameters<typeof scriptSolutions>[1] = {}) {
  const { parts, calls } = scriptSolutions([spiders, half], more);
  await withWorkers(temporal, { parts }, async (husky) => {
    const endpoint = createEndpoint({ husky, keys: KEYS, page: false });
    const send: Send = async (request) => endpoint.fetch(request);
    const other: Kit['other'] = ({ apiKey = KEYS[0], maxRetries = 0, way = (plain) => plain }) => {
      const sent = way(send);
      const fetch = (url: string | URL | Request, init?: RequestInit) => sent(new Request(url, init));
      return new OpenAI({ baseURL: 'http://localhost/v1', apiKey, maxRetries, fetch });
    };
    await body({ client: other({}), calls, other });
  });
}

const refused = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as APIError,
  );
const model = 'husky';
const messages = [{ role: 'user' as const, content: spiders.question }];

test('earlier output is sent back as items, or by their ids, and the answer in it is a turn of the conversation', async () => {
  await withClient(async ({ client, calls, other }) => {
    const first = await client.responses.create({ model, input: spiders.question });
    const asked = { role: 'user' as const, content: spiders.question };
    const next = { role: 'user' as const, content: half.question };
    const byId = first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id as string }));
    expect(byId).toHaveLength(2);
    for (const output of [first.output as ResponseInput, byId]) {
      const before = calls.length;
      const second = await client.responses.create({ model, input: [asked, ...output, next] });
      expect(second.output_text).toBe('48');
      expect(calls[before]?.input).toContain(`User: ${spiders.question}\nAssistant: 96\n\nQuestion: ${half.question}`);
    }
    const stranger = other({ apiKey: KEYS[1] }).responses.create({ model, input: [asked, ...byId, next] });
    expect(await refused(stranger)).toMatchObject({ status: 404, message: expect.stringContaining('no response') });
    const unknown = client.responses.create({ model, input: [{ type: 'item_reference', id: 'msg_1' }, next] });
    expect(await refused(unknown)).toMatchObject({ status: 404, message: expect.stringContaining('msg_1') });
  });
});

test('a response tells its metadata, whether it runs in the background, and the response before', async () => {
  await withClient(async ({ client }) => {
    const metadata = { who: 'Ada' };
    const first = await client.responses.create({ model, input: spiders.question, metadata });
    expect(first).toMatchObject({ metadata, background: false, previous_response_id: null });
    const previous_response_id = first.id;
    const more = { previous_response_id, background: true, metadata };
    const begun = await client.responses.create({ model, input: half.question, ...more });
    expect(begun).toMatchObject(more);
    for await (const event of await client.responses.retrieve(begun.id, { stream: true }))
      if ('response' in event) expect(event.response).toMatchObject(more);
    expect(await client.responses.retrieve(begun.id)).toMatchObject({
      ...more,
      status: 'completed',
      output_text: '48',
    });
  });
});

test('what would change the answer and cannot be done is refused, and the message names the field', async () => {
  await withClient(async ({ client }) => {
    const response = (change: object) =>
      refused(client.responses.create({ model, input: spiders.question, ...change }));
    const chat = (change: object) => refused(client.chat.completions.create({ model, messages, ...change }));
    const says = (text: string) => ({ status: 400, message: expect.stringContaining(text) });
    const format = { type: 'json_schema', name: 'a', schema: { type: 'object' } };
    expect(await response({ text: { format } })).toMatchObject(
      says('text.format: must be the schema of an object with one field for the answer'),
    );
    expect(await response({ conversation: 'conv_1' })).toMatchObject(says('conversation: must be left out'));
    expect(await response({ prompt: { id: 'p' } })).toMatchObject(says('prompt: must be left out'));
    expect(await chat({ functions: [{ name: 'f' }] })).toMatchObject(says('functions: must be left out'));
    expect(await chat({ modalities: ['text', 'audio'] })).toMatchObject(says('modalities.1: must be text'));
    const items = (...more: object[]) => response({ input: [...messages, ...more] });
    expect(await items({ type: 'function_call_output', call_id: '1', output: 'x' })).toMatchObject(
      says('input.1.type: must be message, reasoning or item_reference'),
    );
    expect(await items({ role: 'judge', content: 'x' })).toMatchObject(says('input.1.role: must be system'));
    expect(await response({ input: 5 })).toMatchObject(says('input: must be a text or a list'));
    expect(await chat({ messages: [{ role: 'user', content: 5 }] })).toMatchObject(
      says('messages.0.content: must be a text or a list'),
    );
  });
});

test('a base URL without /v1 is told how it ends', async () => {
  await withClient(async ({ client }) => {
    const wrong = client.withOptions({ baseURL: 'http://localhost' });
    const error = await refused(wrong.chat.completions.create({ model, messages }));
    expect(error).toMatchObject({
      status: 404,
      message: expect.stringMatching(/POST \/chat\/completions.*below \/v1/),
    });
    expect(await refused(client.embeddings.create({ model, input: 'x' }))).toMatchObject({
      status: 404,
      message: expect.stringContaining('Husky has /v1/chat/completions'),
    });
  });
});

test('slashes that a client adds where it joins a path to its base URL do no harm', async () => {
  await withClient(async ({ client }) => {
    for (const path of ['//chat/completions', '/chat/completions/']) {
      const answer = (await client.post(path, { body: { model, messages } })) as OpenAI.ChatCompletion;
      expect(answer.choices[0]?.message.content).toBe('96');
    }
  });
});

test('a prompt that is too long is told by the code from which clients know that they have to shorten it', async () => {
  await withClient(
    async ({ client }) => {
      const error = await refused(client.chat.completions.create({ model, messages }));
      expect(error).toMatchObject({
        status: 400,
        code: 'context_length_exceeded',
        message: expect.stringMatching(/the prompt has 9 tokens.* The prompt is too long; shorten the question/),
      });
    },
    { fail: () => createFailure('ContextLengthExceeded', 'the prompt has 9 tokens') },
  );
});

test('a client that asks again by itself after it waited in vain joins its solution, once', async () => {
  await withClient(
    async ({ client, calls, other }) => {
      await client.chat.completions.create({ model, messages });
      const ofOne = calls.length;
      let attempts = 0;
      const impatient =
        (send: Send): Send =>
        async (request) => {
          attempts += 1;
          if (attempts > 1) return send(request);
          const patience = new AbortController();
          const answered = send(new Request(request, { signal: patience.signal })).catch(() => undefined);
          await eventually(() => calls.length > ofOne);
          patience.abort();
          await answered;
          throw new Error('waited in vain');
        };
      const asking = other({ maxRetries: 2, way: impatient });
      const joined = await asking.chat.completions.create({ model, messages });
      expect([joined.choices[0]?.message.content, attempts, calls.length]).toEqual(['96', 2, 2 * ofOne]);
      const headers = { 'X-Stainless-Retry-Count': '1' };
      const another = await client.chat.completions.create({ model, messages }, { headers });
      expect(another.id).not.toBe(joined.id);
    },
    { delayMs: 50 },
  );
});

test('a question whose solution failed is not asked again by the client itself', async () => {
  await withClient(
    async ({ calls, other }) => {
      const patient = other({ maxRetries: 2 });
      const error = await refused(patient.chat.completions.create({ model, messages }));
      expect(error).toMatchObject({ status: 500 });
      expect(calls).toHaveLength(1);
    },
    { fail: () => createFailure('ModelRequestRejected', 'the model is broken') },
  );
});
