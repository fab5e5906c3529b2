/** What Ollama does to prompts that are longer than its context, by the source and the answers of its release 0.17.4. */
import { createOpenAIModel } from '../../src/models';
import type { ChatMessage, GenerateRequest } from '../../src/models/model';
import { raw, startMisbehavingServer, status } from './misbehaving-server';

/** About 5,000 tokens by our estimate, and 3,750 as Ollama counts English. */
const LONG = 'The area of Texas is large. '.repeat(536);
const told = (body: object) => raw(JSON.stringify(body));

interface Served {
  /** Tokens of the prompt in the answer. */
  counted: number;
  /** Tokens of the answer. */
  written?: number;
  /** The name under which the file is loaded. @default 'small:latest' */
  loaded?: string;
  /** The file of each model. */
  files?: Record<string, string>;
  /** Of each request to `/api/ps`, the last one from then on; undefined: the server has no such path. */
  contexts?: (number | undefined)[];
  fingerprint?: string;
}

async function ask(
  { counted, written = 2, loaded = 'small:latest', files = {}, contexts = [4096], fingerprint = 'fp_ollama' }: Served,
  request: Partial<GenerateRequest> = {},
  model = 'small',
) {
  const left = [...contexts];
  const server = await startMisbehavingServer(({ path, body }) => {
    if (path === '/api/show') {
      const file = files[String(body.model)];
      return file === undefined
        ? status(404, { body: { error: `model '${String(body.model)}' not found` } })
        : told({ modelfile: `# FROM ${String(body.model)}\n\nFROM ${file}\nTEMPLATE {{ .Prompt }}\n`, template: '' });
    }
    if (path === '/api/ps') {
      const context = left.length > 1 ? left.shift() : left[0];
      if (context === undefined) return status(404, { body: '404 page not found' });
      return told({ models: [{ name: loaded, model: loaded, context_length: context }] });
    }
    return told({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: 'small',
      system_fingerprint: fingerprint,
      choices: [{ index: 0, message: { role: 'assistant', content: '24' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: counted, completion_tokens: written, total_tokens: counted + written },
    });
  });
  const endpoint = createOpenAIModel({ baseUrl: server.url, model, api: 'chat' });
  try {
    const seen: unknown = await endpoint
      .generate({ prompt: LONG, maxTokens: 24, temperature: 0, ...request })
      .catch((error: unknown) => error);
    return { seen, looks: server.requests.filter(({ path }) => path === '/api/ps').length };
  } finally {
    await endpoint.close?.();
    await server.close();
  }
}

const CUT = {
  type: 'ContextLengthExceeded',
  nonRetryable: true,
  message: expect.stringMatching(
    /^small at \S+ cut the prompt .*about 5003 tokens.*context of 4096\..*OLLAMA_CONTEXT_LENGTH=8192.*contextTokens: 4096/,
  ) as string,
};

test('a prompt that fills the context was cut: the answer is not taken, and the message says what to set', async () => {
  expect((await ask({ counted: 4096 })).seen).toMatchObject(CUT);
});

test('release 0.33 cuts a prompt to half of the context', async () => {
  const almost = 'The area of Texas is large. '.repeat(440);
  const { seen } = await ask({ counted: 2051 }, { prompt: almost });
  expect(seen).toMatchObject({
    type: 'ContextLengthExceeded',
    message: expect.stringMatching(/about 41\d\d tokens/) as string,
  });
});

test('messages that were dropped are noticed by a count that no text of this length has', async () => {
  const messages: ChatMessage[] = [
    { role: 'user', content: LONG },
    { role: 'assistant', content: 'Yes.' },
    { role: 'user', content: 'How large?' },
  ];
  const { seen } = await ask({ counted: 40 }, { messages });
  expect(seen).toMatchObject({ type: 'ContextLengthExceeded', nonRetryable: true });
});

test('a prompt that fits is answered, though the estimate is longer than the context', async () => {
  expect((await ask({ counted: 3752 })).seen).toMatchObject({ text: '24', usage: { inputTokens: 3752 } });
});

test('a server that was started anew with a longer context is asked again before a prompt is called cut', async () => {
  expect(await ask({ counted: 5000, contexts: [4096, 8192] })).toMatchObject({ seen: { text: '24' }, looks: 2 });
});

test('the answer is taken if the server does not tell its context, or has another model loaded', async () => {
  expect((await ask({ counted: 4095, contexts: [undefined] })).seen).toMatchObject({ text: '24' });
  expect((await ask({ counted: 4097, contexts: [2048] }, {}, 'large')).seen).toMatchObject({ text: '24' });
});

test('a round count tells the context of a model that is unloaded after each answer', async () => {
  expect((await ask({ counted: 4096, contexts: [undefined] })).seen).toMatchObject(CUT);
});

test('a model that shares its file with the one that is listed has the same context', async () => {
  const files = {
    'other:latest': '/blobs/sha256-1',
    'small:latest': '/blobs/sha256-1',
    'large:latest': '/blobs/sha256-2',
  };
  expect((await ask({ counted: 4096, loaded: 'other:latest', files })).seen).toMatchObject(CUT);
  expect((await ask({ counted: 4097, loaded: 'large:latest', contexts: [2048], files })).seen).toMatchObject({
    text: '24',
  });
});

test('an answer during which the context was full counts as cut, and the reason is told', async () => {
  const { seen } = await ask({ counted: 4006, written: 164 });
  expect(seen).toMatchObject({
    text: '24',
    finishReason: 'length',
    problem: expect.stringMatching(
      /^Ollama forgot .* have 4170 tokens, .* has 4096\. .*OLLAMA_CONTEXT_LENGTH=8192/,
    ) as string,
  });
  expect((await ask({ counted: 40, written: 4100 }, { prompt: 'Question' })).seen).toMatchObject({
    finishReason: 'length',
  });
});

test('an answer that ends with the context is whole', async () => {
  expect((await ask({ counted: 4006, written: 91 })).seen).toMatchObject({ finishReason: 'stop' });
});

test('short prompts and other servers cost no request', async () => {
  expect(await ask({ counted: 4 }, { prompt: 'Question' })).toMatchObject({ seen: { text: '24' }, looks: 0 });
  expect(await ask({ counted: 4096, fingerprint: 'fp_1' })).toMatchObject({ seen: { text: '24' }, looks: 0 });
});
