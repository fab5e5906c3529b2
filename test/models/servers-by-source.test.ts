/** What servers answer by their source. The repository and the commit stand beside each case; SGLang is 0.5.23 as PyPI has it. */
import { createOpenAIModel } from '../../src/models';
import { raw, startMisbehavingServer, status, type Behaviour } from './misbehaving-server';
import { ACTION, choice, REQUEST, see, seeBy } from './seen-answer';

const error = (message: string, code: number, type = 'BadRequestError') => ({
  object: 'error',
  message,
  type,
  param: null,
  code,
});

test.each([
  // sglang srt/managers/scheduler.py
  [400, error('Request prompt exceeds the KV memory budget: input_len=5000.', 400)],
  // sglang srt/managers/tokenizer_manager.py
  [400, error("The input (5000 tokens) is longer than the model's context length (4096 tokens).", 400, 'BadRequest')],
  // EricLBuehler/mistral.rs 9e92262, mistralrs-core/src/engine/add_request.rs and src/paged_attention/scheduler.rs
  [422, { message: 'Prompt sequence length is greater than 4096, perhaps consider using `truncate_sequence`?' }],
  [422, { message: 'Sequence 12 with 9000 tokens exceeds the total KV cache capacity of 8192 tokens.' }],
  // NVIDIA/TensorRT-LLM 0005772, tensorrt_llm/executor
  [400, error('The sum of prompt length (72417.0), query length (0) should not exceed max_num_tokens (69632)', 400)],
  // mudler/LocalAI 82c191a, core/http/app.go: the words of its backend, with 500
  [
    500,
    {
      error: {
        code: 500,
        message:
          'rpc error: code = Internal desc = request (5000 tokens) exceeds the available context size (4096 tokens), try increasing it',
        type: '',
      },
    },
  ],
])('too long, %i: %j', async (code, body) => {
  expect(await see(status(code, { body }))).toMatchObject({ type: 'ContextLengthExceeded', nonRetryable: true });
});

test.each([
  // Mozilla-Ocho/llamafile cfa861a, llamafile/server/v1_chat_completions.cpp and client.cpp: the reason alone, as text
  [400, 'out_of_context_due_to_long_message\r\n', 'ContextLengthExceeded'],
  [500, 'out_of_context\r\n', 'ContextLengthExceeded'],
  [400, 'response_format.type unsupported\r\n', 'ModelRequestRejected'],
])('llamafile answers %i with the reason as text: %j', async (code, text, type) => {
  expect(await see(raw(text, 'text/plain', code))).toMatchObject({ type });
});

test.each([
  // mistral.rs 9e92262, mistralrs-server-core/src/util.rs: an error in reading the request, which is answered with 500
  [
    500,
    {
      message:
        "Requested model 'tiny' is not available. Available models: Qwen/Qwen3-4B. Use 'default' to use the default model.",
    },
    'ModelNotFound',
  ],
  [500, { message: 'No models are currently loaded.' }, 'ModelUnavailable'],
  [500, { message: 'model `tiny` is being reloaded' }, 'ModelUnavailable'],
  // LocalAI 82c191a, core/http/middleware/request.go
  [
    403,
    {
      error: {
        code: 403,
        message: 'model "tiny" is disabled and cannot be loaded. Enable it via the System page or API to use it.',
        type: 'model_disabled',
      },
    },
    'ModelNotFound',
  ],
  [
    404,
    {
      error: {
        code: 404,
        message: 'model "tiny" not found. To see available models, call GET /v1/models',
        type: 'invalid_request_error',
      },
    },
    'ModelNotFound',
  ],
  // xorbitsai/inference 7ecec16, xinference/api/utils.py
  [404, { detail: 'Model not found in the model list, uid: tiny (cached, retry after 10.0s)' }, 'ModelNotFound'],
  [503, { detail: 'Model is loading, please retry later: tiny' }, 'ModelUnavailable'],
  // A temporary lack is none of the name's.
  [500, { error: { message: 'The model is not available right now.' } }, 'ModelOverloaded'],
])('a model that is not served, %i: %j', async (code, body, type) => {
  expect(await see(status(code, { body }))).toMatchObject({ type });
});

