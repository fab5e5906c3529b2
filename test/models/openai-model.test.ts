import { ApplicationFailure } from '@temporalio/common';
import { createModel, createOpenAIModel, type OpenAIModelOptions } from '../../src/models';
import type { GenerateRequest } from '../../src/models/model';
import {
  answer,
  drop,
  endless,
  hang,
  raw,
  startMisbehavingServer,
  status,
  type Behaviour,
  type MisbehavingServer,
} from './misbehaving-server';

const REQUEST: GenerateRequest = { prompt: 'Question: 2 + 2?\nAnswer:', maxTokens: 16, temperature: 0, stop: ['---'] };
const KEY = 'sk-very-secret-key-0123456789';

const opened: { close?(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close?.()));
});

async function serve(choose: (nth: number) => Behaviour): Promise<MisbehavingServer> {
  const server = await startMisbehavingServer((_request, nth) => choose(nth));
  opened.push(server);
  return server;
}

function modelAt(server: MisbehavingServer, options: Partial<OpenAIModelOptions> = {}) {
  const model = createOpenAIModel({
    baseUrl: server.url,
    model: 'tiny',
    apiKeyEnv: 'TEST_KEY',
    env: { TEST_KEY: KEY },
    ...options,
  });
  opened.push(model);
  return model;
}

/** The failure of a call whose server behaves like this. */
async function failureOf(behaviour: Behaviour, options: Partial<OpenAIModelOptions> = {}) {
  const server = await serve(() => behaviour);
  const failure: unknown = await modelAt(server, options)
    .generate(REQUEST)
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  if (!(failure instanceof ApplicationFailure)) throw new Error(`No ApplicationFailure: ${String(failure)}`);
  expect(server.requests.length).toBeLessThanOrEqual(1);
  return failure;
}

