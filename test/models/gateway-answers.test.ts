/** What servers and gateways were reported to answer (the repository and number of each report beside it), each case beside others of its kind. */
import { answer, raw, status, type Behaviour } from './misbehaving-server';
import { ACTION, choice, REQUEST, said, see, seeBy } from './seen-answer';

const event = (data: object | string) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
const piece = (delta: object, finish_reason: string | null = null, more: object = {}) =>
  event({ id: 'x', choices: [{ index: 0, delta, finish_reason }], ...more });
const stream = (...events: string[]) => raw([...events, event('[DONE]')].join(''), 'text/event-stream');

describe('a server that does not stream', () => {
  test.each([
    // danny-avila/LibreChat#6930, charmbracelet/crush#422, chatboxai/chatbox#2263
    said("Unsupported value: 'stream' does not support true with this model. Supported values are: false.", {
      param: 'stream',
      code: 'unsupported_value',
    }),
    said('Your organization must be verified to stream this model.', { param: 'stream', code: 'unsupported_value' }),
    said('Your organization must be verified to stream this model. (request id: 20250417)'),
    said('Streaming is not supported for this model'),
  ])('is asked for whole answers, though somebody watches: %j', async (body) => {
    const seen = await seeBy((sent) => (sent.stream ? status(400, { body }) : answer('24')), REQUEST, {
      onText: () => undefined,
    });
    expect(seen).toMatchObject({ text: '24', requests: 2 });
    expect(seen.last).not.toHaveProperty('stream_options');
  });

  // Portkey's gateway 1.15.2 before a server of one's own, on Node 20 and later
  test('but fails at it with 500 is asked for whole answers', async () => {
    const body = { status: 'failure', message: 'Something went wrong' };
    const choose = (sent: Record<string, unknown>) => (sent.stream ? status(500, { body }) : answer('24'));
    expect(await seeBy(choose, REQUEST, { onText: () => undefined })).toMatchObject({ text: '24', requests: 2 });
  });

  test('a refusal of stream_options is not one of streams (cline/cline#2764)', async () => {
    const body = { code: 'invalid argument', error: 'Argument not supported: stream_options' };
    const choose = (sent: Record<string, unknown>) =>
      'stream_options' in sent ? status(400, { body }) : stream(piece({ content: '24' }, 'stop'));
    expect(await seeBy(choose, REQUEST, { onText: () => undefined })).toMatchObject({
      text: '24',
      last: { stream: true },
    });
  });
});

test('a parameter that a refusal proposes is not the one that it refuses (fanenr/chatbot#21)', async () => {
  const body = said("property 'seed' is unsupported, did you mean 'stop'?");
  const seen = await seeBy((sent) => ('seed' in sent ? status(400, { body }) : answer('24')), { ...REQUEST, seed: 1 });
  expect(seen).toMatchObject({ text: '24', requests: 2, last: { stop: REQUEST.stop } });
});

describe('a piece of a stream', () => {
  test('that cannot be read is no gap in an answer (SamSaffron/term-llm#448)', async () => {
    const broken = 'data: {"id":"x","choices":[{"index":0,"delta":{"content":"2\n\n';
    const seen = await see(stream(piece({ content: 'It is 1' }), broken, piece({ content: ' km' }, 'stop')));
    expect(seen).toMatchObject({ type: 'ModelResponseInvalid', nonRetryable: false });
  });

  test('is read as Python writes it', async () => {
    const python =
      'data: {"choices":[{"index":0,"delta":{"content":"12"},"logprobs":{"p":NaN},"finish_reason":"stop"}]}\n\n';
    expect(await see(stream(piece({ content: 'It is ' }), python))).toMatchObject({ text: 'It is 12' });
  });

  test.each(['""', 'false', '{}', 'null'])('tells of no error by error: %s', async (error) => {
    const data = `{"error":${error},"choices":[{"index":0,"delta":{"content":"12"},"finish_reason":"stop"}]}`;
    expect(await see(stream(event(data)))).toMatchObject({ text: '12' });
  });

  test('that only keeps the connection alive is passed over (anomalyco/opencode#50871, mnfst/llm-gateway#2053)', async () => {
    const alive = [event(': keepalive'), event(': OPENROUTER PROCESSING')];
    const seen = await see(stream(...alive, piece({ content: '2' }, ''), ...alive, piece({ content: '4' }, 'stop')));
    expect(seen).toMatchObject({ text: '24' });
  });
});

