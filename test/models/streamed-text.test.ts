/** A model behind an endpoint tells its text while it writes. */
import { createOpenAIModel } from '../../src/models';
import { startMisbehavingServer, type Behaviour, type MisbehavingServer } from './misbehaving-server';

const opened: { close?(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close?.()));
});

const REQUEST = { prompt: 'Say it.', maxTokens: 16, temperature: 0, stop: ['---'] };
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const said = (content: string, finish: string | null = null) =>
  data({ model: 'tiny', choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
const usage = data({ model: 'tiny', choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });
const DONE = 'data: [DONE]\n\n';

/** Sends the pieces one after the other, each when the one before has been told. */
const inPieces = (pieces: readonly Buffer[], next: (piece: number) => Promise<void>): Behaviour =>
  async function send(_, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [at, piece] of pieces.entries()) {
      response.write(piece);
      await next(at);
    }
    response.end();
  };

async function streamed(pieces: readonly (string | Buffer)[]) {
  const texts: string[] = [];
  let told = () => {};
  const buffers = pieces.map((piece) => Buffer.from(piece));
  // What is complete with a piece has been read when something was told; the others only have to be under way.
  const server: MisbehavingServer = await startMisbehavingServer(({ body }) =>
    inPieces(buffers, () => (body.stream ? new Promise((resolve) => (told = resolve)) : Promise.resolve())),
  );
  opened.push(server);
  const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat' });
  opened.push(model);
  const generation = model.generate(REQUEST, {
    onText: (read) => {
      texts.push(read());
      told();
    },
  });
  return { generation, texts, server };
}

test('text that comes in parts is told, and thinking among them is not (Mistral)', async () => {
  const parts = (content: unknown, finish: string | null = null) =>
    data({ model: 'tiny', choices: [{ index: 0, delta: { content }, finish_reason: finish }] });
  const { generation, texts } = await streamed([
    parts([{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }]),
    parts([{ type: 'text', text: '2' }]),
    parts('4', 'stop') + DONE,
  ]);
  expect(await generation).toMatchObject({ text: '24' });
  expect(texts).toEqual(['', '2', '24']);
});

test('text grows with each piece, whole characters alone; thinking and what follows a stop string are not in it; usage is counted', async () => {
  const accented = Buffer.from(said('é!'));
  const cut = accented.indexOf(0xc3) + 1;
  const { generation, texts, server } = await streamed([
    said('<think>hm'),
    said(' so</think>4'),
    said(' is'),
    accented.subarray(0, cut),
    accented.subarray(cut),
    said('---more', 'stop') + usage + DONE,
  ]);
  expect(await generation).toMatchObject({
    text: '4 isé!',
    finishReason: 'stop',
    usage: { calls: 1, inputTokens: 7, outputTokens: 3 },
  });
  expect(texts).toEqual(['', '4', '4 is', '4 is', '4 isé!', '4 isé!']);
  expect(server.requests[0]).toMatchObject({
    headers: { 'accept-encoding': 'identity' },
    body: { stream: true, stream_options: { include_usage: true } },
  });
});

test('a stream that ends in good order before its answer does is no answer, and is tried again', async () => {
  const { generation } = await streamed([said('4 is'), said(' ever')]);
  await expect(generation).rejects.toMatchObject({
    type: 'ModelUnavailable',
    nonRetryable: false,
    message: expect.stringContaining('its stream ended before the answer did'),
  });
});

test.each(['', ',"choices":[]'])(
  'the count of all tokens is the end of a stream without finish reason or [DONE]: {"usage"%s}',
  async (choices) => {
    const counted = `data: {"usage":{"prompt_tokens":7,"completion_tokens":3}${choices}}\n\n`;
    const { generation, server } = await streamed([said('4 is'), said(' it') + counted]);
    expect(await generation).toMatchObject({ text: '4 is it', usage: { outputTokens: 3 } });
    expect(server.requests).toHaveLength(1);
  },
);

test('a server whose streams have no end is asked for a whole answer', async () => {
  const server = await startMisbehavingServer(({ body }) => (_, response) => {
    response.writeHead(200, { 'content-type': body.stream ? 'text/event-stream' : 'application/json' });
    const whole = { model: 'tiny', choices: [{ message: { content: '4 is it' }, finish_reason: 'stop' }] };
    response.end(body.stream ? said('4 is') + said(' it') : JSON.stringify(whole));
  });
  const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat' });
  opened.push(server, model);
  expect((await model.generate(REQUEST, { onText: (read) => void read() })).text).toBe('4 is it');
  expect(server.requests.map(({ body }) => body.stream)).toEqual([true, undefined]);
});

test('a server that does not stream is read as before, and one that is not asked is not told to stream', async () => {
  const answer: Behaviour = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ model: 'tiny', choices: [{ message: { content: '4' }, finish_reason: 'stop' }] }));
  };
  const server = await startMisbehavingServer(() => answer);
  const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat' });
  opened.push(server, model);
  expect((await model.generate(REQUEST, { onText: (read) => void read() })).text).toBe('4');
  expect((await model.generate(REQUEST)).text).toBe('4');
  expect(server.requests.map(({ body }) => body.stream)).toEqual([true, undefined]);
});