describe('what is sent and read', () => {
  test('completions: prompt as text, sampling, stop strings, key; usage is counted', async () => {
    const server = await serve(() => answer(' 4', { finishReason: 'length', model: 'tiny-v2' }));
    const generation = await modelAt(server).generate({ ...REQUEST, topP: 0.9, seed: 5 });
    expect(generation).toEqual({
      text: ' 4',
      finishReason: 'length',
      problem: 'The answer was cut at 16 tokens; raise maxTokens of this model.',
      model: 'tiny-v2',
      usage: { calls: 1, inputTokens: 7, outputTokens: 3 },
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v1/completions',
      headers: { authorization: `Bearer ${KEY}` },
      body: {
        model: 'tiny',
        prompt: REQUEST.prompt,
        max_tokens: 16,
        temperature: 0,
        top_p: 0.9,
        seed: 5,
        stop: ['---'],
      },
    });
  });

  test('chat: the given messages, or the prompt as one user message', async () => {
    const server = await serve(() => answer('4'));
    const model = modelAt(server, { api: 'chat' });
    await model.generate(REQUEST);
    const messages = [
      { role: 'system' as const, content: 'Add.' },
      { role: 'user' as const, content: '2 + 2' },
    ];
    expect(await model.generate({ ...REQUEST, messages })).toMatchObject({ text: '4', finishReason: 'stop' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/v1/chat/completions', '/v1/chat/completions']);
    expect(server.requests.map(({ body }) => body.messages)).toEqual([
      [{ role: 'user', content: REQUEST.prompt }],
      messages,
    ]);
  });

  test('no key is sent where none is configured, whatever OPENAI_API_KEY holds', async () => {
    const before = process.env.OPENAI_API_KEY;
    process.env.OPENAI_API_KEY = KEY;
    try {
      const server = await serve(() => answer('4'));
      await modelAt(server, { apiKeyEnv: undefined }).generate(REQUEST);
      expect(server.requests[0]?.headers.authorization).toBeUndefined();
    } finally {
      if (before === undefined) delete process.env.OPENAI_API_KEY;
      else process.env.OPENAI_API_KEY = before;
    }
  });

  test('configured headers are sent', async () => {
    const server = await serve(() => answer('4'));
    await modelAt(server, { headers: { 'x-team': 'blue' } }).generate(REQUEST);
    expect(server.requests[0]?.headers['x-team']).toBe('blue');
  });

  test('a header may carry the credentials; they appear in no failure', async () => {
    const headers = { Authorization: 'Token abcdef123456' };
    const server = await serve(() => status(401, { body: { error: 'bad token abcdef123456' } }));
    const call = modelAt(server, { apiKeyEnv: undefined, headers }).generate(REQUEST);
    await expect(call).rejects.toThrow('bad token [secret]');
    expect(server.requests[0]?.headers.authorization).toBe('Token abcdef123456');
  });

  test('text is cut at a stop string that the server ignored; at most four are sent', async () => {
    const server = await serve(() => answer('one\nSix two', { finishReason: 'length' }));
    const stop = ['\nOne', '\nTwo', '\nThree', '\nFour', '\nFive', '\nSix'];
    expect(await modelAt(server).generate({ ...REQUEST, stop })).toMatchObject({ text: 'one', finishReason: 'stop' });
    expect(server.requests[0]?.body.stop).toEqual(stop.slice(0, 4));
  });

  test('empty text is an answer, and so is null content of a chat', async () => {
    const completions = await serve(() => answer(''));
    expect(await modelAt(completions).generate(REQUEST)).toMatchObject({ text: '' });
    const chat = await serve(() => raw('{"choices":[{"message":{"content":null},"finish_reason":"length"}]}'));
    expect(await modelAt(chat, { api: 'chat' }).generate(REQUEST)).toEqual({
      text: '',
      finishReason: 'length',
      problem: expect.stringContaining('cut at 16 tokens before any text came'),
      model: 'tiny',
      usage: { calls: 1, inputTokens: 0, outputTokens: 0 },
    });
  });

  test('calls one after the other share a connection', async () => {
    const server = await serve(() => answer('4'));
    const model = modelAt(server);
    for (let call = 0; call < 5; call += 1) await model.generate(REQUEST);
    expect(server.requests).toHaveLength(5);
    expect(server.connections).toBeLessThan(5);
  });

  test('a server that comes back is reached again', async () => {
    const server = await serve(() => answer('4'));
    const model = modelAt(server);
    await model.generate(REQUEST);
    await server.close();
    await expect(model.generate(REQUEST)).rejects.toMatchObject({ type: 'ModelUnavailable' });
    const back = await startMisbehavingServer(() => answer('5'), Number(new URL(server.url).port));
    opened.push(back);
    expect(await model.generate(REQUEST)).toMatchObject({ text: '5' });
  });

  test('a redirection is followed with the whole request; to another server without the key', async () => {
    const target = await serve(() => answer('4'));
    const moved = await serve(() => status(307, { headers: { location: `${target.url}/completions` } }));
    expect(await modelAt(moved).generate(REQUEST)).toMatchObject({ text: '4' });
    expect(target.requests[0]).toMatchObject({ path: '/v1/completions', prompt: REQUEST.prompt });
    expect(target.requests[0]?.headers.authorization).toBeUndefined();
  });

  test('redirections without an end are given up', async () => {
    const server = await startMisbehavingServer(({ path }) => status(307, { headers: { location: path } }));
    opened.push(server);
    await expect(modelAt(server).generate(REQUEST)).rejects.toMatchObject({
      type: 'ModelUnavailable',
      message: expect.stringMatching(/redirect/i),
    });
  });

  test('createModel chooses by provider', async () => {
    const server = await serve(() => answer('4'));
    const model = await createModel({
      provider: 'openai',
      baseUrl: server.url,
      model: 'tiny',
      api: 'completions',
      contextTokens: 100,
    });
    opened.push(model);
    expect(await model.generate(REQUEST)).toMatchObject({ text: '4', model: 'tiny' });
  });
});

describe('parameters that a model refuses', () => {
  const refuse = (param: string) =>
    status(400, {
      body: { error: { message: `Unsupported parameter: ${param}`, param, code: 'unsupported_parameter' } },
    });

  test('are left out or renamed from then on', async () => {
    const server = await startMisbehavingServer(({ body }) =>
      'max_tokens' in body ? refuse('max_tokens') : 'temperature' in body ? refuse('temperature') : answer('4'),
    );
    opened.push(server);
    const model = modelAt(server, { api: 'chat' });
    await Promise.all([model.generate(REQUEST), model.generate(REQUEST)]);
    const known = server.requests.length;
    await model.generate(REQUEST);
    expect(server.requests).toHaveLength(known + 1);
    const body = server.requests.at(-1)?.body;
    expect(body).toMatchObject({ max_completion_tokens: 16, stop: ['---'] });
    expect(body).not.toHaveProperty('temperature');
  });

  test('are a rejection where the call makes no sense without them', async () => {
    expect(await failureOf(refuse('model'))).toMatchObject({ type: 'ModelRequestRejected', nonRetryable: true });
  });
});

describe('failures', () => {
  test.each([
    [408, 'ModelOverloaded', false],
    [409, 'ModelOverloaded', false],
    [429, 'ModelOverloaded', false],
    [500, 'ModelOverloaded', false],
    [502, 'ModelOverloaded', false],
    [503, 'ModelOverloaded', false],
    [400, 'ModelRequestRejected', true],
    [422, 'ModelRequestRejected', true],
    [401, 'ModelAuthentication', true],
    [403, 'ModelAuthentication', true],
    [404, 'ModelNotFound', true],
  ])('status %i is %s, one request is made', async (code, type, nonRetryable) => {
    const failure = await failureOf(status(code));
    expect(failure).toMatchObject({ type, nonRetryable });
    expect(failure.message).toContain(`answered ${code}: made-up error ${code}`);
  });

  test.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['fractions of a second', { 'retry-after': '0.25' }, 250],
    ['milliseconds, which go first', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    ['at most an hour', { 'retry-after': '999999' }, 3_600_000],
  ])('Retry-After is honoured: %s', async (_what, headers, expected) => {
    expect(await failureOf(status(429, { headers }))).toMatchObject({ nextRetryDelay: expected });
    expect(await failureOf(status(503, { headers }))).toMatchObject({ nextRetryDelay: expected });
  });

  test('Retry-After as an HTTP date is honoured, in the past, zero or garbled ignored', async () => {
    const later = await failureOf(
      status(429, { headers: { 'retry-after': new Date(Date.now() + 600_000).toUTCString() } }),
    );
    expect(later.nextRetryDelay).toBeGreaterThan(300_000);
    expect(later.nextRetryDelay).toBeLessThanOrEqual(600_000);
    const past = await failureOf(status(429, { headers: { 'retry-after': new Date(0).toUTCString() } }));
    expect(past.nextRetryDelay).toBeUndefined();
    const now = await failureOf(status(503, { headers: { 'retry-after': '0' } }));
    expect(now).toMatchObject({ nonRetryable: false, nextRetryDelay: undefined });
    const garbled = await failureOf(status(429, { headers: { 'retry-after': 'soon' } }));
    expect(garbled.nextRetryDelay).toBeUndefined();
  });

  test.each([
    ['OpenAI', 400, { error: { message: 'Too many tokens.', code: 'context_length_exceeded' } }],
    [
      'vLLM',
      400,
      {
        error: {
          message: "This model's maximum context length is 4096 tokens. However, you requested 5000.",
          code: 400,
        },
      },
    ],
    [
      'older vLLM, not nested',
      400,
      { object: 'error', message: "This model's maximum context length is 16 tokens.", code: 400 },
    ],
    [
      'vLLM engine',
      400,
      { error: { message: 'The decoder prompt (length 5016) is longer than the maximum model length of 4096.' } },
    ],
    [
      'llama.cpp',
      400,
      {
        error: {
          code: 400,
          message: 'request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it',
          type: 'exceed_context_size_error',
        },
      },
    ],
    [
      'llama.cpp, asked for one answer at a time',
      500,
      { error: { code: 500, message: 'Context size has been exceeded.', type: 'server_error' } },
    ],
    ['llama-cpp-python', 400, { error: { message: 'Requested tokens (2285) exceed context window of 2048' } }],
    [
      'SGLang',
      400,
      {
        object: 'error',
        message: "The input (61709 tokens) is longer than the model's context length (40960 tokens).",
        code: 400,
      },
    ],
    ['Ollama', 400, { error: 'the input length exceeds the context length' }],
    [
      'TGI',
      422,
      {
        error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096.',
        error_type: 'validation',
      },
    ],
  ])('a prompt too long for %s is ContextLengthExceeded', async (_server, code, body) => {
    expect(await failureOf(status(code, { body }))).toMatchObject({
      type: 'ContextLengthExceeded',
      nonRetryable: true,
    });
  });

  test.each([
    ['OpenAI', 429, { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } }],
    ['DeepSeek, OpenRouter', 402, { error: { message: 'Insufficient Balance' } }],
  ])('an account without money or quota is not waited for: %s', async (_who, code, body) => {
    expect(await failureOf(status(code, { body }))).toMatchObject({ type: 'ModelAuthentication', nonRetryable: true });
  });

  test('a token rate limit is no context length', async () => {
    const body = { error: { message: 'Rate limit: tokens per minute exceeds maximum context length allowance.' } };
    expect(await failureOf(status(429, { body }))).toMatchObject({ type: 'ModelOverloaded', nonRetryable: false });
  });

  test.each([
    ['JSON cut off', raw('{"choices": [')],
    ['an HTML page', raw('<html>Welcome to nginx</html>', 'text/html')],
    ['an empty body', raw('')],
    ['JSON without choices', raw('{"object":"list","data":[]}')],
    ['no choice', raw('{"choices":[]}')],
    ['a choice without text', raw('{"choices":[{"index":0}]}')],
    ['a number', raw('42')],
  ])('%s is ModelResponseInvalid, and tried again', async (_what, behaviour) => {
    expect(await failureOf(behaviour)).toMatchObject({ type: 'ModelResponseInvalid', nonRetryable: false });
  });

  test('an error of the server behind a proxy counts as its own status', async () => {
    const body = JSON.stringify({ error: { message: 'Provider is busy', code: 429 } });
    expect(await failureOf(raw(body))).toMatchObject({ type: 'ModelOverloaded' });
  });

  test.each([
    ['dropped at once', drop()],
    ['dropped in the middle of the answer', drop('mid-body')],
  ])('a connection %s is ModelUnavailable', async (_what, behaviour) => {
    expect(await failureOf(behaviour)).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false });
  });

  test('a server that is not there is ModelUnavailable, named with the reason', async () => {
    const server = await serve(() => answer('4'));
    const model = modelAt(server);
    await server.close();
    const failure: unknown = await model.generate(REQUEST).catch((error: unknown) => error);
    expect(failure).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false });
    expect((failure as Error).message).toMatch(/ECONNREFUSED.*husky doctor/);
  });

  test.each([
    ['hangs before its headers', hang()],
    ['hangs after its headers', hang('headers')],
  ])('a server that %s is left after the timeout', async (_what, behaviour) => {
    const failure = await failureOf(behaviour, { timeoutMs: 200 });
    expect(failure).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false });
    expect(failure.message).toContain('no answer within 0.2 s');
  });

  test('an endless answer is bounded, and the connection is given up', async () => {
    const server = await serve(() => endless());
    const call = modelAt(server, { maxBodyBytes: 500_000 }).generate(REQUEST);
    await expect(call).rejects.toMatchObject({
      type: 'ModelResponseInvalid',
      message: expect.stringContaining('500000 bytes'),
    });
    await server.requests[0]?.abandoned;
  });

  test('the key appears in no failure, though the server repeats it', async () => {
    const repeated = { error: { message: `Incorrect API key provided: ${KEY}`, code: KEY, param: KEY } };
    const failures = [
      await failureOf(status(401, { body: repeated, headers: { 'x-key': KEY } })),
      await failureOf(status(500, { body: `<html>${KEY}</html>` })),
      await failureOf(raw(`{"echo":"${KEY}"}`)),
      await failureOf(raw(`${KEY} is no JSON`)),
      await failureOf(drop()),
    ];
    for (const failure of failures) {
      const all = JSON.stringify([failure, failure.message, failure.stack, failure.cause, failure.details]);
      expect(all).not.toContain(KEY);
    }
    expect(failures[0]?.message).toContain('Incorrect API key provided: [secret]');
  });
});