test('a prompt that leaves no room for an answer is too long (text-generation-webui)', async () => {
  const usage = { prompt_tokens: 6001, completion_tokens: 0, total_tokens: 6001 };
  expect(await see(choice({ text: '', finish_reason: 'length' }, { usage }))).toMatchObject({
    type: 'ContextLengthExceeded',
    nonRetryable: true,
    message: expect.stringContaining('no room for an answer beside a prompt of 6001 tokens'),
  });
});

describe('an answer that a gateway has wrapped', () => {
  const plain = { model: 'tiny', choices: [{ message: { content: '24' }, finish_reason: 'stop' }] };
  test.each([
    JSON.stringify([plain]),
    JSON.stringify(JSON.stringify(plain)),
    JSON.stringify({ code: 0, message: 'success', data: plain }),
    JSON.stringify({ success: true, errors: [], result: plain }),
    JSON.stringify({ statusCode: 200, body: JSON.stringify(plain) }),
  ])('is read: %s', async (body) => {
    expect(await see(raw(body))).toMatchObject({ text: '24', requests: 1 });
  });

  test.each(['utf-8', 'none'])('is read where its encoding is none: %s', async (encoding) => {
    const behaviour: Behaviour = (_, response) =>
      void response.writeHead(200, { 'content-encoding': encoding }).end(JSON.stringify(plain));
    expect(await see(behaviour)).toMatchObject({ text: '24' });
  });

  test('is read where a proxy has made events of events', async () => {
    expect(await see(stream(event(`data: ${JSON.stringify({ choices: plain.choices })}`)))).toMatchObject({
      text: '24',
    });
  });
});

test('a stream that ends without an answer is asked for as a whole', async () => {
  const choose = (sent: Record<string, unknown>) => (sent.stream ? stream() : answer('24'));
  expect(await seeBy(choose, REQUEST, { onText: () => undefined })).toMatchObject({ text: '24', requests: 2 });
});

describe('403', () => {
  test.each([
    '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>',
    'error code: 1010',
    '{"title":"Error 1010: Access denied","status":403,"cloudflare_error":true}',
  ])('of something in front of the server is no refused key: %s', async (body) => {
    const seen = await see(raw(body, 'text/html', 403));
    expect(seen).toMatchObject({ type: 'ModelBlocked', nonRetryable: true, requests: 1 });
    expect(seen.message).toMatch(/Something in front of the model server refused/);
    expect(seen.message).not.toContain('key was refused');
  });
});

describe('an answer without a choice', () => {
  const body = (usage: object, more: object = {}) => raw(JSON.stringify({ id: 'x', choices: [], usage, ...more }));

  test.each([
    { prompt_tokens: 100, completion_tokens: 157, completion_tokens_details: { reasoning_tokens: 157 } },
    { prompt_tokens: 100, completion_tokens: 0, total_tokens: 260 },
  ])(
    'whose tokens went into thinking was cut, and is not asked for again for ever (BerriAI/litellm#36881)',
    async (usage) => {
      const seen = await see(body(usage));
      expect(seen).toMatchObject({ text: '', finishReason: 'length', requests: 2 });
      expect(seen.problem).toMatch(/cut at 160 and then at 4256 tokens while the model was still thinking/);
    },
  );

  test('whose prompt was blocked is told to be', async () => {
    const blocked = body({ prompt_tokens: 10, total_tokens: 10 }, { promptFeedback: { blockReason: 'OTHER' } });
    expect(await see(blocked)).toMatchObject({ text: '', finishReason: 'content-filter', requests: 1 });
  });

  test('is asked for again where nothing explains it (M07)', async () => {
    expect(await see(body({ prompt_tokens: 10, completion_tokens: 0, total_tokens: 10 }))).toMatchObject({
      type: 'ModelResponseInvalid',
      nonRetryable: false,
    });
  });
});

describe('an answer in which nothing came at all', () => {
  const nothing = [
    // earendil-works/pi#8462, anomalyco/opencode#37735, Sophomoresty/gemini-web2api#49
    stream(piece({ role: 'assistant' }), piece({}, 'stop')),
    choice({ message: { role: 'assistant', content: null }, finish_reason: 'stop' }),
    choice({ message: { content: '' }, finish_reason: 'stop' }, { usage: { prompt_tokens: 1, completion_tokens: 0 } }),
  ];
  test.each(nothing)('is asked for once more (%#)', async (empty) => {
    const good = answer('[finish] The answer is 4.');
    expect(await seeBy((_body, _path, nth) => (nth === 0 ? empty : good), ACTION)).toMatchObject({
      text: '[finish] The answer is 4.',
      usage: { calls: 2 },
    });
    expect(await see(empty)).toMatchObject({ text: '', problem: 'The model gave an empty answer.', requests: 2 });
  });

  test('and a model that ended at once is not: the end is a token', async () => {
    const ended = { usage: { prompt_tokens: 9, completion_tokens: 1 } };
    expect(await see(choice({ message: { content: '' }, finish_reason: 'stop' }, ended))).toMatchObject({
      requests: 1,
    });
  });
});

