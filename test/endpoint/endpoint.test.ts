/** The endpoint as the official client of Node sees it, over a real port and a real Temporal server. */
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import OpenAI, { type APIError } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { createEndpoint, type EndpointOptions } from '../../src/endpoint/create-endpoint';
import { scriptSolutions } from '../../src/testing';
import { startServer, withWorkers, type TestServer } from '../integration/harness';
import { spiders } from '../integration/solutions';

jest.setTimeout(300_000);

let temporal: TestServer;
beforeAll(async () => {
  temporal = await startServer();
});
afterAll(() => temporal.stop());

const KEY = 'a-key-of-this-test';

/** Runs `body` while an endpoint answers on a free port of this machine. */
async function withEndpoint<T>(
  body: (client: OpenAI, url: string, calls: readonly unknown[]) => Promise<T>,
  options: Partial<EndpointOptions> = {},
  more: Parameters<typeof scriptSolutions>[1] = {},
): Promise<T> {
  const script = scriptSolutions([spiders], more);
  return withWorkers(temporal, { parts: script.parts }, async (husky) => {
    const endpoint = createEndpoint({ husky, keys: [KEY], ...options });
    const server = serve({ fetch: endpoint.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
    await new Promise((ready) => (server.listening ? ready(0) : server.once('listening', ready)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    try {
      return await body(new OpenAI({ baseURL: url, apiKey: KEY, maxRetries: 0 }), url, script.calls);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
}

const messages = [{ role: 'user' as const, content: spiders.question }];
const steps = spiders.steps.map(({ tool, step, output }) => `[${tool}] ${step}\n${output}`);
const refused = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as APIError,
  );

test('a chat completion holds the answer, the steps as reasoning, and the tokens of all experts', async () => {
  await withEndpoint(async (client) => {
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['husky']);
    const { data: completion, request_id } = await client.chat.completions
      .create({ model: 'husky', messages })
      .withResponse();
    expect(request_id).toMatch(/^[\w-]{36}$/);
    const [choice] = completion.choices;
    expect(choice).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: '96' } });
    expect((choice?.message as { reasoning_content?: string }).reasoning_content).toBe(steps.join('\n\n'));
    expect(completion.usage?.total_tokens).toBeGreaterThan(0);
    expect((completion as { husky?: { workflowId: string } }).husky?.workflowId).toBe(
      completion.id.replace('chatcmpl-', ''),
    );
  });
});

test('a stream brings each step once, then the answer, then the tokens', async () => {
  await withEndpoint(async (client) => {
    const stream = await client.chat.completions.create({
      model: 'husky',
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    let reasoning = '';
    let content = '';
    const ends: unknown[] = [];
    for await (const { choices, usage } of stream) {
      const [choice] = choices;
      reasoning += (choice?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? '';
      content += choice?.delta.content ?? '';
      if (choice?.finish_reason) ends.push(choice.finish_reason);
      if (usage) ends.push(usage.total_tokens > 0);
    }
    expect([reasoning, content, ends]).toEqual([steps.join('\n\n'), '96', ['stop', true]]);
  });
});

test('JSON by a schema is parsed by the official client, from both APIs, whole and as a stream', async () => {
  const Reply = z.object({ reasoning: z.string(), answer: z.number() });
  await withEndpoint(async (client) => {
    const response_format = zodResponseFormat(Reply, 'reply');
    const { choices } = await client.chat.completions.parse({ model: 'husky', messages, response_format });
    expect(choices[0]?.message.parsed).toEqual({ reasoning: steps.join('\n\n'), answer: 96 });
    const stream = client.chat.completions.stream({ model: 'husky', messages, response_format });
    expect((await stream.finalChatCompletion()).choices[0]?.message.parsed?.answer).toBe(96);
    const text = { format: zodTextFormat(Reply, 'reply') };
    const response = await client.responses.parse({ model: 'husky', input: spiders.question, text });
    expect(response.output_parsed?.answer).toBe(96);
    expect(JSON.parse((await client.responses.retrieve(response.id)).output_text)).toMatchObject({ answer: 96 });
    const Wrong = z.object({ answer: z.enum(['spiders', 'ants']) });
    const none = await client.chat.completions.parse({
      model: 'husky',
      messages,
      response_format: zodResponseFormat(Wrong, 'kind'),
    });
    expect(none.choices[0]?.message).toMatchObject({
      parsed: null,
      refusal: 'The answer is 96, which is not one of spiders, ants.',
    });
  });
});

test('the same key of idempotency is the same solution, asked once', async () => {
  await withEndpoint(async (client, _url, calls) => {
    const ask = () =>
      client.chat.completions.create({ model: 'husky', messages }, { headers: { 'Idempotency-Key': 'once' } });
    const [first, second] = await Promise.all([ask(), ask()]);
    const count = calls.length;
    const third = await ask();
    expect(new Set([first.id, second.id, third.id]).size).toBe(1);
    expect(third.choices[0]?.message.content).toBe('96');
    expect(calls.length).toBe(count);
  });
});

test('the same key of idempotency with another question is refused with 409, and says what to do', async () => {
  await withEndpoint(async (client) => {
    const headers = { 'Idempotency-Key': 'two questions' };
    await client.chat.completions.create({ model: 'husky', messages }, { headers });
    const other = [{ role: 'user' as const, content: 'What is another question?' }];
    const error = await refused(client.chat.completions.create({ model: 'husky', messages: other }, { headers }));
    expect(error).toMatchObject({ status: 409, code: 'IdTaken', message: expect.stringContaining('use a new key') });
    const response = await refused(client.responses.create({ model: 'husky', input: 'Another?' }, { headers }));
    expect(response).toMatchObject({ status: 409 });
  });
});

test('a body of 50 MB is refused before it has been read, with and without its length in front', async () => {
  await withEndpoint(async (_client, url) => {
    const { request } = await import('node:http');
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const send = (headers: Record<string, string>) =>
      new Promise<{ status: number | undefined; sent: number }>((resolve, reject) => {
        let sent = 0;
        const outgoing = request(`${url}/chat/completions`, {
          method: 'POST',
          headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
        });
        outgoing.on('response', (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode, sent });
          outgoing.destroy();
        });
        outgoing.on('error', (error) => (outgoing.destroyed ? undefined : reject(error)));
        const more = () => {
          if (outgoing.destroyed) return;
          if (sent === 50) return void outgoing.end();
          sent += 1;
          outgoing.write(chunk, () => setTimeout(more, 5));
        };
        more();
      });
    const told = await send({ 'content-length': String(50 * 1024 * 1024) });
    const untold = await send({ 'transfer-encoding': 'chunked' });
    expect([told.status, untold.status]).toEqual([413, 413]);
    expect(Math.max(told.sent, untold.sent)).toBeLessThan(50);
  });
});

test('a response in the background is found again by its id, and its stream goes on after any event', async () => {
  await withEndpoint(async (client) => {
    const begun = await client.responses.create({ model: 'husky', input: spiders.question, background: true });
    expect(begun.status).toBe('in_progress');
    const whole = [];
    for await (const event of await client.responses.retrieve(begun.id, { stream: true })) whole.push(event);
    expect(whole.map((event) => event.sequence_number)).toEqual(whole.map((_, i) => i));
    expect(whole.at(-1)).toMatchObject({ type: 'response.completed', response: { status: 'completed' } });
    const rest = [];
    for await (const event of await client.responses.retrieve(begun.id, { stream: true, starting_after: 6 }))
      rest.push(event);
    expect(rest).toEqual(whole.slice(7));
    const ended = await client.responses.retrieve(begun.id);
    expect([ended.status, ended.output_text]).toEqual(['completed', '96']);
    expect(ended.output[0]).toMatchObject({ type: 'reasoning', summary: steps.map((text) => ({ text })) });
  });
});

test('a response says that it is stored, and cannot be deleted or asked for its input', async () => {
  await withEndpoint(async (client) => {
    const asked = { model: 'husky', input: spiders.question, store: false, background: true };
    const begun = await client.responses.create(asked);
    const found = await client.responses.retrieve(begun.id);
    for (const response of [begun, found]) expect(response).toMatchObject({ store: true });
    expect(await refused(client.responses.delete(begun.id))).toMatchObject({
      status: 405,
      message: expect.stringContaining('retention'),
    });
    expect(await refused(client.responses.inputItems.list(begun.id))).toMatchObject({ status: 405 });
    expect(await refused(client.responses.delete('resp_nobody'))).toMatchObject({ status: 404 });
    await client.responses.cancel(begun.id);
  });
});

test('a response can be cancelled, and one that is cut by a limit says so', async () => {
  await withEndpoint(
    async (client) => {
      const begun = await client.responses.create({ model: 'husky', input: spiders.question, background: true });
      expect((await client.responses.cancel(begun.id)).status).toBe('cancelled');
      const cut = await client.responses.create({
        model: 'husky',
        input: spiders.question,
        metadata: { max_steps: '1' },
      });
      expect([cut.status, cut.incomplete_details]).toEqual(['incomplete', { reason: 'max_output_tokens' }]);
    },
    {},
    { delayMs: 400 },
  );
});

test('a client that goes away ends nothing', async () => {
  await withEndpoint(
    async (client) => {
      const left = new AbortController();
      const stream = await client.chat.completions.create(
        { model: 'husky', messages, stream: true },
        { signal: left.signal, headers: { 'Idempotency-Key': 'gone' } },
      );
      for await (const chunk of stream) {
        expect(chunk.object).toBe('chat.completion.chunk');
        left.abort();
      }
      const again = await client.chat.completions.create(
        { model: 'husky', messages },
        { headers: { 'Idempotency-Key': 'gone' } },
      );
      expect(again.choices[0]?.message.content).toBe('96');
    },
    {},
    { delayMs: 100 },
  );
});

test('tools that must not be called are no reason to refuse, and proxies are told to pass streams on', async () => {
  await withEndpoint(async (client) => {
    const tools = [{ type: 'function' as const, function: { name: 'f' } }];
    const { data, response } = await client.chat.completions
      .create({ model: 'husky', messages, stream: true, tools, tool_choice: 'none' })
      .withResponse();
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    let content = '';
    for await (const { choices } of data) content += choices[0]?.delta.content ?? '';
    expect(content).toBe('96');
  });
});

test('one function that must be called is called with the answer, and what the caller says of it is read', async () => {
  await withEndpoint(async (client) => {
    const parameters = { type: 'object', properties: { steps: { type: 'string' }, value: { type: 'integer' } } };
    const tools = [
      { type: 'function' as const, function: { name: 'Legs', parameters: { ...parameters, required: ['value'] } } },
    ];
    const tool_choice = { type: 'function' as const, function: { name: 'Legs' } };
    const { choices } = await client.chat.completions.create({ model: 'husky', messages, tools, tool_choice });
    expect(choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const [call] = choices[0]!.message.tool_calls!;
    if (call?.type !== 'function') throw new Error('no function was called');
    expect(call.function.name).toBe('Legs');
    expect(JSON.parse(call.function.arguments)).toMatchObject({ value: 96, steps: expect.any(String) as string });
    const stream = client.chat.completions.stream({
      model: 'husky',
      messages: [...messages, choices[0]!.message, { role: 'tool', tool_call_id: call.id, content: 'Say it again.' }],
      tools,
      tool_choice: 'required',
    });
    expect(await stream.finalMessage()).toMatchObject({ tool_calls: [{ function: { name: 'Legs' } }] });
    const no = [
      {
        ...tools[0]!,
        function: { name: 'f', parameters: { type: 'object', properties: { is: { type: 'boolean' } } } },
      },
    ];
    const unfit = await client.chat.completions.create({
      model: 'husky',
      messages,
      tools: no,
      tool_choice: 'required',
    });
    expect(unfit.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { refusal: expect.stringContaining('96') as string },
    });
    const wide = [{ ...tools[0]!, function: { name: 'f', parameters: { type: 'object', properties: {} } } }];
    expect(
      await refused(client.chat.completions.create({ model: 'husky', messages, tools: wide, tool_choice: 'required' })),
    ).toMatchObject({ status: 400, message: expect.stringContaining('a parameter for the answer') as string });
  });
});

test('what cannot be answered is refused in the form that clients know', async () => {
  await withEndpoint(
    async (client, url) => {
      const chat = (change: object) => refused(client.chat.completions.create({ model: 'husky', messages, ...change }));
      expect(await chat({ model: 'gpt-4o' })).toMatchObject({ status: 404, code: 'model_not_found' });
      expect(await chat({ tools: [{ type: 'function', function: { name: 'f' } }] })).toMatchObject({ status: 400 });
      expect(await chat({ n: 2 })).toMatchObject({ status: 400, message: expect.stringContaining('n: must be 1') });
      expect(await chat({ logprobs: true })).toMatchObject({
        status: 400,
        message: expect.stringContaining('logprobs'),
      });
      const form = await chat({ response_format: { type: 'grammar' } });
      expect(form).toMatchObject({
        status: 400,
        message: expect.stringContaining('response_format.type: must be text, json_object or json_schema'),
      });
      expect(await chat({ messages: [] })).toMatchObject({ status: 400 });
      expect(await chat({ metadata: { max_steps: 'many' } })).toMatchObject({ status: 400 });
      expect(await chat({ metadata: { samples: '1000' } })).toMatchObject({ status: 400 });
      expect(await chat({ metadata: { tools: 'search, abacus' } })).toMatchObject({
        status: 400,
        message: expect.stringContaining('code, math, search, commonsense; "abacus" is none'),
      });
      expect(await refused(client.responses.retrieve('resp_absent'))).toMatchObject({ status: 404 });
      const other = new OpenAI({
        baseURL: url,
        apiKey: 'another',
        maxRetries: 0,
        defaultHeaders: { 'X-Request-Id': 'mine-1' },
      });
      expect(await refused(other.models.list())).toMatchObject({
        status: 401,
        code: 'invalid_api_key',
        requestID: 'mine-1',
      });
      const post = (body: string, headers: Record<string, string>) =>
        fetch(`${url}/chat/completions`, {
          method: 'POST',
          body,
          headers: { authorization: `Bearer ${KEY}`, ...headers },
        });
      expect((await post('{}', { 'content-type': 'text/plain' })).status).toBe(415);
      expect((await post('{}', { 'content-type': 'application/json', 'content-encoding': 'gzip' })).status).toBe(415);
      expect((await post('{"model"', { 'content-type': 'application/json' })).status).toBe(400);
      const large = JSON.stringify({ model: 'husky', messages: [{ role: 'user', content: 'x'.repeat(5000) }] });
      expect((await post(large, { 'content-type': 'application/json' })).status).toBe(413);
      expect(
        (await fetch(`${url}/models`, { method: 'OPTIONS' })).headers.get('access-control-allow-origin'),
      ).toBeNull();
    },
    { maxBodyBytes: 4000 },
  );
});

test('too many requests in a minute are told when to come again', async () => {
  await withEndpoint(
    async (client) => {
      await client.models.list();
      const error = await refused(client.models.list());
      expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
      expect(Number(error?.headers?.get('retry-after'))).toBeGreaterThan(0);
    },
    { requestsPerMinute: 1 },
  );
});

test('without a key only this machine may ask, by its own name', async () => {
  await withEndpoint(
    async (_client, url) => {
      expect((await fetch(`${url}/models`)).status).toBe(200);
      // A page of another site whose name leads here: the name is in the header.
      const { request } = await import('node:http');
      const status = await new Promise((resolve) =>
        request(`${url}/models`, { headers: { host: 'evil.example' } }, (answer) => resolve(answer.statusCode)).end(),
      );
      expect(status).toBe(403);
    },
    { keys: [] },
  );
});