describe('cancellation', () => {
  test.each([
    ['before its headers', hang()],
    ['in its body', hang('headers')],
    ['while it thinks', answer('4', { delayMs: 600_000 })],
  ])('a call is ended %s, at the server too, with the reason of the signal', async (_when, behaviour) => {
    const server = await serve(() => behaviour);
    const abort = new AbortController();
    const call = modelAt(server).generate(REQUEST, { signal: abort.signal });
    const request = await server.request(0);
    const reason = new Error('the solution was cancelled');
    abort.abort(reason);
    await expect(call).rejects.toBe(reason);
    await request.abandoned;
  });

  test('a call cancelled beforehand sends nothing', async () => {
    const server = await serve(() => answer('4'));
    const reason = new Error('too late');
    await expect(modelAt(server).generate(REQUEST, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });
});

describe('configuration', () => {
  test('a key variable that is not set is named', () => {
    expect(() =>
      createOpenAIModel({ baseUrl: 'http://127.0.0.1:9/v1', model: 'tiny', apiKeyEnv: 'NO_SUCH_KEY', env: {} }),
    ).toThrow(/environment variable NO_SUCH_KEY, which is not set/);
  });

  test('an address with a password is refused without repeating it', () => {
    const create = () => createOpenAIModel({ baseUrl: 'http://me:hunter22@127.0.0.1:9/v1', model: 'tiny' });
    expect(create).toThrow(/holds a user name or password/);
    expect(create).not.toThrow(/hunter22/);
  });

  test('an address with a key in its query is refused without repeating it', () => {
    const create = () => createOpenAIModel({ baseUrl: 'http://127.0.0.1:9/v1?key=hunter22', model: 'tiny' });
    expect(create).toThrow(/127\.0\.0\.1:9 holds a query .*apiKeyEnv, or use headers/);
    expect(create).not.toThrow(/hunter22/);
  });
});

describe('calls at a time', () => {
  test('no more than the configuration says, each in its turn, and one that is cancelled while it waits is never made', async () => {
    let running = 0;
    let most = 0;
    const server = await serve(() => (request, response) => {
      running += 1;
      most = Math.max(most, running);
      setTimeout(() => {
        running -= 1;
        answer(' 4')(request, response);
      }, 20);
    });
    const model = modelAt(server, { concurrency: 2 });
    const cancelled = new AbortController();
    const calls = Array.from({ length: 6 }, () => model.generate(REQUEST));
    const last = model.generate(REQUEST, { signal: cancelled.signal });
    cancelled.abort(new Error('left'));
    await expect(last).rejects.toThrow('left');
    expect(await Promise.all(calls)).toHaveLength(6);
    expect(most).toBe(2);
    expect(server.requests).toHaveLength(6);
  });

  test('a call that fails leaves its place', async () => {
    const server = await serve((nth) => (nth === 0 ? status(503) : answer(' 4')));
    const model = modelAt(server, { concurrency: 1 });
    await expect(model.generate(REQUEST)).rejects.toMatchObject({ type: 'ModelOverloaded' });
    expect((await model.generate(REQUEST)).text).toBe(' 4');
  });
});
