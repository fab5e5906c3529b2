/** What servers really answer: one server of the kind each, and what a call makes of it. */
import { brotliCompressSync, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { ApplicationFailure } from '@temporalio/common';
import { createModel, createOpenAIModel, type OpenAIModelOptions } from '../../src/models';
import type { GenerateRequest } from '../../src/models/model';
import type { ModelConfig } from '../../src/models/model-config';
import {
  answer,
  raw,
  startMisbehavingServer,
  status,
  type Behaviour,
  type MisbehavingServer,
} from './misbehaving-server';

const REQUEST: GenerateRequest = { prompt: 'Question', maxTokens: 160, temperature: 0, stop: ['\n---'] };
const TOOLS = ['search', 'code', 'math', 'commonsense', 'finish'];
const LINE: GenerateRequest = { ...REQUEST, form: { kind: 'line' } };
const ACTION: GenerateRequest = { ...REQUEST, form: { kind: 'action', tools: TOOLS } };

const opened: { close?(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close?.()));
});

async function serve(
  choose: (nth: number, body: Record<string, unknown>, path: string) => Behaviour,
): Promise<MisbehavingServer> {
  const server = await startMisbehavingServer(({ body, path }, nth) => choose(nth, body, path));
  opened.push(server);
  return server;
}

function modelAt({ url }: MisbehavingServer, options: Partial<OpenAIModelOptions> = {}) {
  const model = createOpenAIModel({ baseUrl: url, model: 'tiny', api: 'chat', ...options });
  opened.push(model);
  return model;
}

async function pricedModelAt({ url }: MisbehavingServer, price: ModelConfig['price']) {
  const model = await createModel({
    ...({ provider: 'openai', baseUrl: url, model: 'tiny', api: 'chat', contextTokens: 4096 } as const),
    price,
  });
  opened.push(model);
  return model;
}

/** A chat answer of one choice. */
const choice = (parts: object, more: object = {}): Behaviour =>
  raw(JSON.stringify({ id: 'x', model: 'tiny', choices: [{ index: 0, ...parts }], ...more }));
const generate = async (behaviour: Behaviour, options?: Partial<OpenAIModelOptions>, request = REQUEST) =>
  modelAt(await serve(() => behaviour), options).generate(request);
const failureOf = async (behaviour: Behaviour, options?: Partial<OpenAIModelOptions>) => {
  const failure: unknown = await generate(behaviour, options).then(
    (generation) => generation,
    (error: unknown) => error,
  );
  if (!(failure instanceof ApplicationFailure)) throw new Error(`No failure: ${JSON.stringify(failure)}`);
  return failure;
};

