/** What further servers say in the place of an answer, each case beside others of its kind. */
import { answer, raw, status } from './misbehaving-server';
import { ACTION, choice, REQUEST, said, see, seeBy } from './seen-answer';

const NOTHING_LOADED = "No models loaded. Please load a model in the developer page or use the 'lms load' command.";

test.each([
  [
    { choices: null, base_resp: { status_code: 1004, status_msg: 'login fail: Please carry the API secret key' } },
    'ModelAuthentication',
  ],
  [{ choices: null, base_resp: { status_code: 1002, status_msg: 'rate limit exceeded' } }, 'ModelOverloaded'],
  [{ choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'ModelAuthentication'],
  [
    { choices: null, base_resp: { status_code: 2013, status_msg: 'context window exceeds limit' } },
    'ContextLengthExceeded',
  ],
  [{ error_code: 110, error_msg: 'Access token invalid or no longer valid' }, 'ModelAuthentication'],
  [{ error_code: 18, error_msg: 'Open api qps request limit reached' }, 'ModelOverloaded'],
  [{ success: false, errors: [{ code: 5007, message: 'No such model @cf/x or task' }] }, 'ModelNotFound'],
  [said('The model `x` does not exist.', { code: 'model_not_found' }), 'ModelNotFound'],
  [
    said('Incorrect API key provided', { type: 'invalid_request_error', code: 'invalid_api_key' }),
    'ModelAuthentication',
  ],
  [{ statusCode: 401, message: 'Unauthorized' }, 'ModelAuthentication'],
  [{ status: 503, error: 'Service Unavailable', path: '/v1' }, 'ModelOverloaded'],
  [{ errorCode: 'QUOTA', errorMessage: 'insufficient quota' }, 'ModelAuthentication'],
  [{ header: { code: 11200, message: 'licc failed: no balance' } }, 'ModelAuthentication'],
  [
    { Response: { Error: { Code: 'AuthFailure', Message: 'The provided credentials could not be validated.' } } },
    'ModelAuthentication',
  ],
  [{ detail: 'Not authenticated' }, 'ModelAuthentication'],
  [{ errcode: 1, errmsg: 'Service busy' }, 'ModelOverloaded'],
  [{ choices: [{ message: { content: null, error: { message: 'provider down' } } }] }, 'ModelOverloaded'],
  [{ code: 500, msg: 'upstream gone', success: false }, 'ModelOverloaded'],
  [
    {
      ...said('upstream 502', { code: 502 }),
      choices: [{ message: { role: 'assistant', content: '' }, finish_reason: null }],
    },
    'ModelOverloaded',
  ],
])('an error with status 200 is what its words say (M07): %j', async (body, type) => {
  expect(await see(raw(JSON.stringify(body)))).toMatchObject({ type });
});

test.each([
  [[{ type: 'message', content: [{ type: 'output_text', text: '24' }] }], '24'],
  [[{ type: 'text', content: '24' }], '24'],
  [{ answer: 24 }, '{"answer":24}'],
  [true, 'true'],
])('content is read in what form it comes: %j', async (content, text) => {
  expect(await see(choice({ message: { content }, finish_reason: 'stop' }))).toMatchObject({ text });
});

test('a whole answer in the form of a stream is read', async () => {
  expect(await see(choice({ delta: { content: '24' }, finish_reason: 'stop' }))).toMatchObject({ text: '24' });
});

test('a warning beside an answer is none', async () => {
  const body = { ...said('deprecated model'), choices: [{ message: { content: '24' }, finish_reason: 'stop' }] };
  expect(await see(raw(JSON.stringify(body)))).toMatchObject({ text: '24' });
});

test.each([
  ['MAX_TOKENS', { finishReason: 'length' }],
  ['max_tokens_reached', { finishReason: 'length' }],
  ['ERROR_TOXIC', { finishReason: 'content-filter' }],
  ['guardrail_intervened', { finishReason: 'content-filter' }],
  ['content_filtered', { finishReason: 'content-filter' }],
  ['stopSequence', { finishReason: 'stop' }],
  ['function_call_filter: MALFORMED_FUNCTION_CALL', { problem: expect.stringContaining('MALFORMED_FUNCTION_CALL') }],
  // earendil-works/pi#2116, genkit-ai/genkit#6259
  ['end', { finishReason: 'stop' }],
  ['model_context_window_exceeded', { finishReason: 'length', problem: expect.stringContaining('contextTokens') }],
  ['provider_error', { type: 'ModelOverloaded' }],
  ['deadline_exceeded', { type: 'ModelOverloaded' }],
  ['ERROR', { type: 'ModelOverloaded' }],
  ['timeout', { type: 'ModelOverloaded' }],
  ['cancelled', { type: 'ModelOverloaded' }],
  ['server_error', { type: 'ModelOverloaded' }],
])('finish reason %s', async (reason, expected) => {
  expect(await see(choice({ message: { content: '' }, finish_reason: reason }))).toMatchObject(expected);
});

test.each([
  'too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5001. Try a shorter prompt',
  'Reached context length of 4096 tokens with model (arch: qwen2) which does not support mid-generation context overflow.',
  'Prompt length 5000 is greater than max_seq_len 4096',
  'Prompt exceeds max length',
  'Prompt 超长',
  'Total tokens of image and text exceed max message tokens',
  'length of prompt_tokens (40000) must be less than max_seq_len (32768).',
  'Request payload size exceeds the limit: 20971520 bytes.',
  'the max input characters is 20000',
  'Prompt has 5000 tokens, but the model only supports 4096',
  'The requested number of tokens (prompt plus maxTokens) exceeds the limit of 8192',
  'Request body too large for gpt-4o model. Max size: 8000 tokens.',
  'Cannot truncate prompt with n_keep (5000) >= n_ctx (4096)',
])('too long (M09): %s', async (message) => {
  expect(await see(status(400, { body: said(message) }))).toMatchObject({ type: 'ContextLengthExceeded' });
});

test.each([
  [400, "Invalid value for 'messages': too many messages", 'ModelRequestRejected'],
  [400, 'model_name: array too long. Expected an array with maximum length 4', 'ModelRequestRejected'],
  [400, 'Password length exceeds maximum length', 'ModelRequestRejected'],
  [422, 'n: Input should be less than or equal to 128', 'ModelRequestRejected'],
  [
    429,
    'Rate limit reached on tokens per min (TPM): Limit 30000, Used 29000, Requested 5000. Please try again in 8s.',
    'ModelOverloaded',
  ],
])('not too long (M09): %i %s', async (code, message, type) => {
  expect(await see(status(code, { body: said(message) }))).toMatchObject({ type });
});

test('a request above the rate limit by itself never fits', async () => {
  const message = 'Request too large on tokens per min (TPM): Limit 30,000, Requested 35,000. Tokens must be reduced.';
  expect(await see(status(429, { body: said(message) }))).toMatchObject({
    type: 'ContextLengthExceeded',
    nonRetryable: true,
  });
});

test.each([
  [
    400,
    said('Access denied, please make sure your account is in good standing.', { code: 'Arrearage' }),
    'ModelAuthentication',
  ],
  [429, said('余额不足或无可用资源包,请充值。', { code: '1113' }), 'ModelAuthentication'],
  [429, { message: 'You are using a Trial key, which is limited to 1000 API calls / month.' }, 'ModelAuthentication'],
  [
    429,
    said(
      'You exceeded your current quota. Quota exceeded for metric: free_tier_requests, limit: 0\nPlease retry in 34.07s.',
    ),
    'ModelAuthentication',
  ],
  [424, { error: 'Request failed during generation: CUDA out of memory', error_type: 'generation' }, 'ModelOverloaded'],
  [424, said('Model is not ready for inference. Wait and try your request again'), 'ModelUnavailable'],
  [498, said('Flex tier capacity exceeded'), 'ModelOverloaded'],
  [400, { error: 'The model has crashed without additional information. (Exit code: 1844)' }, 'ModelOverloaded'],
  [400, { error: 'Model unloaded.' }, 'ModelUnavailable'],
  // LM Studio: lmstudio-bug-tracker#1492, #1347
  [400, { error: 'Model is unloaded.' }, 'ModelUnavailable'],
  [400, { error: 'Channel Error' }, 'ModelUnavailable'],
  [404, said(NOTHING_LOADED), 'ModelUnavailable'],
  [400, said(NOTHING_LOADED, { type: 'invalid_request_error', code: 'model_not_found' }), 'ModelUnavailable'],
  [
    400,
    said('An error occurred (ThrottlingException): Too many requests, please wait before trying again.'),
    'ModelOverloaded',
  ],
  [400, said('The endpoint is scaling up. Please retry'), 'ModelUnavailable'],
  [400, said('The model is still being downloaded'), 'ModelUnavailable'],
  [400, said('Deployment is scaled to zero, waking up'), 'ModelUnavailable'],
  [400, said('queue is full'), 'ModelOverloaded'],
  // LiteLLM 1.108 without a database, for any key but its own.
  [400, said('No connected db.', { type: 'no_db_connection', param: null, code: '400' }), 'ModelAuthentication'],
  // LiteLLM 1.108, recorded.
  [
    400,
    said('/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models.'),
    'ModelNotFound',
  ],
  [400, said('Model Not Exist'), 'ModelNotFound'],
  // transformers serve 5.23 with a model's name in its command.
  [400, { detail: "Server is pinned to 'smollm2-135m'; requested 'smol'." }, 'ModelNotFound'],
  [400, { object: 'error', message: 'Invalid model: mistral-x', type: 'invalid_model' }, 'ModelNotFound'],
  [
    503,
    said('当前分组 default 下对于模型 nope 无可用渠道 (request id: 1)', { type: 'one_api_error' }),
    'ModelNotFound',
  ],
  [503, said('No available channel for model x under group default', { code: 'model_not_found' }), 'ModelNotFound'],
  [400, said('The requested model is not supported.', { code: 'model_not_supported' }), 'ModelNotFound'],
  [400, said('foo/bar is not a valid model ID'), 'ModelNotFound'],
  [400, said('The supported API model names are a or b, but you passed x.'), 'ModelNotFound'],
  [400, said('Unable to access model x. See the list of supported models'), 'ModelNotFound'],
  [400, said('could not find real modelID for x'), 'ModelNotFound'],
  [404, { detail: 'The endpoint x.ngrok-free.app is offline. ERR_NGROK_3200' }, 'ModelUnavailable'],
  [400, { detail: "Function id 'a-b': DEGRADED function cannot be invoked" }, 'ModelOverloaded'],
  [429, said('Resource has been exhausted. reason: INSUFFICIENT_G1_CREDITS_BALANCE'), 'ModelAuthentication'],
  [429, said('Request refused.', { code: 'credit_balance_exhausted' }), 'ModelAuthentication'],
  [429, said('用户额度不足', { type: 'one_api_error' }), 'ModelAuthentication'],
  [429, said('Monthly usage limit reached. Resets in 16 days.'), 'ModelAuthentication'],
  [412, said('Account x is suspended, possibly due to the monthly spending limit.'), 'ModelAuthentication'],
  [400, said('The model `x` has been decommissioned and is no longer supported.'), 'ModelNotFound'],
])('a refusal is what its words say, whatever its status: %i %j', async (code, body, type) => {
  expect(await see(status(code, { body }))).toMatchObject({ type });
});

test('a wait in the words of a rejection is kept', async () => {
  const body = said('No deployments available for selected model, Try again in 60 seconds. Passed model=x');
  expect(await see(status(400, { body }))).toMatchObject({ type: 'ModelOverloaded', wait: 60_000 });
});

test.each([
  ['stop', 'stop_sequences: each stop sequence must contain non-whitespace'],
  ['stop', 'The model does not support stopSequences'],
  [
    'stop',
    "Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length 5 instead.",
  ],
  ['temperature', '`temperature` (=0.0) has to be a strictly positive float'],
  ['temperature', 'temperature range is (0, 1.0]'],
  ['temperature', '`temperature` may only be set to 1 when thinking is enabled.'],
  ['stop', 'stop 参数非法。请检查文档。'],
  ['stop', '不支持的参数: stop'],
  ['top_p', 'Unable to submit request because topP must be 1 when temperature is 0.'],
])('%s is left out, by whatever name it is refused (M11): %s', async (name, message) => {
  const choose = (body: Record<string, unknown>) => (name in body ? status(400, { body: said(message) }) : answer('4'));
  expect(await seeBy(choose, { ...REQUEST, topP: 0.9 })).toMatchObject({ text: '4' });
});

test('mlx_lm.server loses stop strings, so they are looked for here', async () => {
  const fingerprint = { system_fingerprint: '0.32.2-0.32.4-macOS-26.5-arm64-arm-64bit-applegpu_g15s' };
  const behaviour = (sent: Record<string, unknown>) =>
    choice(
      {
        message: { content: 'stop' in sent ? '24.\nQuestion: next' : '24.\n---\nQuestion: next' },
        finish_reason: 'length',
      },
      fingerprint,
    );
  expect(await seeBy(behaviour)).toMatchObject({ text: '24.', finishReason: 'stop', requests: 2 });
});

test('a model that the router of llama-server could not load is not waited for', async () => {
  const body = { error: { code: 500, message: 'model name=Qwen2.5-0.5B failed to load', type: 'server_error' } };
  expect(await see(status(500, { body }))).toMatchObject({ type: 'ModelNotLoadable', nonRetryable: true });
});

test('a server that names a time to ask again after a failed load is asked again then (LocalAI)', async () => {
  const failed = {
    error: {
      code: 500,
      message: 'failed to load model with internal loader: could not load model: rpc error',
      type: '',
    },
  };
  expect(await see(status(500, { body: failed }))).toMatchObject({ type: 'ModelNotLoadable', nonRetryable: true });
  expect(await see(status(503, { body: failed, headers: { 'retry-after': '10' } }))).toMatchObject({
    type: 'ModelOverloaded',
    wait: 10_000,
  });
});

test.each([
  [422, { message: 'model `qwen2.5-7b` was not found' }],
  [400, { error: { code: 400, message: "model 'Qwen2.5-0.5B' not found", type: 'invalid_request_error' } }],
])(
  'a model that a server does not have is told with %i, also if its name has a dot (mistral.rs, llama-server)',
  async (code, body) => {
    expect(await see(status(code, { body }))).toMatchObject({ type: 'ModelNotFound', nonRetryable: true });
  },
);

test('a model whose name has a dot is loading (Hugging Face)', async () => {
  const error = 'Model Qwen/Qwen2.5-7B-Instruct is currently loading';
  expect(await see(status(503, { body: { error, estimated_time: 20 } }))).toMatchObject({ type: 'ModelUnavailable' });
});

test('a program that llama-swap could not start is asked for again: memory of the one before may come back', async () => {
  const error = {
    message: 'unspecific error: upstream command exited prematurely',
    type: 'server_error',
    code: 'internal_error',
  };
  const body = { src: 'llama-swap', error };
  expect(await see(status(500, { body }))).toMatchObject({ type: 'ModelOverloaded', nonRetryable: false });
});

test.each([
  'Unable to generate parser for this template. Automatic parser generation failed: JSON schema error at #/properties/a: cannot resolve $ref #/$defs/x, $defs not found',
  'Unable to generate parser for this template. Automatic parser generation failed: JSON schema conversion failed:\nInvalid pattern ^*a$: nothing to repeat',
])('a schema that llama-server cannot take is left out: %s', async (message) => {
  const schema = { type: 'object', properties: { a: { $ref: '#/$defs/x' } } };
  const free = raw(
    JSON.stringify({ timings: {}, choices: [{ message: { content: 'Four.' }, finish_reason: 'stop' }] }),
  );
  const choose = (body: Record<string, unknown>) =>
    'json_schema' in body ? status(400, { body: said(message) }) : free;
  expect(await seeBy(choose, { ...REQUEST, form: { kind: 'json', schema } })).toMatchObject({
    text: 'Four.',
    requests: 3,
  });
});

test.each([
  [
    'max_tokens: 10000 > 8192, which is the maximum allowed number of output tokens for claude-3-5-sonnet-20241022',
    8192,
  ],
  [
    'The maximum tokens you requested exceeds the model limit of 4096. Try again with a value that is lower than 4096.',
    4096,
  ],
  ['it has a maxOutputTokens value of 10000 but the supported range is from 1 (inclusive) to 8193 (exclusive).', 8192],
  ['Range of max_tokens should be [1, 8192]', 8192],
  ['The model only supports up to 4,096 output tokens, max_tokens was 10000', 4096],
])('the bound of tokens is the one that the server names: %s', async (message, most) => {
  const choose = (body: Record<string, unknown>) =>
    Number(body.max_tokens) > most ? status(400, { body: said(message) }) : answer('4');
  expect(await seeBy(choose, { ...REQUEST, maxTokens: 10_000 })).toMatchObject({
    text: '4',
    last: { max_tokens: most },
  });
});

test.each([
  (asked: number) =>
    `'max_tokens' is too large: ${asked}. This model's maximum context length is 4096 tokens and your request has 500 input tokens (${asked} > 4096 - 500).`,
  (asked: number) =>
    `Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of ${500 + asked} tokens.`,
])('room for thinking that the context does not have is halved until it fits', async (words) => {
  const thinking = choice({ message: { content: null, reasoning_content: 'Hm' }, finish_reason: 'length' });
  const choose = ({ max_tokens: most }: Record<string, unknown>) =>
    Number(most) > 3596
      ? status(400, { body: said(words(Number(most))) })
      : Number(most) > 1000
        ? answer('42')
        : thinking;
  expect(await seeBy(choose)).toMatchObject({ text: '42', last: { max_tokens: 160 + 2048 } });
});

test.each([
  [
    { input_tokens: 5, output_tokens: 7 },
    { inputTokens: 5, outputTokens: 7 },
  ],
  // xAI, Google: thinking is in the total alone, and in the bill.
  [
    { prompt_tokens: 10, completion_tokens: 5, total_tokens: 115 },
    { inputTokens: 10, outputTokens: 105 },
  ],
  [
    { prompt_tokens: '10', completion_tokens: '5' },
    { inputTokens: 10, outputTokens: 5 },
  ],
  [{ total_tokens: 15 }, { inputTokens: 15, outputTokens: 0 }],
  [{ input_tokens: 10, output_tokens: 5, input_tokens_details: { cached_tokens: 4 } }, { cachedTokens: 4 }],
  [
    { prompt_tokens: 10, completion_tokens: -1 },
    { inputTokens: 10, outputTokens: 0 },
  ],
  [
    { prompt_tokens: null, completion_tokens: null },
    { inputTokens: 0, outputTokens: 0 },
  ],
])('tokens are counted by whatever name: %j', async (usage, expected) => {
  const seen = await see(choice({ message: { content: '4' }, finish_reason: 'stop' }, { usage }));
  expect(seen.usage).toMatchObject(expected);
});

const CALL = { type: 'function', function: { name: 'search', arguments: '{"query":"area of Texas"}' } };
test.each([
  [{ content: 'I will look that up.', tool_calls: [CALL] }, '[search] area of Texas'],
  [
    {
      content: [
        { type: 'text', text: 'I look.' },
        { type: 'tool_use', name: 'search', input: { query: 'area of Texas' } },
      ],
    },
    '[search] area of Texas',
  ],
  [{ content: '[code] Add the areas.', tool_calls: [CALL] }, '[code] Add the areas.'],
  [{ content: { type: 'text', text: '[search] area of Texas' } }, '[search] area of Texas'],
])('a call counts before the words that announce it (M16): %j', async (message, text) => {
  expect(await see(choice({ message, finish_reason: 'tool_calls' }), ACTION)).toMatchObject({ text });
});

describe('a stream', () => {
  const data = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
  const delta = (content: unknown, more: object = {}) => data({ choices: [{ index: 0, delta: { content }, ...more }] });
  const END = 'data: [DONE]\n\n';
  const stream = (text: string, type = 'text/event-stream') => see(raw(text, type));

  test.each([
    ['without an end', delta('2')],
    ['without an end, with empty finish reasons', delta('2', { finish_reason: '' })],
    ['with a flat error', delta('2') + data({ object: 'error', message: 'CUDA error', code: 500 }) + END, 'CUDA error'],
    ['with an error in a field of its own', `${delta('2')}error: {"code":500,"message":"slot gone"}\n\n`, 'slot gone'],
    [
      'with words for an error',
      `${delta('2')}event: error\n${data({ message: 'upstream died' })}${END}`,
      'upstream died',
    ],
    ['with a detail', delta('2') + data({ detail: 'worker died' }) + END, 'worker died'],
  ])('%s is no answer, and is tried again', async (_what, text, words = 'ended before') => {
    expect(await stream(text)).toMatchObject({ nonRetryable: false, message: expect.stringContaining(words) });
  });

  test.each([
    [
      'text, then a list with a reference',
      delta('2') + delta([{ type: 'reference' }]) + delta('4', { finish_reason: 'stop' }) + END,
    ],
    [
      'the whole message behind its pieces',
      delta('2') + delta('4') + data({ choices: [{ message: { content: '24' }, finish_reason: 'stop' }] }),
    ],
    ['two choices in turn', delta('2') + data({ choices: [{ index: 1, delta: { content: '9' } }] }) + delta('4') + END],
    ['empty finish reasons', delta('2', { finish_reason: '' }) + delta('4', { finish_reason: 'stop' }) + END],
    ['a first field retry', `retry: 3000\n\n${delta('24')}${END}`],
    [
      'lines of JSON',
      `{"choices":[{"delta":{"content":"2"}}]}\n{"choices":[{"delta":{"content":"4"},"finish_reason":"stop"}]}\n`,
    ],
  ])('of %s is joined', async (what, text) => {
    expect(await stream(text, what === 'a first field retry' ? 'application/json' : 'text/event-stream')).toMatchObject(
      { text: '24' },
    );
  });

  test('of the older function_call is an action; usage may be in a member of Groq', async () => {
    const piece = (function_call: object, more: object = {}) =>
      data({ choices: [{ delta: { function_call }, ...more }] });
    const text =
      piece({ name: 'search', arguments: '' }) +
      piece({ arguments: '{"query":' }) +
      piece({ arguments: '"area of Texas"}' }, { finish_reason: 'function_call' }) +
      data({ choices: [], x_groq: { usage: { prompt_tokens: 5, completion_tokens: 7 } } }) +
      END;
    expect(await see(raw(text, 'text/event-stream'), ACTION)).toMatchObject({
      text: '[search] area of Texas',
      usage: { outputTokens: 7 },
    });
  });
});

test.each([
  ['NaN', '{"choices":[{"message":{"content":"NaN is : NaN"},"score":NaN,"finish_reason":"stop"}]}', 'NaN is : NaN'],
  ['comments before it', '\n: PROCESSING\n\n{"choices":[{"message":{"content":"24"},"finish_reason":"stop"}]}', '24'],
  ['raw line ends', '{"choices":[{"message":{"content":"2\n4"},"finish_reason":"stop"}]}', '2\n4'],
  ['a number as content', '{"choices":[{"message":{"content":24},"finish_reason":"stop"}]}', '24'],
])('JSON as servers write it: %s', async (_what, body, text) => {
  expect(await see(raw(body))).toMatchObject({ text });
});

test('an answer that waits at another address is fetched there', async () => {
  const choose = (_body: Record<string, unknown>, path: string) =>
    path.endsWith('/result') ? answer('24') : status(303, { headers: { location: '/v1/chat/result' } });
  expect(await seeBy(choose)).toMatchObject({ requests: 2, last: {} });
});
