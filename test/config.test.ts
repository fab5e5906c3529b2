import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundledConfig, loadConfig, modelOf, parseConfig } from '../src/config';
import { createFailure, FAILURES } from '../src/failures';
import { queueName, separateQueues } from '../src/contract/queues';
import { chairsOf, EXPERTS } from '../src/trajectory/modules';
import { temporaryFolder } from './temporary-folder';

const model = { provider: 'openai', baseUrl: 'http://localhost:8001/v1', model: 'm' } as const;
const file = (name: string, text: string) => {
  const path = join(temporaryFolder('config'), name);
  writeFileSync(path, text);
  return path;
};

test('every problem is named with its path, and what to do is said', () => {
  const wrong = { models: { action: { ...model, apiKeyEnv: 'sk-12345678' } }, limits: { maxSteps: 0 }, serch: {} };
  expect(() => parseConfig(wrong)).toThrow(/models\.action\.apiKeyEnv: the name of an environment variable/);
  expect(() => parseConfig(wrong)).toThrow(/limits\.maxSteps/);
  expect(() => parseConfig(wrong)).toThrow(/serch/);
  expect(() => parseConfig(wrong)).toThrow(/husky doctor/);
});

test.each([
  ['query', 'http://localhost:8001/v1?key=hunter22'],
  ['user name or password', 'http://me:hunter22@localhost:8001/v1'],
])('a model address with a %s is refused where it is declared, and the secret is not repeated', (what, baseUrl) => {
  const parse = () => parseConfig({ models: { default: { ...model, baseUrl } } });
  expect(parse).toThrow(new RegExp(`models\\.default\\.baseUrl: holds a ${what}.*apiKeyEnv`));
  expect(parse).not.toThrow(/hunter22/);
});

test.each([
  ['localhost:11434/v1', /is "localhost:11434\/v1"; .*such as http:\/\/localhost:11434\/v1/],
  ['127.0.0.1:8000/v1', /such as http:\/\/127\.0\.0\.1:8000\/v1/],
  ['[::1]:8000', /such as http:\/\/\[::1\]:8000/],
  ['gpu', /such as http:\/\/gpu/],
  ['ws://gpu:1', /is no address; one begins with http/],
  ['me:hunter22@gpu:8000', /is no address; one begins with http/],
  ['http://gpu:8000/v1/chat/completions', /ends in \/chat\/completions, which is appended to it; leave that out/],
])('the address %s is refused with what it should be', (address, message) => {
  const parsing = (config: object) => () => parseConfig({ models: { default: model }, ...config });
  const models = { default: { ...model, baseUrl: address } };
  expect(parsing({ models })).toThrow(new RegExp(`models\\.default\\.baseUrl: .*${message.source}`));
  expect(parsing({ models })).not.toThrow(/hunter22/);
  if (address.startsWith('http')) return;
  expect(parsing({ search: { engine: 'searxng', baseUrl: address } })).toThrow(message);
  expect(parsing({ mcp: { other: { url: address } } })).toThrow(message);
  expect(() => loadConfig({ env: { OPENAI_BASE_URL: address, HUSKY_MODEL: 'm' } })).toThrow(message);
});

test('what is missing is called missing, and a folder a folder', () => {
  expect(() => parseConfig({ modles: {} })).toThrow(/models: missing; \(top level\): Unrecognized key: "modles"\. /);
  expect(() => loadConfig({ path: tmpdir(), env: {} })).toThrow(/cannot be read \(it is a folder\)/);
});

test('a file of another encoding is named with the way out; a byte order mark and line ends of Windows are none', () => {
  const written = (bytes: Buffer) => {
    const path = file('husky.yaml', '');
    writeFileSync(path, bytes);
    return () => loadConfig({ path, env: {} });
  };
  expect(written(Buffer.from('\ufefflimits: {}\n', 'utf16le'))).toThrow(/UTF-16.*iconv/);
  expect(written(Buffer.from('# é\nlimits: {}\n', 'latin1'))).toThrow(/not written in UTF-8.*iconv/);
  const text = JSON.stringify({ models: { default: model } }).replace(/^/, '\ufeff# x\r\n');
  expect(written(Buffer.from(`${text}\r\n`))).not.toThrow();
});