describe('what a model wrote and its server could not read', () => {
  const groq = (written: string, code = 'tool_use_failed') =>
    said('Tool choice is none, but model called a tool', { code, failed_generation: written });

  test.each([
    // OpenHands/OpenHands#11725, zeroclaw-labs/zeroclaw#5670
    '{"name": "search", "arguments": {"query": "area of Texas"}}',
    '<function=search>{"query":"area of Texas"}</function>',
    '[search] area of Texas',
  ])('is read where the server tells it: %s', async (written) => {
    const action = { text: '[search] area of Texas', requests: 1 };
    expect(await see(status(400, { body: groq(written) }), ACTION)).toMatchObject(action);
    expect(await see(stream(event(groq(written))), ACTION)).toMatchObject(action);
  });

  test.each<[number, object]>([
    [400, groq('', 'json_validate_failed')],
    // ollama/ollama#12884, ggml-org/llama.cpp#24644
    [500, said(`error parsing tool call: raw='{"query":"x"}]', err=invalid character ']' after top-level value`)],
    [500, said('Failed to parse input at pos 184: <tool_call>search', { code: 500, type: 'server_error' })],
    // vLLM with gpt-oss
    [500, said('unexpected tokens remaining in message header: ["to=functions.search"]', { code: 500 })],
  ])('is asked for once more where it is not told whole, and not for ever: %i %j', async (code, body) => {
    const seen = await see(status(code, { body }), ACTION);
    expect(seen).toMatchObject({ text: '', requests: 2 });
    expect(seen.problem).toMatch(/^The server could not read what the model wrote: /);
    const good = answer('[code] Add.');
    const again = await seeBy((_body, _path, nth) => (nth === 0 ? status(code, { body }) : good), ACTION);
    expect(again).toMatchObject({ text: '[code] Add.' });
  });
});

describe('a constraint in which a model is trapped', () => {
  const spaces = `{"tool": "search",${' '.repeat(300)}`;
  test.each([
    // vllm-project/vllm#38696, jundot/omlx#2990, cuga-project/cuga-agent#88
    ['white space up to the limit', spaces, 'length', 160],
    ['nothing', '', 'stop', 2],
    ['nothing up to the limit', '\n\n\n', 'length', 160],
  ])('is left out for one more request: %s', async (_title, content, finish_reason, completion_tokens) => {
    const held = choice({ message: { content }, finish_reason }, { usage: { prompt_tokens: 9, completion_tokens } });
    const choose = (body: object) => ('structured_outputs' in body ? held : answer('[search] Find it.'));
    const seen = await seeBy(choose, ACTION, {}, { server: 'vllm' });
    expect(seen).toMatchObject({ text: '[search] Find it.', usage: { calls: 2 } });
  });

  test('and an answer that was merely cut keeps it', async () => {
    const cut = answer('[search] Find the area', { finishReason: 'length' });
    const seen = await seeBy(() => cut, ACTION, {}, { server: 'vllm' });
    expect(seen).toMatchObject({ text: '[search] Find the area', usage: { calls: 1 } });
  });
});