describe('thinking', () => {
  const cut = choice({ message: { content: null, reasoning_content: 'First' }, finish_reason: 'length' });

  test('that took all tokens is asked for again with room, and the model is known from then on (M01)', async () => {
    const server = await serve((_nth, body) =>
      Number(body.max_tokens) > 1000 ? choice({ message: { content: '[code] Add.' }, finish_reason: 'stop' }) : cut,
    );
    const model = modelAt(server);
    expect(await model.generate(REQUEST)).toMatchObject({ text: '[code] Add.', usage: { calls: 2 } });
    expect(await model.generate(REQUEST)).toMatchObject({ text: '[code] Add.', usage: { calls: 1 } });
    expect(server.requests.map(({ body }) => body.max_tokens)).toEqual([160, 4256, 4256]);
  });

  test('that never ends is told with the limit and what to set, and is never the answer (M01)', async () => {
    const generation = await generate(cut);
    expect(generation).toMatchObject({ text: '', finishReason: 'length' });
    expect(generation.problem).toMatch(
      /cut at 160 and then at 4256 tokens while the model was still thinking.*maxTokens.*thinking off/,
    );
    expect(JSON.stringify(generation)).not.toContain('First');
  });

  test('is not asked for again where thinkingTokens is 0', async () => {
    const server = await serve(() => cut);
    await modelAt(server, { thinkingTokens: 0 }).generate(REQUEST);
    expect(server.requests).toHaveLength(1);
  });

  test('an unclosed block holds no answer (M02)', async () => {
    const text = '<think>\nI could begin so:\n[search] Find the area of Alaska.\nNo, so';
    expect(await generate(answer(text, { finishReason: 'length' }), {}, ACTION)).toMatchObject({ text: '' });
  });

  test.each([
    [
      'The user wants Washington. Options:\n[search] Find the area of Washington DC.\nNo, the state is meant.\n</think>\n\n[search] Find the area of the state of Washington.',
      '[search] Find the area of the state of Washington.',
      ACTION,
    ],
    ['Short is best.\n</think>\n\nWashington state area km2', 'Washington state area km2', LINE],
    ['Hm.\n</thinking>\n[search] Find it.', '[search] Find it.', ACTION],
    ['I use log.\n</think>\n```js\nconsole.log(24)\n```', '```js\nconsole.log(24)\n```', REQUEST],
    [
      "console.log('a</think>b'.split('</think>').length)",
      "console.log('a</think>b'.split('</think>').length)",
      REQUEST,
    ],
    [
      'The tag </think> closes the block. The answer is 2.',
      'The tag </think> closes the block. The answer is 2.',
      REQUEST,
    ],
  ])(
    'whose opening mark is in the prompt ends at its closing mark, and not at one in a text (M03): %j',
    async (text, kept, request) => {
      expect(await generate(answer(text), {}, request)).toMatchObject({ text: kept });
    },
  );

  test('a stop string inside it does not end the answer (M05)', async () => {
    const text = '<think>\nOption A\n---\nOption B is right.\n</think>\n[finish] The answer is 42.';
    expect(await generate(answer(text))).toMatchObject({ text: '[finish] The answer is 42.', finishReason: 'stop' });
  });

  test('that a sent stop string has ended is asked for again without stop strings (M05)', async () => {
    const stopped = choice({ message: { content: null, reasoning_content: 'Plan:\n' }, finish_reason: 'stop' });
    const server = await serve((_nth, body) => ('stop' in body ? stopped : answer('42\n---\nnext')));
    expect(await modelAt(server).generate(REQUEST)).toMatchObject({ text: '42' });
    const always = await generate(stopped);
    expect(always.problem).toMatch(/thought and then gave no answer/);
  });

  const CALL = '<tool_call>{"name": "search", "arguments": {"query": "Find it."}}</tool_call>';
  test.each([
    // vllm-project/vllm#48645: the model leaves out the closing mark, and the server takes all for thinking.
    choice({ message: { content: null, reasoning: 'I look.\n\n[search] Find it.' }, finish_reason: 'stop' }),
    choice({ message: { content: '', reasoning_content: `I look.\n${CALL}` }, finish_reason: 'stop' }),
    answer(`<think>\nI look.\n${CALL}`),
  ])('that comes to its end in an action is that action (%#)', async (ended) => {
    expect(await generate(ended, {}, ACTION)).toMatchObject({ text: '[search] Find it.', usage: { calls: 2 } });
  });

  test('that comes to its end in other words is no answer, and the message says what may be wrong', async () => {
    const ended = choice({ message: { content: null, reasoning: '[search] Find it?\nNo.' }, finish_reason: 'stop' });
    const { text, problem } = await generate(ended, {}, { ...ACTION, stop: [] });
    expect(text).toBe('');
    expect(problem).toMatch(/reasoning parser takes the answer for thinking/);
  });
});

