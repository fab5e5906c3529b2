import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { parseConfig } from '../../src/config';
import type { ExpertFormat, ExpertRecord } from '../../src/training/experts';
import { servingPlan, type ServingOptions } from '../../src/training/serving';
import type { Expert, ModuleName } from '../../src/trajectory/modules';
import { temporaryFolder } from '../temporary-folder';

const folder = '/experts';
const expert = (module: ModuleName, format: ExpertFormat, change: Partial<ExpertRecord> = {}): ExpertRecord => ({
  module,
  format,
  model: format === 'gguf' ? `${folder}/${module}/model/${module}.gguf` : `${folder}/${module}/model`,
  base: 'owner/base',
  backend: 'sft',
  steps: 10,
  ...change,
});
const PAPER: Expert[] = ['action', 'code', 'math', 'query'];
const plan = (server: ServingOptions['server'], experts: ExpertRecord[], more: Partial<ServingOptions> = {}) =>
  servingPlan({ server, experts, folder, style: 'few-shot', ...more });
const isShell = (script: string) => spawnSync('sh', ['-n'], { input: script }).status === 0;
/** What the configuration, as husky reads it, says about an expert's model. */
const models = ({ config }: ReturnType<typeof plan>) => parseConfig(config).models;

test('vLLM serves adapters of one base from one server; the untrained commonsense reasoner is that base', () => {
  const adapters = PAPER.map((module, at) => expert(module, 'adapter', { rank: at === 1 ? 24 : 16 }));
  const made = plan('vllm', adapters);
  const lines = made.script.split('\n').filter((line) => line.includes('vllm serve'));
  expect(lines).toEqual([
    'VLLM_ALLOW_RUNTIME_LORA_UPDATING=True vllm serve owner/base --enable-lora --max-loras 4 --max-lora-rank 32 --lora-modules action=action/model code=code/model math=math/model query=query/model --host "${LISTEN:-127.0.0.1}" --port 8001${VLLM_ARGS:+ $VLLM_ARGS} &',
  ]);
  expect(isShell(made.script)).toBe(true);
  const { action, code, commonsense, default: rest } = models(made);
  expect(action).toMatchObject({ model: 'action', baseUrl: 'http://127.0.0.1:8001/v1' });
  expect(code).toMatchObject({ model: 'code', baseUrl: 'http://127.0.0.1:8001/v1' });
  expect(commonsense).toBeUndefined();
  expect(rest).toMatchObject({ model: 'owner/base', baseUrl: 'http://127.0.0.1:8001/v1' });
});

test('vLLM serves full models each on a port of its own, and the rest from the base', () => {
  const made = plan('vllm', [expert('action', 'full'), expert('code', 'full')], { port: 9000, rest: 'owner/large' });
  expect(made.script).toContain(
    'vllm serve action/model --served-model-name action --host "${LISTEN:-127.0.0.1}" --port 9000${VLLM_ARGS:+ $VLLM_ARGS} &',
  );
  expect(made.script).toContain(
    'vllm serve code/model --served-model-name code --host "${LISTEN:-127.0.0.1}" --port 9001${VLLM_ARGS:+ $VLLM_ARGS} &',
  );
  expect(made.script).toContain(
    'vllm serve owner/large --host "${LISTEN:-127.0.0.1}" --port 9002${VLLM_ARGS:+ $VLLM_ARGS} &',
  );
  expect(models(made).default).toMatchObject({ model: 'owner/large', baseUrl: 'http://127.0.0.1:9002/v1' });
});

test('vLLM refuses GGUF files, by the name of the expert', () => {
  expect(() => plan('vllm', [expert('math', 'gguf')])).toThrow(/the math expert is gguf/);
});

test('vLLM lays adapters of a GGUF base over its dequantised weights, and the rest may be another model', () => {
  const adapters = [expert('action', 'adapter', { base: '/models/small.gguf', rank: 8 })];
  const made = plan('vllm', adapters, { weights: { '/models/small.gguf': '/cache/bases/12ab' } });
  expect(made.script).toContain(
    'vllm serve /cache/bases/12ab --served-model-name small --enable-lora --max-loras 1 --max-lora-rank 8 --lora-modules action=action/model',
  );
  expect(models(made).default).toMatchObject({ model: 'small' });
  const other = plan('vllm', adapters, { weights: { '/models/small.gguf': '/cache/bases/12ab' }, rest: 'owner/large' });
  expect(other.script).toContain(
    'vllm serve owner/large --host "${LISTEN:-127.0.0.1}" --port 8002${VLLM_ARGS:+ $VLLM_ARGS} &',
  );
  expect(models(other).default).toMatchObject({ model: 'owner/large', baseUrl: 'http://127.0.0.1:8002/v1' });
});

test('a GGUF base whose dequantised weights are not here is refused for vLLM, with what to do', () => {
  expect(() => plan('vllm', [expert('action', 'adapter', { base: '/models/small.gguf' })])).toThrow(
    /dequantised weights of \/models\/small.gguf are not on this machine. Name with HUSKY_BASES/,
  );
});

test('adapters are loaded anew into a vLLM that runs', () => {
  const { reload } = plan('vllm', [expert('action', 'adapter'), expert('code-rewrite', 'adapter')]);
  expect(reload).toContain('load 8001 action action/model\nload 8001 code-rewrite code-rewrite/model');
  expect(isShell(reload)).toBe(true);
  expect(plan('llama-cpp', [expert('action', 'adapter', { base: '/b.gguf' })]).reload).toBe('');
});