describe('a filter of the server', () => {
  test.each<[number, object]>([
    // 666ghj/BettaFish#108, deepseek-ai/DeepSeek-V2#30
    [400, said('Content Exists Risk', { code: 'invalid_request_error' })],
    [400, { detail: 'Content Exists Risk' }],
    [400, said('Output blocked by content filtering policy')],
    [403, { code: 'no permission', error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO.' }],
    [
      400,
      said(
        'Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt',
        {
          code: 'invalid_prompt',
        },
      ),
    ],
    [403, said('x requires moderation on OpenAI. Your input was flagged for "harassment".', { code: 403 })],
    [400, said('litellm.ContentPolicyViolationError: AzureException - The response was filtered')],
    [400, said('The request was rejected because it was considered high risk', { type: 'content_filter' })],
    [400, said('The request failed.', { code: 'InputTextSensitiveContentDetected' })],
    [400, { code: 'DataInspectionFailed', message: 'Input data may contain inappropriate content.' }],
    [400, said('系统检测到输入或生成内容可能包含不安全或敏感内容', { code: '1301' })],
    [400, said('Guardrail was enabled and the input was blocked: Violated guardrail policy')],
    [200, { choices: null, base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } }],
  ])('ends an answer, not the solution: %i %j', async (code, body) => {
    const server: Behaviour = code === 200 ? raw(JSON.stringify(body)) : status(code, { body });
    const seen = await see(server);
    expect(seen).toMatchObject({ text: '', finishReason: 'content-filter', requests: 1 });
    expect(seen.problem).toMatch(/^A content filter of the server refused the prompt: ./);
  });

  test.each([said('Your account was flagged for abuse.'), said('You do not have permission to use this policy.')])(
    'is not every refusal: %j',
    async (body) => {
      expect(await see(status(403, { body }))).toMatchObject({ type: 'ModelAuthentication' });
    },
  );
});

describe('a gateway that has one status for all', () => {
  const boto = (name: string) => `An error occurred (${name}) when calling the Converse operation: `;
  test.each([
    // aws-samples/sample-kolya-br-proxy#27, aws-samples/bedrock-access-gateway#76 and #91, BerriAI/litellm#38318
    [
      boto('AccessDeniedException') + "You don't have access to the model with the specified model ID.",
      'ModelAuthentication',
    ],
    [
      boto('UnrecognizedClientException') + 'The security token included in the request is invalid.',
      'ModelAuthentication',
    ],
    [boto('ResourceNotFoundException') + 'The provided model is gone.', 'ModelNotFound'],
    [boto('ValidationException') + 'The provided model identifier is invalid.', 'ModelRequestRejected'],
    [boto('ThrottlingException') + 'Too many tokens, please wait before trying again.', 'ModelOverloaded'],
    [boto('ServiceUnavailableException') + 'Bedrock is unable to process your request.', 'ModelOverloaded'],
    [`MinimaxException - {"type":"error","error":{"message":"login fail","http_code":"401"}}`, 'ModelAuthentication'],
    [`Error code: 400 - {'error': {'message': 'Unknown field'}}`, 'ModelRequestRejected'],
    [`Error code: 429 - {'error': {'message': 'slow down'}}`, 'ModelOverloaded'],
    ['Error code: 400 - the context length was exceeded by 12 tokens', 'ContextLengthExceeded'],
    ['Internal error 401 in line 400', 'ModelOverloaded'],
    // llama-server: the same request fails in the same way for ever. Mangi-11/Eta#59, janhq/jan#6123
    ['Jinja Exception: System message must be at the beginning.', 'ModelRequestRejected'],
    ['Value is not callable: null at row 49, column 79:\n {%- set content', 'ModelRequestRejected'],
    ['context shift is disabled', 'ContextLengthExceeded'],
  ])('is read by what stood behind it: %s', async (detail, type) => {
    expect(await see(status(500, { body: { detail } }))).toMatchObject({ type });
  });

  test.each([
    [400, 'BedrockException - {"message":"Input is too long for requested model."}', 'ContextLengthExceeded'],
    [400, 'Budget has been exceeded! Current cost: 1.2, Max budget: 1.0', 'ModelAuthentication'],
    [429, 'you (bob) have reached your weekly usage limit, upgrade for higher limits', 'ModelAuthentication'],
  ])('%i: %s', async (code, message, type) => {
    expect(await see(status(code, { body: said(message) }))).toMatchObject({ type, nonRetryable: true });
  });

  test('an address without its path is told as one that is not there (cline/cline#224)', async () => {
    const body = { error: 'Unexpected endpoint or method. (POST /chat/completions). Returning 200 anyway' };
    expect(await see(raw(JSON.stringify(body)))).toMatchObject({
      type: 'ModelNotFound',
      message: expect.stringMatching(/check model and baseUrl/),
    });
  });

  test('a prompt that is too long is told so by fastllm 1.9.0, too', async () => {
    const message = '上下文长度不足（prompt too long）：对话内容超过当前模型或 KV 缓存允许的长度。';
    const body = { object: 'error', type: 'BadRequestError', message, code: 400 };
    expect(await see(status(400, { body }))).toMatchObject({ type: 'ContextLengthExceeded' });
  });

  test('400 of a gateway that got no answer passes (cloudflare/ai#436)', async () => {
    const body = { success: false, error: [{ code: 2005, message: 'Failed to get response from provider' }] };
    expect(await see(status(400, { body }))).toMatchObject({ type: 'ModelOverloaded', nonRetryable: false });
  });

  test.each([
    'could not load model: rpc error: code = Unavailable desc = error reading from server: EOF',
    'could not load model - all backends returned error: [llama-cpp]: rpc error',
  ])('a model that cannot be loaded is not waited for (mudler/LocalAI#2692): %s', async (message) => {
    expect(await see(status(500, { body: said(message, { code: 500 }) }))).toMatchObject({
      type: 'ModelNotLoadable',
      nonRetryable: true,
    });
  });
});