describe('content', () => {
  test('in parts is joined, thinking and references passed over (M06)', async () => {
    const content = [
      { type: 'thinking', thinking: [{ type: 'text', text: 'Three times eight.' }] },
      { type: 'text', text: '[finish] The answer ' },
      { type: 'reference', reference_ids: [1] },
      { type: 'text', text: 'is 24.' },
    ];
    expect(await generate(choice({ message: { content, tool_calls: null }, finish_reason: 'stop' }))).toMatchObject({
      text: '[finish] The answer is 24.',
    });
  });

  test('is a refusal, or was filtered: told, and no failure', async () => {
    const refused = choice({ message: { content: null, refusal: 'I cannot help.' }, finish_reason: 'stop' });
    expect(await generate(refused)).toMatchObject({
      finishReason: 'refusal',
      problem: expect.stringContaining('I cannot help.'),
    });
    const filtered = choice({ message: { content: '' }, finish_reason: 'content_filter: SAFETY' });
    expect(await generate(filtered)).toMatchObject({
      finishReason: 'content-filter',
      problem: expect.stringContaining('filter'),
    });
    const azure = status(400, {
      body: {
        error: {
          code: 'content_filter',
          message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        },
      },
    });
    expect(await generate(azure)).toMatchObject({ finishReason: 'content-filter', text: '' });
  });

  test.each([
    [
      'a native call',
      {
        message: {
          content: null,
          tool_calls: [
            { id: 't1', type: 'function', function: { name: 'search', arguments: '{"query":"area of Texas"}' } },
          ],
        },
        finish_reason: 'tool_calls',
      },
      '[search] area of Texas',
    ],
    [
      'a call as text',
      {
        message: {
          content: '<tool_call>\n{"name": "search", "arguments": {"step": "Find the area of Texas."}}\n</tool_call>',
        },
      },
      '[search] Find the area of Texas.',
    ],
    [
      'JSON',
      { message: { content: '{"tool": "search", "step": "Find the area of Texas."}' } },
      '[search] Find the area of Texas.',
    ],
    ['bold', { message: { content: '**[search]** Find the area of Texas.' } }, '[search] Find the area of Texas.'],
    ['a label', { message: { content: 'search: Find the area of Texas.' } }, '[search] Find the area of Texas.'],
    ['a capital', { message: { content: '[Search] Find the area of Texas.' } }, '[search] Find the area of Texas.'],
  ])('is an action as %s (M16)', async (_what, parts, text) => {
    expect(await generate(choice({ finish_reason: 'stop', ...parts }), {}, ACTION)).toMatchObject({ text });
  });

  test('streamed though nobody asked is put together (M12)', async () => {
    const events = [
      ': keep-alive',
      `data: ${JSON.stringify({ model: 'tiny', choices: [{ delta: { role: 'assistant', reasoning_content: 'Hm.' } }] })}`,
      `data: ${JSON.stringify({ choices: [{ delta: { content: '[finish] The answer ' } }] })}`,
      `data: ${JSON.stringify({ choices: [{ delta: { content: 'is 24.' }, finish_reason: 'stop' }], usage: { prompt_tokens: 5, completion_tokens: 7 } })}`,
      'data: [DONE]',
    ].join('\n\n');
    expect(await generate(raw(`${events}\n\n`, 'text/event-stream'))).toMatchObject({
      text: '[finish] The answer is 24.',
      finishReason: 'stop',
      usage: { inputTokens: 5, outputTokens: 7 },
    });
    expect(
      await failureOf(raw('data: {"error":{"message":"busy","code":429}}\n\n', 'text/event-stream')),
    ).toMatchObject({ type: 'ModelOverloaded' });
  });

  test.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateRawSync],
    ['zstd', zstdCompressSync],
  ] as const)('is decompressed: %s (M13)', async (encoding, compress) => {
    const packed =
      (code: number, body: object, headers: Record<string, string> = {}): Behaviour =>
      (_request, response) => {
        response.writeHead(code, { 'content-encoding': encoding, 'content-type': 'application/json', ...headers });
        response.end(compress(Buffer.from(JSON.stringify(body))));
      };
    const good = { choices: [{ message: { content: '24' }, finish_reason: 'stop' }] };
    expect(await generate(packed(200, good))).toMatchObject({ text: '24' });
    const failure = await failureOf(packed(429, { error: { message: 'busy' } }, { 'retry-after': '2' }));
    expect(failure).toMatchObject({ type: 'ModelOverloaded', nextRetryDelay: 2000 });
    expect(failure.message).toContain('answered 429: busy.');
  });

  test('that unpacks to more than a generation can be is given up; an unknown encoding is named (M13)', async () => {
    const bomb: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(40_000_000)));
    };
    expect(await failureOf(bomb)).toMatchObject({
      type: 'ModelResponseInvalid',
      message: expect.stringContaining('8388608 bytes'),
    });
    const odd: Behaviour = (_request, response) =>
      void response.writeHead(200, { 'content-encoding': 'aes128gcm' }).end(Buffer.from([1, 2, 3]));
    expect((await failureOf(odd)).message).toContain('encoded as aes128gcm');
  });

  test('is a web page: its title is told', async () => {
    const failure = await failureOf(
      raw('<!DOCTYPE html><html><head><title>Sign in to WiFi</title></head></html>', 'text/html'),
    );
    expect(failure).toMatchObject({ type: 'ModelResponseInvalid' });
    expect(failure.message).toContain('a web page (Sign in to WiFi)');
  });
});