test.each([
  // LiteLLM's proxy 1.108.7 before a server that was stopped
  {
    error: {
      message:
        "litellm.InternalServerError: InternalServerError: OpenAIException - Connection error. LiteLLM: model group 'qwen' failed with the error above. No fallback was attempted.",
      type: null,
      param: null,
      code: '500',
    },
  },
  // Xinference 7ecec16: the words of its worker
  { detail: '[address=127.0.0.1:40003, pid=0] [Errno 111] Connection refused' },
])('a gateway that does not reach its server is not overloaded: %j', async (body) => {
  expect(await see(status(500, { body }))).toMatchObject({
    type: 'ModelUnavailable',
    nonRetryable: false,
    message: expect.stringContaining('check that it runs') as string,
  });
});

const REGEX = ' ?\\[(search|code|math|commonsense|finish)\\] [^ \\n\\r][^\\n\\r]*';
const SCHEMA = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] };
const JSON_FORM = { ...REQUEST, form: { kind: 'json' as const, schema: SCHEMA } };
const KINDS: readonly { who: string; own?: object; ofChoice?: object; regex: object; json: object }[] = [
  {
    // NVIDIA/TensorRT-LLM 0076e93, tensorrt_llm/serve/openai_protocol.py. It refuses unknown fields, so vLLM's would be lost
    who: 'TensorRT-LLM',
    ofChoice: { stop_reason: null, mm_embedding_handle: null, disaggregated_params: null },
    regex: { response_format: { type: 'regex', regex: REGEX } },
    json: { response_format: { type: 'json', schema: SCHEMA } },
  },
  {
    // huggingface/text-generation-inference db931fc, router/src/lib.rs and server.rs
    who: 'TGI',
    own: { id: '', object: 'chat.completion', system_fingerprint: '3.3.7-dev0-sha-db931fc' },
    regex: { response_format: { type: 'regex', value: REGEX } },
    json: { response_format: { type: 'json', value: SCHEMA } },
  },
  {
    // mistral.rs 9e92262, mistralrs-server-core/src/openai.rs and mistralrs-core/src/response.rs
    who: 'mistral.rs',
    own: {
      system_fingerprint: 'local',
      usage: {
        completion_tokens: 4,
        prompt_tokens: 9,
        total_tokens: 13,
        avg_tok_per_sec: 81.2,
        avg_prompt_tok_per_sec: 300.5,
        avg_compl_tok_per_sec: 40.1,
        total_time_sec: 0.16,
        total_prompt_time_sec: 0.03,
        total_completion_time_sec: 0.1,
      },
    },
    regex: { grammar: { type: 'regex', value: REGEX } },
    json: { grammar: { type: 'json_schema', value: SCHEMA } },
  },
];

describe.each(KINDS)('$who', ({ own, ofChoice, regex, json }) => {
  const by = (sent: Record<string, unknown>): Behaviour => {
    const isHeld = 'response_format' in sent || 'grammar' in sent;
    const content = isHeld ? '[search] Find it.' : 'I would look it up.';
    return choice({ message: { role: 'assistant', content }, finish_reason: 'stop', ...ofChoice }, own);
  };

  test('is known by its answer, and held to an action by its own field, with the stop strings beside it', async () => {
    expect(await seeBy(by, ACTION)).toMatchObject({
      text: '[search] Find it.',
      requests: 2,
      last: { ...regex, stop: ACTION.stop },
    });
  });

  test('is held to JSON by its own field', async () => {
    const { last } = await seeBy(by, JSON_FORM);
    expect(last).toMatchObject(json);
    expect('stop' in last).toBe(!('response_format' in last));
  });
});

