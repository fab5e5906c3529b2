/** What doctor learns from a model's server by asking it; Ollama's answers are those of its release 0.17.4. */
import { checkModels } from '../../src/cli/session/model-check';
import { probeModel } from '../../src/cli/session/model-probe';
import { modelOf, parseConfig } from '../../src/config';
import { raw, startMisbehavingServer, type Behaviour, type MisbehavingServer } from '../models/misbehaving-server';

const TEMPLATE =
  '{{- range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n';
const told = (body: object): Behaviour => raw(JSON.stringify(body));

let server: MisbehavingServer | undefined;
afterEach(() => server?.close());

/** Ollama with one model, `small:latest`, that writes an action as its release does when it is held to a schema. */
async function startOllama({
  template = TEMPLATE,
  context = 4096,
  longest = 32_768,
  owner = 'library',
  kept = true,
} = {}) {
  let isLoaded = kept;
  server = await startMisbehavingServer(({ path, body }) => {
    if (path === '/v1/models') return told({ data: [{ id: 'small:latest', object: 'model', owned_by: owner }] });
    if (path === '/api/version') return told({ version: '0.17.4' });
    if (path === '/api/generate') {
      isLoaded = true;
      return told({ model: 'small', response: '', done: true, done_reason: 'load' });
    }
    if (path === '/api/ps' && !isLoaded) return told({ models: [] });
    if (path === '/api/ps') return told({ models: [{ name: 'small:latest', size: 1, context_length: context }] });
    if (path === '/api/show') return told({ template, model_info: { 'qwen2.context_length': longest } });
    const { response_format: form, max_tokens: most } = body as { response_format?: object; max_tokens: number };
    const text = form ? '{\n  "tool"\n    : "zebra",\n  "step"\n    : "4"}' : 'Four.';
    const content = most < 20 && form ? text.slice(0, most) : text;
    const isChat = path === '/v1/chat/completions';
    const said = isChat ? { message: { role: 'assistant', content } } : { text: content };
    return told({
      model: 'small',
      system_fingerprint: 'fp_ollama',
      choices: [{ index: 0, ...said, finish_reason: 'stop' }],
    });
  });
  return parseConfig({
    models: { default: { provider: 'openai', baseUrl: server.url, model: 'small', api: 'chat', contextTokens: 4096 } },
  });
}

test('Ollama answers to a name without its tag, and holds actions to a schema', async () => {
  const config = await startOllama();
  const [finding] = await checkModels(config);
  expect(finding).toMatchObject({ model: 'small' });
  expect(finding).not.toHaveProperty('note');
  expect(await probeModel(modelOf(config, 'action'))).toEqual({
    can: ['chat', 'completions', 'constrained actions'],
    problems: [],
    notes: [],
  });
});

test('a context that Ollama keeps shorter than the configuration says is told: it cuts prompts without an error', async () => {
  const config = await startOllama({ context: 2048 });
  const { notes } = await probeModel(modelOf(config, 'action'));
  expect(notes).toEqual([
    expect.stringMatching(
      /^Ollama loaded small with a context of 2048 tokens .*contextTokens says 4096\..*OLLAMA_CONTEXT_LENGTH=4096/,
    ),
  ]);
});

test('a model that Ollama unloads at once is loaded to be asked about', async () => {
  const config = await startOllama({ context: 2048, kept: false });
  const { notes } = await probeModel(modelOf(config, 'action'));
  expect(notes).toEqual([expect.stringMatching(/^Ollama loaded small with a context of 2048/)]);
  expect(server?.requests.find(({ path }) => path === '/api/generate')?.body).toEqual({
    model: 'small',
    keep_alive: '5s',
  });
});

test('a context beyond what the model was made for is not recommended', async () => {
  const config = await startOllama({ context: 1024, longest: 2048 });
  const { notes } = await probeModel(modelOf(config, 'action'));
  expect(notes).toEqual([expect.stringMatching(/contextTokens: 2048 and OLLAMA_CONTEXT_LENGTH=2048/)]);
  await server?.close();
  const shorter = await probeModel(modelOf(await startOllama({ context: 2048, longest: 2048 }), 'action'));
  expect(shorter.notes).toEqual([expect.stringMatching(/made for no more; set contextTokens: 2048\.$/)]);
});

test('Ollama is known also by a model that is not of its library', async () => {
  const config = await startOllama({ context: 2048, owner: 'bartowski' });
  expect((await checkModels(config))[0]).not.toHaveProperty('note');
  const { notes } = await probeModel(modelOf(config, 'action'));
  expect(notes).toEqual([expect.stringMatching(/^Ollama loaded small with a context of 2048/)]);
});

test('a model that Ollama has no chat template for is told', async () => {
  const config = await startOllama({ template: '{{ .Prompt }}' });
  const { notes } = await probeModel(modelOf(config, 'action'));
  expect(notes).toEqual([expect.stringMatching(/^Ollama has no chat template for small, .*TEMPLATE/)]);
});

test('other servers are asked for nothing of Ollama', async () => {
  server = await startMisbehavingServer(({ path }) =>
    path === '/v1/models'
      ? told({ data: [{ id: 'small', owned_by: 'vllm' }] })
      : told({
          model: 'small',
          choices: [{ index: 0, message: { content: 'Four.' }, text: 'Four.', finish_reason: 'stop' }],
        }),
  );
  const config = parseConfig({
    models: { default: { provider: 'openai', baseUrl: server.url, model: 'small', api: 'chat' } },
  });
  expect((await probeModel(modelOf(config, 'action'))).notes).toEqual([]);
  expect(server.requests.map(({ path }) => path).filter((path) => path.startsWith('/api'))).toEqual([]);
});

test('an alias that llama-swap lists is a name of its model', async () => {
  const meta = { llamaswap: { aliases: ['gpt-4o-mini'], type: 'model' } };
  server = await startMisbehavingServer(() =>
    told({ data: [{ id: 'smol', object: 'model', owned_by: 'llama-swap', meta, status: { value: 'unloaded' } }] }),
  );
  const at = (model: string) => {
    const endpoint = { provider: 'openai', baseUrl: server?.url, model, api: 'chat' };
    return checkModels(parseConfig({ models: { default: endpoint } }));
  };
  expect((await at('gpt-4o-mini'))[0]).not.toHaveProperty('note');
  expect((await at('gpt-4'))[0]).toMatchObject({
    note: expect.stringMatching(/no model gpt-4 but smol, gpt-4o-mini\.$/),
  });
});

test('a server with one model, another one and with a shorter context, is told both: it may answer to any name', async () => {
  // ROCm/FastFlowLM#716, ddalcu/mlx-serve#257
  server = await startMisbehavingServer(() => told({ data: [{ id: 'small', max_model_len: 2048 }] }));
  const endpoint = { provider: 'openai', baseUrl: server.url, model: 'large', contextTokens: 4096 };
  const [finding] = await checkModels(parseConfig({ models: { default: endpoint } }));
  expect(finding?.note).toMatch(/lists no model large but small\. .* has a context of 2048 tokens for large/);
});