describe('an error with status 200 (M07)', () => {
  const inChoice = (error: object) =>
    choice({ finish_reason: 'error', message: { role: 'assistant', content: '' }, error }, { usage: null });
  test.each([
    [
      'in the choice',
      inChoice({ code: 502, message: 'Provider returned error', metadata: { provider_name: 'P' } }),
      'ModelOverloaded',
      false,
    ],
    [
      'in the choice, a prompt too long',
      inChoice({ code: 400, message: 'input too long' }),
      'ContextLengthExceeded',
      true,
    ],
    [
      'by its finish reason alone',
      choice({ finish_reason: 'insufficient_system_resource', message: { content: 'Hal' } }),
      'ModelOverloaded',
      false,
    ],
    ['no choices', raw('{"id":"g","choices":[],"usage":null}'), 'ModelResponseInvalid', false],
    ['null choices', raw('{"id":"g","choices":null}'), 'ModelResponseInvalid', false],
    ['as text', raw('{"error":"model is overloaded"}'), 'ModelOverloaded', false],
    [
      "Anthropic's form",
      raw('{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
      'ModelOverloaded',
      false,
    ],
    [
      "vLLM's flat form",
      raw('{"object":"error","message":"maximum context length is 16 tokens","code":400}'),
      'ContextLengthExceeded',
      true,
    ],
  ])('%s', async (_what, behaviour, type, nonRetryable) => {
    expect(await failureOf(behaviour)).toMatchObject({ type, nonRetryable });
  });

  test("has the provider's words", async () => {
    const error = {
      code: 502,
      message: 'Provider returned error',
      metadata: { raw: '{"error":{"message":"CUDA out of memory"}}' },
    };
    expect((await failureOf(inChoice(error))).message).toContain('Provider returned error: CUDA out of memory');
  });
});

describe('refusals', () => {
  const said = (code: number, message: string) => status(code, { body: { error: { message } } });
  test.each([
    'The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).',
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    'Please reduce the length of the messages or completion.',
    'The number of tokens to keep from the initial prompt is greater than the context length.',
    'prompt token count of 140000 exceeds the limit of 128000',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
    'Input is too long for requested model.',
    'Prompt contains 40004 tokens, too large for model with 32768 maximum context length',
    'Invalid request: Your request exceeded model token limit: 262144 (requested: 300000)',
    'invalid params, context window exceeds limit (2013)',
    'Range of input length should be [1, 129024]',
    'Trying to keep the first 5000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough: the prompt exceeds the context.',
  ])('too long (M09): %s', async (message) => {
    expect(await failureOf(said(400, message))).toMatchObject({ type: 'ContextLengthExceeded', nonRetryable: true });
  });

  test.each([
    [
      'a rate limit in tokens (M09)',
      said(429, 'Too many tokens, please wait before trying again.'),
      'ModelOverloaded',
      false,
    ],
    ['a parameter (M09)', said(400, 'max_tokens must be an integer'), 'ModelRequestRejected', true],
    [
      'a body too large for a gateway',
      status(413, { body: '<html><title>413 Request Entity Too Large</title></html>' }),
      'ContextLengthExceeded',
      true,
    ],
    [
      'llama.cpp while it loads',
      status(503, { body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } } }),
      'ModelUnavailable',
      false,
    ],
    [
      'Hugging Face while it loads',
      status(503, { body: { error: 'Model x is currently loading', estimated_time: 20 } }),
      'ModelUnavailable',
      false,
    ],
    [
      'no money at Anthropic',
      said(400, 'Your credit balance is too low to access the API.'),
      'ModelAuthentication',
      true,
    ],
    [
      'no quota in words alone',
      said(429, 'You exceeded your current quota, please check your plan and billing details.'),
      'ModelAuthentication',
      true,
    ],
    [
      'a wrong key at Google',
      status(400, {
        body: [
          {
            error: {
              code: 400,
              message: 'API key not valid. Please pass a valid API key.',
              status: 'INVALID_ARGUMENT',
            },
          },
        ],
      }),
      'ModelAuthentication',
      true,
    ],
    [
      'Ollama without the model',
      status(404, { body: { error: { message: 'model "x" not found, try pulling it first' } } }),
      'ModelNotFound',
      true,
    ],
    ['a path that takes no POST', status(405), 'ModelNotFound', true],
    ['Anthropic overloaded', status(529), 'ModelOverloaded', false],
  ])('%s', async (_what, behaviour, type, nonRetryable) => {
    expect(await failureOf(behaviour)).toMatchObject({ type, nonRetryable });
  });

  test('the same words with a time to wait are waited for (Google)', async () => {
    const body = [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota, please check your plan and billing details.',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34s' }],
        },
      },
    ];
    expect(await failureOf(status(429, { body }))).toMatchObject({ type: 'ModelOverloaded', nextRetryDelay: 34_000 });
  });

  test.each([
    [
      'flat',
      'stop',
      { code: 'Client specified an invalid argument', error: 'Argument not supported on this model: stop' },
    ],
    ['xAI', 'stop', { code: 'invalid-argument', error: 'Model grok-4.6 does not support parameter stop.' }],
    [
      'LiteLLM',
      'max_tokens',
      {
        error: {
          message:
            "litellm.BadRequestError: AzureException BadRequestError - Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.. Received Model Group=gpt-5-mini",
          type: null,
          param: null,
          code: '400',
        },
      },
    ],
    [
      'no code',
      'temperature',
      {
        error: {
          message: "Unsupported parameter: 'temperature' is not supported with this model.",
          type: 'invalid_request_error',
          param: 'temperature',
          code: null,
        },
      },
    ],
    [
      'Google',
      'seed',
      [{ error: { code: 400, message: 'Invalid JSON payload received. Unknown name "seed": Cannot find field.' } }],
    ],
    [
      'FastAPI',
      'seed',
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'seed'], msg: 'Extra inputs are not permitted' }] },
    ],
    ['Moonshot', 'temperature', { error: { message: 'invalid temperature: only 1 is allowed for this model' } }],
    [
      'TGI',
      'temperature',
      { error: 'Input validation error: `temperature` must be strictly positive', error_type: 'validation' },
    ],
  ])('a parameter that is not known is left out from then on (M11): %s', async (_who, name, body) => {
    const server = await serve((_nth, sent) =>
      name in sent ? status(_who === 'FastAPI' || _who === 'TGI' ? 422 : 400, { body }) : answer('4'),
    );
    const model = modelAt(server);
    expect(await model.generate({ ...REQUEST, seed: 1 })).toMatchObject({ text: '4' });
    await model.generate({ ...REQUEST, seed: 1 });
    expect(server.requests).toHaveLength(3);
    if (name === 'max_tokens') expect(server.requests[2]?.body.max_completion_tokens).toBe(160);
  });

  test('a bound on tokens that is too large is lowered to what the server names', async () => {
    const server = await serve((_nth, { max_tokens: most }) =>
      Number(most) > 100
        ? status(400, {
            body: {
              error: {
                message:
                  'max_tokens is too large: 160. This model supports at most 100 completion tokens, whereas you provided 160.',
              },
            },
          })
        : answer('4'),
    );
    expect(await modelAt(server).generate(REQUEST)).toMatchObject({ text: '4' });
    expect(server.requests[1]?.body.max_tokens).toBe(100);
  });

  test('a model that answers streams alone is asked for one (M12)', async () => {
    const server = await serve((_nth, { stream }) =>
      stream
        ? raw(
            'data: {"choices":[{"delta":{"content":"24"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n',
            'text/event-stream',
          )
        : status(400, {
            body: { error: { message: 'parameter.enable_thinking must be set to false for non-streaming calls' } },
          }),
    );
    expect(await modelAt(server).generate(REQUEST)).toMatchObject({ text: '24' });
  });
});

