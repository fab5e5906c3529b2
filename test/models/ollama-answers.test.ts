/** What Ollama 0.17.4 really answered to Husky's requests, recorded, and what a call makes of it. */
import { createOpenAIModel } from '../../src/models';
import type { CallOptions, GenerateRequest, Model } from '../../src/models/model';
import { answer, raw, startMisbehavingServer, status, type Behaviour } from './misbehaving-server';

const REQUEST: GenerateRequest = { prompt: 'Question', maxTokens: 200, temperature: 0, stop: [] };
const STREAMED: CallOptions = { onText: () => undefined };

interface Asked {
  api?: 'chat' | 'completions';
  request?: Partial<GenerateRequest>;
  options?: CallOptions;
  /** Before the request whose result is seen. */
  before?: (model: Model) => Promise<unknown>;
}

async function ask(
  choose: (body: Record<string, unknown>) => Behaviour,
  { api = 'chat', request = {}, options = {}, before }: Asked = {},
): Promise<{ seen: unknown; sent: Record<string, unknown>[] }> {
  const server = await startMisbehavingServer(({ body }) => choose(body));
  const model = createOpenAIModel({ baseUrl: server.url, model: 'coder', api });
  try {
    await before?.(model);
    const seen: unknown = await model.generate({ ...REQUEST, ...request }, options).catch((error: unknown) => error);
    return { seen, sent: server.requests.map(({ body }) => body) };
  } finally {
    await model.close?.();
    await server.close();
  }
}

const failed = (message: string, code = 500) =>
  status(code, { body: { error: { message, type: 'api_error', param: null, code: null } } });
const told = (ofChoice: object, tokens: [prompt: number, completion: number], object = 'chat.completion') =>
  raw(
    JSON.stringify({
      id: 'chatcmpl-994',
      object,
      created: 1795796320,
      model: 'coder',
      system_fingerprint: 'fp_ollama',
      choices: [{ index: 0, ...ofChoice }],
      usage: { prompt_tokens: tokens[0], completion_tokens: tokens[1], total_tokens: tokens[0] + tokens[1] },
    }),
  );
const chunk = (content: string, model = 'coder') =>
  `data: ${JSON.stringify({ id: 'chatcmpl-797', object: 'chat.completion.chunk', created: 1795796676, model, system_fingerprint: 'fp_ollama', choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }] })}\n\n`;
const piece = (text: string) =>
  `data: ${JSON.stringify({ id: 'cmpl-929', object: 'text_completion', created: 1795796681, choices: [{ text, index: 0, finish_reason: null }], model: 'coder', system_fingerprint: 'fp_ollama', usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } })}\n\n`;
const stream = (text: string) => raw(text, 'text/event-stream');

const LOOP = Array.from({ length: 31 }, () => ' A');
const ENDED = { text: LOOP.join(''), finishReason: 'other', problem: expect.stringContaining('repetition') as string };

test('an answer that Ollama ended for its repetitions is taken, and the reason is told', async () => {
  const silent = told({ message: { role: 'assistant', content: LOOP.join('') }, finish_reason: null }, [0, 0]);
  expect((await ask(() => silent)).seen).toMatchObject(ENDED);
});

test('so is a stream of it, which has no end; it is not asked for again', async () => {
  const chat = await ask(() => stream(LOOP.map((text) => chunk(text)).join('')), { options: STREAMED });
  expect(chat.seen).toMatchObject(ENDED);
  const text = await ask(() => stream(LOOP.map(piece).join('')), { api: 'completions', options: STREAMED });
  expect(text.seen).toMatchObject(ENDED);
  expect([chat.sent, text.sent].map(({ length }) => length)).toEqual([1, 1]);
});

test('a stream whose runner died is asked for again, also in the middle of a repetition', async () => {
  const died = [...LOOP.map((text) => chunk(text)), chunk('', '')].join('');
  const { seen } = await ask(() => stream(died), { options: STREAMED });
  expect(seen).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false });
  const early = await ask(() => stream([chunk('The'), chunk(' dog')].join('')), { options: STREAMED });
  expect(early.seen).toMatchObject({ type: 'ModelUnavailable', nonRetryable: false });
});

test.each([
  'model requires more system memory (56.9 GiB) than is available (20.1 GiB)',
  'model failed to load, this may be due to resource limitations or an internal error, check ollama server logs for details',
  'unable to load model: /root/.ollama/models/blobs/sha256-1d9614',
  "llama runner process has terminated: error loading model: unknown model architecture: 'new'",
  // Release 0.33, by its source.
  'llama-server reported out-of-memory during startup: cudaMalloc failed: out of memory',
  'llama-server process has terminated: exit status 1: ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 9663676416',
])('a model that cannot be loaded fails and is not waited for: %s', async (words) => {
  const { seen, sent } = await ask(() => failed(words));
  expect(seen).toMatchObject({
    type: 'ModelNotLoadable',
    nonRetryable: true,
    message: expect.stringContaining(words) as string,
  });
  expect(sent).toHaveLength(1);
});

test.each([
  [500, 'an error was encountered while running the model: unexpected EOF', 'ModelOverloaded'],
  [500, 'llama runner process no longer running: -1 ', 'ModelOverloaded'],
  [500, 'llama-server process has terminated: signal: killed', 'ModelOverloaded'],
  [503, 'server busy, please try again.  maximum pending requests exceeded', 'ModelOverloaded'],
])('a runner that died or is busy is waited for: %i %s', async (code, words, type) => {
  expect((await ask(() => failed(words, code))).seen).toMatchObject({ type, nonRetryable: false });
});