test('an adapter that is loaded anew has another path than before: vLLM reuses what it computed under a name and path', async () => {
  const asked: { path?: string; lora_name: string; lora_path?: string; load_inplace?: boolean }[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      asked.push({ path: request.url, ...(JSON.parse(body) as { lora_name: string }) });
      response.writeHead(asked.length === 1 ? 404 : 200).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const home = temporaryFolder('reload');
  const script = join(home, 'reload.sh');
  mkdirSync(join(home, 'action/model'), { recursive: true });
  writeFileSync(join(home, 'action/model/adapter_config.json'), '{}');
  const { port } = server.address() as AddressInfo;
  const adapter = expert('action', 'adapter', { model: join(home, 'action/model') });
  writeFileSync(script, plan('vllm', [adapter], { folder: home, port }).reload);
  try {
    for (let round = 0; round < 2; round += 1) {
      await promisify(execFile)('sh', [script]);
      expect(existsSync(join(asked.at(-1)?.lora_path ?? '', 'adapter_config.json'))).toBe(true);
      await setTimeout(1100);
    }
  } finally {
    server.close();
  }
  expect(asked.map(({ path }) => path)).toEqual([
    ...['/v1/unload_lora_adapter', '/v1/load_lora_adapter'],
    ...['/v1/unload_lora_adapter', '/v1/load_lora_adapter'],
  ]);
  expect(asked[1]?.lora_path).not.toBe(asked[3]?.lora_path);
  expect(asked.some((one) => one.load_inplace)).toBe(false);
});

test('llama.cpp serves adapters of one base from one server, and each request names its own; nothing is merged', () => {
  const adapter = (module: ModuleName) =>
    expert(module, 'adapter', { base: '/models/base.gguf', adapterFile: `${folder}/${module}/model/adapter.gguf` });
  const made = plan('llama-cpp', [...PAPER, 'code-rewrite' as const].map(adapter));
  expect(made.conversion).toBe('');
  expect(made.script.match(/^.*llama-server.*$/gm)).toEqual([
    'LLAMA_ARG_CACHE_RAM=0 "${LLAMA_SERVER:-llama-server}" --model ../models/base.gguf --alias action,code,math,query,code-rewrite,base --lora action/model/adapter.gguf,code/model/adapter.gguf,math/model/adapter.gguf,query/model/adapter.gguf,code-rewrite/model/adapter.gguf --lora-init-without-apply -np "${SLOTS:-8}" -c "$((${SLOTS:-8} * 4096))"${THREADS:+ -t "$THREADS"} --host "${LISTEN:-127.0.0.1}" --port 8001 &',
  ]);
  const scales = (chosen: number | undefined) => [0, 1, 2, 3, 4].map((id) => ({ id, scale: id === chosen ? 1 : 0 }));
  expect(models(made).code).toMatchObject({
    baseUrl: 'http://127.0.0.1:8001/v1',
    model: 'code',
    body: { lora: scales(1) },
  });
  expect(models(made)['code-rewrite']).toMatchObject({ model: 'code-rewrite', body: { lora: scales(4) } });
  expect(models(made).default).toMatchObject({ model: 'base', body: { lora: scales(undefined) } });
});

test('in process, adapters share the file of their base; rewriting has an expert of its own, and the rest is the base', () => {
  const made = plan('gguf', [
    expert('code', 'adapter', { base: '/models/base.gguf', adapterFile: `${folder}/code/model/adapter.gguf` }),
    expert('search-rewrite', 'adapter', {
      base: '/models/base.gguf',
      adapterFile: `${folder}/search-rewrite/model/adapter.gguf`,
    }),
  ]);
  const { code, commonsense, 'search-rewrite': rewrite, default: rest } = models(made);
  expect(code).toMatchObject({ path: '../models/base.gguf', lora: 'code/model/adapter.gguf' });
  expect(rewrite).toMatchObject({ path: '../models/base.gguf', lora: 'search-rewrite/model/adapter.gguf' });
  expect(commonsense).toBeUndefined();
  expect(rest).toMatchObject({ path: '../models/base.gguf' });
  expect(rest).not.toHaveProperty('lora');
});

test('Hugging Face weights are converted first, the base once', () => {
  const made = plan('llama-cpp', [expert('action', 'adapter'), expert('math', 'adapter'), expert('code', 'full')]);
  expect(made.conversion).toMatch(
    /convert_lora_to_gguf.py" action\/model --base owner\/base --outfile action-adapter.gguf/,
  );
  expect(made.conversion.match(/convert_hf_to_gguf.py" owner\/base --outfile base.gguf/g)).toHaveLength(1);
  expect(made.conversion).toMatch(/convert_hf_to_gguf.py" code\/model --outfile code.gguf/);
  expect(isShell(made.script) && isShell(made.conversion)).toBe(true);
  expect(models(made).code).toMatchObject({ baseUrl: 'http://127.0.0.1:8002/v1' });
});

test('GGUF files run in process, with nothing to convert or to serve', () => {
  const made = plan(
    'gguf',
    [...PAPER, 'commonsense' as const].map((module) => expert(module, 'gguf', { base: '', contextTokens: 1024 })),
    { style: 'compact' },
  );
  expect(made).toMatchObject({ script: '', conversion: '' });
  expect(parseConfig(made.config).prompts).toBe('compact');
  expect(models(made)).toMatchObject({
    math: { provider: 'gguf', path: 'math/model/math.gguf', contextTokens: 1024 },
    commonsense: { provider: 'gguf', path: 'commonsense/model/commonsense.gguf' },
  });
});

test('experts that were not trained need a model from somewhere', () => {
  const tiny = [expert('action', 'gguf', { base: '' })];
  expect(() => plan('gguf', tiny)).toThrow(/name it with --rest/);
  expect(models(plan('gguf', tiny, { rest: '/models/base.gguf' })).default).toMatchObject({
    path: '../models/base.gguf',
  });
});
