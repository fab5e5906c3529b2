/** What the server of llama-cpp-python 0.3.36 really answered, recorded, and what a call makes of it. */
import { createOpenAIModel } from '../../src/models';
import type { CallOptions, GenerateRequest } from '../../src/models/model';
import { answer, raw, startMisbehavingServer, status, type Behaviour } from './misbehaving-server';

const REQUEST: GenerateRequest = { prompt: 'Question', maxTokens: 24, temperature: 0, stop: [] };
const EMPTY_STREAM = raw('', 'text/event-stream; charset=utf-8');
const TOO_LONG = status(400, {
  body: {
    error: {
      message:
        "This model's maximum context length is 2048 tokens. However, you requested 10555 tokens (10531 in the messages, 24 in the completion). Please reduce the length of the messages or completion.",
      type: 'invalid_request_error',
      param: 'messages',
      code: 'context_length_exceeded',
    },
  },
});
const invalid = (words: string) =>
  status(500, {
    body: {
      error: {
        message: `1 validation error:\n  ${words}\n\n  File "/app.py", line 376, in create_chat_completion\n    POST /v1/chat/completions`,
        type: 'internal_server_error',
        param: null,
        code: null,
      },
    },
  });

async function ask(
  choose: (body: Record<string, unknown>) => Behaviour,
  request = REQUEST,
  options: CallOptions = {},
): Promise<{ seen: unknown; sent: Record<string, unknown>[] }> {
  const server = await startMisbehavingServer(({ body }) => choose(body));
  const model = createOpenAIModel({ baseUrl: server.url, model: 'smol', api: 'chat' });
  try {
    const seen: unknown = await model.generate(request, options).catch((error: unknown) => error);
    return { seen, sent: server.requests.map(({ body }) => body) };
  } finally {
    await model.close?.();
    await server.close();
  }
}

const STREAMED: CallOptions = { onText: () => undefined };

test('a stream that ends before its first event is asked for without a stream, which tells why', async () => {
  const { seen, sent } = await ask(({ stream }) => (stream ? EMPTY_STREAM : TOO_LONG), REQUEST, STREAMED);
  expect(seen).toMatchObject({ type: 'ContextLengthExceeded', nonRetryable: true });
  expect(sent.map(({ stream, stream_options: options }) => [stream, options])).toEqual([
    [true, { include_usage: true }],
    [undefined, undefined],
  ]);
});

test('an answer without a stream in the place of an empty stream is taken', async () => {
  const { seen } = await ask(({ stream }) => (stream ? EMPTY_STREAM : answer('42')), REQUEST, STREAMED);
  expect(seen).toMatchObject({ text: '42' });
});

test('a field that validation refuses with 500 is left out', async () => {
  const words = "{'type': 'greater_than', 'loc': ('body', 'temperature'), 'msg': 'Input should be a valid number'}";
  const { seen } = await ask((body) => ('temperature' in body ? invalid(words) : answer('42')));
  expect(seen).toMatchObject({ text: '42' });
});

test('a request that validation refuses with 500 fails, and is not sent again without end', async () => {
  const words = "{'type': 'missing', 'loc': ('body', 'messages', 0, 'role'), 'msg': 'Field required'}";
  const { seen, sent } = await ask(() => invalid(words));
  expect(seen).toMatchObject({ type: 'ModelRequestRejected', nonRetryable: true });
  expect(sent).toHaveLength(1);
});

test('any other 500 is waited for', async () => {
  const { seen } = await ask(() => status(500, { body: { error: { message: 'validation of the cache failed' } } }));
  expect(seen).toMatchObject({ type: 'ModelOverloaded', nonRetryable: false });
});