test('a prompt that release 0.33 refuses for models whose context cannot be shifted is too long (by its source)', async () => {
  const words =
    'the prompt is longer than the context length currently available to the model; shorten the prompt, adjust the context length in settings, or use a model with a longer context length';
  expect((await ask(() => failed(words, 400))).seen).toMatchObject({
    type: 'ContextLengthExceeded',
    nonRetryable: true,
  });
});

test('a model that does not exist is told', async () => {
  const { seen } = await ask(() => failed("model 'nosuch' not found", 404));
  expect(seen).toMatchObject({ type: 'ModelNotFound', nonRetryable: true });
});

test('thinking that Ollama keeps from completions is given room, as thinking in a field of its own is', async () => {
  const hidden = await ask(
    ({ max_tokens: most }) =>
      Number(most) > 200
        ? told({ text: '4', finish_reason: 'stop' }, [18, 40], 'text_completion')
        : told({ text: '', finish_reason: 'length' }, [18, 200], 'text_completion'),
    { api: 'completions' },
  );
  expect(hidden.seen).toMatchObject({ text: '4', usage: { calls: 2, outputTokens: 240 } });
  const own = await ask(({ max_tokens: most }) =>
    Number(most) > 200
      ? told({ message: { role: 'assistant', content: '4', reasoning: '2 + 2' }, finish_reason: 'stop' }, [18, 40])
      : told({ message: { role: 'assistant', content: '', reasoning: '2 +' }, finish_reason: 'length' }, [18, 200]),
  );
  expect(own.seen).toMatchObject({ text: '4', usage: { calls: 2 } });
});

test('an empty completion that a stop string ended is no thinking', async () => {
  const { sent } = await ask(() => told({ text: '', finish_reason: 'stop' }, [18, 2], 'text_completion'), {
    api: 'completions',
    request: { stop: ['\n'] },
  });
  expect(sent).toHaveLength(1);
});

describe('arguments of a tool', () => {
  const day = { type: 'string', pattern: '^(?=\\d)\\d{4}-\\d\\d$', maxLength: 5000 };
  const schema = {
    type: 'object',
    properties: {
      day,
      pattern: { type: 'string', enum: ['not', 'pattern'], maxLength: 20 },
      any: true,
      list: { type: 'array', maxItems: 5000, items: { type: 'string', not: { const: 'x' } }, uniqueItems: true },
    },
    required: ['day', 'pattern'],
    additionalProperties: false,
  };
  const written = told({ message: { role: 'assistant', content: '{"day":"2026-11"}' }, finish_reason: 'stop' }, [9, 9]);
  const known: Asked = { request: { form: { kind: 'json', schema } }, before: (model) => model.generate(REQUEST) };

  test('are held to the part of their schema that Ollama survives', async () => {
    const { sent } = await ask(() => written, known);
    expect(sent.at(-1)).toMatchObject({ response_format: { type: 'json_schema' } });
    expect((sent.at(-1)?.response_format as { json_schema: { schema: unknown } }).json_schema.schema).toEqual({
      type: 'object',
      properties: {
        day: { type: 'string' },
        pattern: { type: 'string', enum: ['not', 'pattern'], maxLength: 20 },
        any: {},
        list: { type: 'array', items: { type: 'string' }, uniqueItems: true },
      },
      required: ['day', 'pattern'],
      additionalProperties: false,
    });
  });

  test('are asked for freely if it refuses the rest, with the status of a fault', async () => {
    const { seen, sent } = await ask(
      ({ response_format: format }) => (format ? failed('invalid JSON schema in format') : written),
      known,
    );
    expect(seen).toMatchObject({ text: '{"day":"2026-11"}' });
    expect(sent.map((body) => 'response_format' in body)).toEqual([false, true, false]);
  });

  test('of a schema that it refuses are no longer held to it, and actions still are', async () => {
    const server = await startMisbehavingServer(({ body }) =>
      JSON.stringify(body.response_format ?? '').includes('arguments')
        ? failed('invalid JSON schema in format')
        : told(
            { message: { role: 'assistant', content: '{"tool":"math","step":"Add."}' }, finish_reason: 'stop' },
            [9, 9],
          ),
    );
    const model = createOpenAIModel({ baseUrl: server.url, model: 'coder', api: 'chat' });
    await model.generate(REQUEST);
    for (let nth = 0; nth < 2; nth += 1) await model.generate({ ...REQUEST, form: { kind: 'json', schema } });
    await model.generate({ ...REQUEST, form: { kind: 'action', tools: ['math', 'finish'] } });
    await model.close?.();
    await server.close();
    expect(server.requests.map(({ body }) => 'response_format' in body)).toEqual([false, true, false, false, true]);
  });

  test('a schema of the configuration that it refuses ends the call', async () => {
    const { seen } = await ask(() => failed('invalid format: "true"; expected "json" or a valid JSON Schema object'));
    expect(seen).toMatchObject({ type: 'ModelRequestRejected', nonRetryable: true });
  });
});

test('another 500 is waited for', async () => {
  const { seen } = await ask(() => failed('the format of the disk is invalid'));
  expect(seen).toMatchObject({ type: 'ModelOverloaded', nonRetryable: false });
  expect((await ask(() => answer('42'))).seen).toMatchObject({ text: '42' });
});