describe('what a configuration adds', () => {
  test('body: is sent as it is, omit: is not sent (M12)', async () => {
    const server = await serve(() => answer('4'));
    const body = {
      enable_thinking: false,
      chat_template_kwargs: { enable_thinking: false },
      top_k: 20,
      temperature: 0.6,
    };
    await modelAt(server, { body, omit: ['stop'] }).generate(REQUEST);
    expect(server.requests[0]?.body).toMatchObject(body);
    expect(server.requests[0]?.body).not.toHaveProperty('stop');
  });

  test('cached tokens are counted apart, and a price makes money of them', async () => {
    const usage = {
      prompt_tokens: 1_000_000,
      completion_tokens: 1_000_000,
      prompt_tokens_details: { cached_tokens: 500_000 },
    };
    const server = await serve(() => choice({ message: { content: '4' }, finish_reason: 'stop' }, { usage }));
    const price = { input: 2, output: 10, cached: 1 };
    expect((await (await pricedModelAt(server, price)).generate(REQUEST)).usage).toEqual({
      calls: 1,
      inputTokens: 1_000_000,
      outputTokens: 1_000_000,
      cachedTokens: 500_000,
      money: 11.5,
    });
  });

  test.each([
    ['OpenRouter', { cost: 0.00014 }, 0.00014],
    ["OpenRouter without a key of one's own", { cost: 0.02, cost_details: { upstream_inference_cost: 0.02 } }, 0.02],
    ['OpenRouter with one', { cost: 0.001, is_byok: true, cost_details: { upstream_inference_cost: 0.03 } }, 0.031],
    ['Perplexity', { cost: { input_tokens_cost: 0.001, output_tokens_cost: 0.002, total_cost: 0.006 } }, 0.006],
    ['a proxy that writes text', { cost: '0.5' }, 0.5],
    ['one without a cost', { cost: null }, undefined],
    ['one with a word in its place', { cost: 'unknown' }, undefined],
  ])('what a service billed is the cost where no price is configured: %s', async (_, billed, money) => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, ...billed };
    const server = await serve(() => choice({ message: { content: '4' }, finish_reason: 'stop' }, { usage }));
    expect((await modelAt(server).generate(REQUEST)).usage).toEqual({
      ...{ calls: 1, inputTokens: 10, outputTokens: 5 },
      ...(money === undefined ? {} : { money }),
    });
    const priced = await pricedModelAt(server, { input: 1e6, output: 0 });
    expect((await priced.generate(REQUEST)).usage.money).toBe(10);
  });

  test('fallbacks answer by kind of failure, in order, and the first failure is told when none does', async () => {
    const down = await serve(() => status(503));
    const strict = await serve(() => status(400));
    const good = await serve(() => answer('4', { model: 'other' }));
    const at = ({ url }: MisbehavingServer) => ({
      provider: 'openai' as const,
      baseUrl: url,
      model: 'm',
      api: 'chat' as const,
      contextTokens: 4096,
    });
    const open = async (
      first: MisbehavingServer,
      fallback: NonNullable<Parameters<typeof createModel>[0]['fallback']>,
    ) => {
      const model = await createModel({ ...at(first), fallback });
      opened.push(model);
      return model;
    };
    const model = await open(down, [{ ...at(strict) }, { ...at(good), on: ['overloaded'] }]);
    expect(await model.generate(REQUEST)).toMatchObject({ text: '4', model: 'other' });
    await expect((await open(strict, [at(good)])).generate(REQUEST)).rejects.toMatchObject({
      type: 'ModelRequestRejected',
    });
    await expect((await open(down, [at(strict)])).generate(REQUEST)).rejects.toMatchObject({ type: 'ModelOverloaded' });
  });
});

