import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseConfig } from '../../src/config';
import { loadPrompts } from '../../src/prompts';
import { ADAPTER_BYTES, checkExperts } from '../../src/training/check-experts';
import { listExperts } from '../../src/training/experts';
import { servingPlan } from '../../src/training/serving';
import { temporaryFolder } from '../temporary-folder';

const prompts = loadPrompts('expert');
let folders = 0;

interface Made {
  adapterBytes?: number;
  style?: string;
  promptHash?: string;
  withoutWeights?: boolean;
  withoutAdapterFile?: boolean;
}

/** An expert as `husky train` leaves one, and a configuration as `husky experts --write` writes it. */
async function checked(made: Made = {}, change: (models: Record<string, unknown>) => void = () => undefined) {
  const folder = join(temporaryFolder('check-experts'), String((folders += 1)));
  const model = join(folder, 'query/model');
  const set = join(folder, 'set');
  for (const path of [model, join(set, 'query')]) mkdirSync(path, { recursive: true });
  const base = join(folder, 'base.gguf');
  writeFileSync(base, 'GGUF');
  if (!made.withoutWeights)
    writeFileSync(join(model, 'adapter_model.safetensors'), Buffer.alloc(made.adapterBytes ?? 1000));
  if (!made.withoutAdapterFile) writeFileSync(join(model, 'adapter.gguf'), Buffer.alloc(1000));
  writeFileSync(join(model, 'adapter_config.json'), JSON.stringify({ r: 32 }));
  writeFileSync(join(folder, 'query/result.json'), JSON.stringify({ result: { module: 'query', steps: 3 } }));
  writeFileSync(join(folder, 'query/job.json'), JSON.stringify({ base, backend: 'sft', data: join(set, 'query') }));
  writeFileSync(
    join(set, 'manifest.json'),
    JSON.stringify({ style: made.style ?? 'expert', prompts: { query: made.promptHash ?? prompts.hashes.query } }),
  );
  const experts = await listExperts(folder);
  const { config } = servingPlan({ server: 'llama-cpp', experts, folder, style: 'expert' });
  change(config.models as Record<string, unknown>);
  const findings = await checkExperts({ experts, config: parseConfig(config), prompts });
  return {
    folder,
    problems: findings.filter(({ state }) => state === 'problem').map(({ message }) => message),
    findings,
  };
}

test('an expert that is served as it was trained has no problem, and what could not be looked at is said', async () => {
  const { problems, findings } = await checked();
  expect(problems).toEqual([]);
  expect(findings.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'adapter of 0.0 MB',
      'served as trained: expert',
      expect.stringContaining('border') as string,
    ]),
  );
});

test.each<[string, Made, RegExp]>([
  [
    'weights that are missing',
    { withoutWeights: true },
    /holds no weights; train it again: npx temporal-husky train --module query/,
  ],
  [
    'an adapter that is too large',
    { adapterBytes: ADAPTER_BYTES + 1 },
    /more than 40\.0 MB; train with a lower rank: --set loraRank=28/,
  ],
  ['another style', { style: 'few-shot' }, /trained with prompts: few-shot, and is served with expert/],
  ['prompts that changed', { promptHash: 'another' }, /have changed since it was trained/],
])('%s', async (_what, made, message) => {
  const { problems } = await checked(made);
  expect(problems).toEqual([expect.stringMatching(message) as string]);
});

test('a chair without a model of its own is told, and one whose request names no adapter', async () => {
  const without = await checked({}, (models) => delete models.query);
  expect(without.problems).toEqual([expect.stringMatching(/has no model for query/) as string]);
  const unchosen = await checked({}, (models) => {
    (models.query as { body: unknown }).body = { lora: [{ id: 0, scale: 0 }] };
  });
  expect(unchosen.problems).toEqual([expect.stringMatching(/lays no adapter over the base for query/) as string]);
});

test('in process, the adapter has to be there and be the expert', async () => {
  const inProcess =
    (lora: string | undefined, path = 'base.gguf') =>
    async () => {
      const { problems } = await checked({}, (models) => {
        models.query = { provider: 'gguf', path, ...(lora === undefined ? {} : { lora }) };
      });
      return problems;
    };
  expect(await inProcess('/nowhere/adapter.gguf', __filename)()).toEqual([
    expect.stringMatching(/which does not exist/) as string,
  ]);
  expect(await inProcess(undefined, __filename)()).toEqual([
    expect.stringMatching(/names no adapter for query/) as string,
  ]);
});

test('without a configuration the way to one is said', async () => {
  const { folder } = await checked();
  const findings = await checkExperts({ experts: await listExperts(folder) });
  expect(findings.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('husky experts FOLDER --write'),
  );
});

test('an adapter that another program has trained is served, too', async () => {
  const folder = temporaryFolder('foreign-experts');
  const [peft, empty] = ['math', 'code'].map((module) => join(folder, module));
  for (const path of [peft!, empty!]) mkdirSync(path);
  await expect(listExperts(folder)).rejects.toThrow(/holds no trained expert .*action: a PEFT adapter/);
  writeFileSync(join(peft!, 'adapter_model.safetensors'), Buffer.alloc(1000));
  writeFileSync(
    join(peft!, 'adapter_config.json'),
    JSON.stringify({ peft_type: 'LORA', r: 16, base_model_name_or_path: 'Qwen/Qwen2.5-0.5B' }),
  );
  const experts = await listExperts(folder);
  expect(experts).toEqual([
    { module: 'math', base: 'Qwen/Qwen2.5-0.5B', backend: 'other', model: peft, format: 'adapter', rank: 16 },
  ]);
  const { config, script } = servingPlan({ server: 'vllm', experts, folder, style: 'expert' });
  expect(script).toMatch(/vllm serve .*Qwen\/Qwen2\.5-0\.5B/s);
  const findings = await checkExperts({ experts, config: parseConfig(config), prompts });
  expect(findings.filter(({ state }) => state === 'problem')).toEqual([]);
});