describe('a gateway that shows what serves and drops its field', () => {
  const SPOKEN = 'I would look it up.';
  const asked = async (by: (sent: Record<string, unknown>) => string) => {
    const bodies: Record<string, unknown>[] = [];
    const server = await startMisbehavingServer(({ body }) => {
      bodies.push(body);
      return choice({ message: { content: by(body) }, finish_reason: 'stop' }, { timings: {} });
    });
    const model = createOpenAIModel({ baseUrl: server.url, model: 'tiny', api: 'chat' });
    const texts = [];
    for (let at = 0; at < 4; at += 1) texts.push((await model.generate(ACTION)).text);
    await Promise.all([model.close?.(), server.close()]);
    return {
      texts,
      fields: bodies.map((body) => ['grammar', 'response_format', 'stop'].filter((name) => name in body).join()),
    };
  };

  // Xinference 4.1.0, run before its llama.cpp
  test('is held by a JSON schema', async () => {
    const by = (sent: object) => ('response_format' in sent ? '{"tool":"search","step":"Find it."}' : SPOKEN);
    const { texts, fields } = await asked(by);
    expect(texts.slice(1)).toEqual(Array(3).fill('[search] Find it.'));
    expect(fields).toEqual(['stop', 'grammar,stop', 'grammar,stop', ...Array<string>(3).fill('response_format')]);
  });

  test('and drops that, too, is asked freely in the end', async () => {
    const { texts, fields } = await asked(() => SPOKEN);
    expect(texts).toEqual(Array(4).fill(SPOKEN));
    expect(fields).toEqual(['stop', 'grammar,stop', 'grammar,stop', 'response_format', 'response_format', 'stop']);
  });
});

// Seen with TensorRT-LLM's older engine (NVIDIA/TensorRT-LLM#2624)
test('a server whose constraints are not set up is asked without', async () => {
  const message =
    'Encountered an error when fetching new request: [TensorRT-LLM][ERROR] Assertion failed: Request is specified with GuidedDecodingParams, but GuidedDecoder is not setup.';
  const by = (sent: Record<string, unknown>) =>
    'response_format' in sent
      ? status(400, { body: error(message, 400) })
      : choice({ message: { content: '[code] Add.' }, finish_reason: 'stop' });
  expect(await seeBy(by, ACTION, {}, { server: 'tensorrt-llm' })).toMatchObject({ text: '[code] Add.', requests: 2 });
});

describe('of a stream', () => {
  const event = (data: object | string) => `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
  const stream = (content: string, ofChoice: object) =>
    raw(
      event({ id: 'x', choices: [{ index: 0, delta: { content }, finish_reason: null }] }) +
        event({ id: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'stop', ...ofChoice }] }) +
        event('[DONE]'),
      'text/event-stream',
    );
  const watched = { onText: () => undefined };

  test('the fields of a choice tell what serves (vLLM, SGLang)', async () => {
    const by = (sent: Record<string, unknown>) =>
      'regex' in sent ? stream('[math] Add.', { matched_stop: 7 }) : stream('I would add.', { matched_stop: 7 });
    expect(await seeBy(by, ACTION, watched)).toMatchObject({ text: '[math] Add.', requests: 2 });
  });

  test('that tells nothing, nothing is learnt: LiteLLM leaves out what llama.cpp has beside its answers', async () => {
    const by = (sent: Record<string, unknown>) => {
      const content = 'grammar' in sent ? '[math] Add.' : 'I would add.';
      return sent.stream
        ? stream(content, {})
        : choice({ message: { content }, finish_reason: 'stop' }, { timings: {} });
    };
    expect(await seeBy(by, ACTION, watched)).toMatchObject({
      text: '[math] Add.',
      requests: 2,
      last: { stream: true, grammar: expect.any(String) as string },
    });
  });
});

// sglang srt/entrypoints/openai/usage_processor.py
test('thinking that SGLang counts beside the tokens is thinking', async () => {
  const usage = { prompt_tokens: 9, total_tokens: 29, completion_tokens: 20, reasoning_tokens: 20 };
  const seen = await see(choice({ message: { content: '' }, finish_reason: 'length', matched_stop: null }, { usage }));
  expect(seen).toMatchObject({ problem: expect.stringContaining('while the model was still thinking') as string });
});