test('an answer as long as the context is told as that, also of a fallback', () => {
  const model = { provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', model: 'm' };
  const parse = (settings: object) => () => parseConfig({ models: { default: { ...model, ...settings } } });
  expect(parse({ maxTokens: 4096 })).toThrow(
    /models\.default\.maxTokens: is 4096, and contextTokens \(4096 unless it is set\) must hold the prompt, too: lower it/,
  );
  expect(parse({ fallback: [{ ...model, maxTokens: 900, contextTokens: 800 }] })).toThrow(
    /fallback\.0\.maxTokens: is 900/,
  );
  expect(parse({ maxTokens: 4096, contextTokens: 8192 })).not.toThrow();
});

// zeroclaw-labs/zeroclaw#5483, zeroclaw-labs/zeroclaw#1410
test('an option by the name that another program gives it is told with ours', () => {
  const parse = (settings: object) => () => parseConfig({ models: { default: { ...model, ...settings } } });
  expect(parse({ api_key: 'sk-1' })).toThrow(
    /models\.default: Unrecognized key: "api_key"; here it is apiKeyEnv, which names/,
  );
  expect(parse({ 'base-url': 'x', num_ctx: 5 })).toThrow(/here it is baseUrl, contextTokens/);
  expect(parse({ colour: 'x' })).not.toThrow(/here it is/);
  expect(parse({ provider: 'ollama' })).toThrow(
    /models\.default\.provider: "ollama" is unknown; it is openai for every server .* Ollama.* or gguf for a file/,
  );
  expect(() => parseConfig({ models: { default: { model: 'm' } } })).toThrow(
    /models\.default\.provider: missing; it is openai for every server .* or gguf for a file/,
  );
  expect(() => parseConfig({ models: { default: 'm' } })).toThrow(
    /models\.default: .*expected object, received string/,
  );
});

test('an MCP server as other clients configure it is told in our words, and may have a name with hyphens', () => {
  const parse = (name: string, server: object) => () =>
    parseConfig({ models: { default: model }, mcp: { [name]: server } });
  expect(parse('sequential-thinking', { command: 'npx' })).not.toThrow();
  expect(parse('a.b', { command: 'npx' })).toThrow(/mcp\.a\.b: a name has letters, digits, - and _/);
  expect(parse('a', { command: 'npx', type: 'stdio', timeout: 60 })).toThrow(/command for a program.*timeoutMs/);
  expect(parse('a', { url: 'http://a/mcp', headers: {} })).toThrow(/mcp\.a: .*here it is headersEnv/);
  expect(() => parseConfig({ mcpServers: {} })).toThrow(/"mcpServers"; here it is mcp/);
});

test('an expert without a model is named, unless there is a default', () => {
  expect(() => parseConfig({ models: { action: model } })).toThrow(/models\.code: no model/);
  expect(modelOf(parseConfig({ models: { default: model } }), 'math').model).toBe('m');
});

test("rewriting has models of its own where it is given them, and else the commonsense reasoner's", () => {
  const named = (name: string) => ({ ...model, model: name });
  const config = parseConfig({
    models: { default: model, commonsense: named('c'), 'search-rewrite': named('s') },
  });
  expect(modelOf(config, 'code-rewrite').model).toBe('c');
  expect(modelOf(config, 'search-rewrite').model).toBe('s');
  expect(chairsOf(config)).toEqual([...EXPERTS, 'search-rewrite']);
  expect(chairsOf(config, ['commonsense'])).toEqual(['commonsense', 'search-rewrite']);
  expect(chairsOf(config, ['math'])).toEqual(['math']);
});

test('an adapter is relative to the configuration file like the file it lies over', () => {
  const path = file('lora.yaml', 'models:\n  default: { provider: gguf, path: base.gguf, lora: a/adapter.gguf }\n');
  expect(loadConfig({ path, env: {} }).models.default).toMatchObject({
    path: join(dirname(path), 'base.gguf'),
    lora: join(dirname(path), 'a/adapter.gguf'),
  });
});

test('more steps than a payload takes are refused', () => {
  expect(parseConfig({ models: { default: model }, limits: { maxSteps: 2000 } }).limits.maxSteps).toBe(2000);
  expect(() => parseConfig({ models: { default: model }, limits: { maxSteps: 2001 } })).toThrow(/limits\.maxSteps/);
});

test('style husky-v1 and a sandbox for JavaScript contradict each other', () => {
  expect(() => parseConfig({ prompts: 'husky-v1', models: { default: model } })).toThrow(/write Python/);
});

test('a custom tool may not take the name of a built-in one', () => {
  const tools = [{ name: 'search', description: 'd', activity: 'a' }];
  expect(() => parseConfig({ models: { default: model }, tools })).toThrow(
    /tools\.0\.name: the name of a built-in tool/,
  );
});

test('a file is found by path, by HUSKY_CONFIG, or as husky.yaml; paths in it are relative to it', () => {
  const path = file('husky.yaml', 'models:\n  default: { provider: gguf, path: a.gguf }\n');
  const expected = join(path, '../a.gguf');
  for (const options of [{ path, env: {} }, { env: { HUSKY_CONFIG: path } }, { env: {}, directory: join(path, '..') }])
    expect(loadConfig(options).models.default).toMatchObject({ path: expected });
});

test('every promise is kept unless the journal is a file; its folder is relative to the file', () => {
  expect(parseConfig({ models: { default: model } }).journal).toBe('server');
  const models = 'models:\n  default: { provider: gguf, path: a.gguf }\n';
  const path = file('husky.yaml', `${models}journal: file\njournalFolder: journals\n`);
  expect(loadConfig({ path, env: {} })).toMatchObject({
    journal: 'file',
    journalFolder: join(path, '../journals'),
  });
});

test('a file that is absent or malformed is named', () => {
  expect(() => loadConfig({ path: '/nowhere/husky.yaml', env: {} })).toThrow(/\/nowhere\/husky\.yaml cannot be read/);
  const path = file('bad.yaml', 'models:\n  default: {\n');
  expect(() => loadConfig({ path, env: {} })).toThrow(/bad\.yaml: .*line/);
});

test('the environment is enough for one endpoint, and says when the model is missing', () => {
  const env = { OPENAI_BASE_URL: 'http://localhost:9000/v1', OPENAI_API_KEY: 'secret-value' };
  expect(() => loadConfig({ env, directory: tmpdir() })).toThrow(/HUSKY_MODEL/);
  const config = loadConfig({ env: { ...env, HUSKY_MODEL: 'q' }, directory: tmpdir() });
  expect(config.models.default).toMatchObject({
    baseUrl: env.OPENAI_BASE_URL,
    model: 'q',
    api: 'chat',
    apiKeyEnv: 'OPENAI_API_KEY',
  });
  expect(JSON.stringify(config)).not.toContain('secret-value');
});

test('without anything the bundled experts are used', () => {
  expect(loadConfig({ env: {}, directory: tmpdir() })).toEqual(bundledConfig());
  expect(bundledConfig().prompts).toBe('compact');
});

test('a file that names no models has those that there are without it', () => {
  const path = file('own-index.yaml', 'search: { index: mine.db }\nlimits: { maxSteps: 4 }\n');
  expect(loadConfig({ path, env: {} })).toEqual({
    ...bundledConfig(),
    search: expect.objectContaining({ index: join(path, '../mine.db') }) as object,
    limits: { ...bundledConfig().limits, maxSteps: 4 },
  });
  const env = { OPENAI_BASE_URL: 'http://localhost:9000/v1', HUSKY_MODEL: 'q' };
  expect(loadConfig({ path, env })).toMatchObject({ prompts: 'instruct', models: { default: { model: 'q' } } });

  const onlyPrompts = file('no-models.yaml', 'prompts: few-shot\n');
  expect(loadConfig({ path: onlyPrompts, env })).toMatchObject({
    prompts: 'few-shot',
    models: { default: { model: 'q', api: 'completions' } },
  });
  expect(() => loadConfig({ path: onlyPrompts, env: {} })).toThrow(/models: missing/);
});

test('queue names carry the prefix of a team', () => {
  expect(queueName('code', '')).toBe('husky-code');
  expect(queueName('workflow', 'geo')).toBe('geo-husky');
  expect(separateQueues('geo')).toMatchObject({ tool: 'geo-husky-tool', action: 'geo-husky-action' });
});

test('every failure carries its advice, and only those that may pass are tried again', () => {
  for (const [type, { retryable, advice }] of Object.entries(FAILURES)) {
    const failure = createFailure(type as keyof typeof FAILURES, 'What happened.');
    expect(failure).toMatchObject({ type, nonRetryable: !retryable });
    expect(failure.message).toBe(`What happened. ${advice}`);
  }
});