describe('an action is held to its form', () => {
  const PROSE = 'I would first look up the area of Texas.';
  /** The answers of a server of a kind, which is told by fields of its own; held to the form it writes JSON. */
  const ofKind = (own: object, ofChoice: object, version = '0.12.1') =>
    serve((_nth, body, path) => {
      if (path === '/version') return raw(JSON.stringify({ version }));
      const isHeld = ['structured_outputs', 'guided_regex', 'regex', 'grammar', 'response_format'].some(
        (name) => name in body,
      );
      const content = isHeld ? '{"tool":"search","step":"Find it."}' : PROSE;
      return choice({ message: { content }, finish_reason: 'stop', ...ofChoice }, own);
    });

  test.each([
    [
      'vLLM',
      {},
      { stop_reason: null },
      '0.12.1',
      { structured_outputs: { regex: ' ?\\[(search|code|math|commonsense|finish)\\] [^ \\n\\r][^\\n\\r]*' } },
    ],
    ['older vLLM', {}, { stop_reason: null }, '0.8.5', { guided_regex: expect.stringContaining('search|code') }],
    ['SGLang', {}, { matched_stop: 7 }, '', { regex: expect.stringContaining('search|code') }],
    [
      'llama.cpp',
      { timings: {} },
      {},
      '',
      { grammar: expect.stringMatching(/^root ::= .*\ntool ::= "search" \| "code"/) },
    ],
    [
      'Ollama',
      { system_fingerprint: 'fp_ollama' },
      {},
      '',
      { response_format: { type: 'json_schema', json_schema: { schema: { properties: { tool: { enum: TOOLS } } } } } },
    ],
  ])(
    '%s is known by its first answer, which is asked for again where it is no action',
    async (_who, own, ofChoice, version, fields) => {
      const server = await ofKind(own, ofChoice, version);
      const model = modelAt(server);
      expect(await model.generate(ACTION)).toMatchObject({ text: '[search] Find it.', usage: { calls: 2 } });
      expect(server.requests.at(-1)?.body).toMatchObject(fields);
      const asked = server.requests.length;
      expect(await model.generate(ACTION)).toMatchObject({ text: '[search] Find it.', usage: { calls: 1 } });
      expect(server.requests).toHaveLength(asked + 1);
    },
  );

  test('a server of another kind is asked as before, and once', async () => {
    const server = await ofKind({}, {});
    expect(await modelAt(server).generate(ACTION)).toMatchObject({ text: PROSE });
    expect(server.requests).toHaveLength(1);
    expect(Object.keys(server.requests[0]?.body ?? {})).toEqual([
      'model',
      'messages',
      'max_tokens',
      'temperature',
      'stop',
    ]);
  });

  test('a server that the configuration names is held at once', async () => {
    const server = await ofKind({}, {});
    expect(await modelAt(server, { server: 'sglang' }).generate(ACTION)).toMatchObject({ text: '[search] Find it.' });
    expect(server.requests).toHaveLength(1);
  });

  test('nothing is sent where constrain is off, or the request has no form', async () => {
    const server = await ofKind({}, { matched_stop: null });
    await modelAt(server, { server: 'sglang', constrain: 'off' }).generate(ACTION);
    await modelAt(server, { server: 'sglang' }).generate(REQUEST);
    expect(server.requests.map(({ body }) => 'regex' in body)).toEqual([false, false]);
  });

  test.each([
    'regex is not supported with this grammar backend',
    'Failed to initialize samplers: failed to parse grammar',
  ])('a server that refuses the constraint is asked without: %s', async (message) => {
    const server = await serve((_nth, body) =>
      'regex' in body
        ? status(400, {
            body: { object: 'error', message, code: 400 },
          })
        : answer('[code] Add.'),
    );
    expect(await modelAt(server, { server: 'sglang' }).generate(ACTION)).toMatchObject({ text: '[code] Add.' });
  });
});

test("llama-server's context, which requests share, is full for all of them at once: they are asked for again", async () => {
  const body = { error: { code: 500, message: 'Context size has been exceeded.', type: 'server_error' } };
  const server = await serve(() => status(500, { body }));
  const model = modelAt(server);
  const failed = await Promise.allSettled([model.generate(REQUEST), model.generate(REQUEST)]);
  expect(failed.map((one) => one.status === 'rejected' && (one.reason as object))).toMatchObject(
    Array(2).fill({
      type: 'ModelOverloaded',
      nonRetryable: false,
      message: expect.stringMatching(/share its context: raise its -c, or set concurrency/) as string,
    }),
  );
  await expect(model.generate(REQUEST)).rejects.toMatchObject({ type: 'ContextLengthExceeded' });
});
