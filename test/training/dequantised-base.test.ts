import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/files/fingerprint';
import { dequantisedBase } from '../../src/training/dequantised-base';
import { writeServingFiles } from '../../src/training/write-serving';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('bases');
const base = join(folder, 'small.gguf');
const bases = join(folder, 'bases');
const weights = join(bases, sha256('GGUF of a base').slice(0, 24));

beforeAll(() => {
  writeFileSync(base, 'GGUF of a base');
  mkdirSync(weights, { recursive: true });
  writeFileSync(join(weights, 'config.json'), '{}');
});

test("a GGUF file's dequantised weights are found by its content, wherever it lies", async () => {
  expect(await dequantisedBase(base, { HUSKY_BASES: bases })).toBe(weights);
  expect(await dequantisedBase(base, { XDG_CACHE_HOME: folder })).toBeUndefined();
  expect(await dequantisedBase(join(folder, 'absent.gguf'), { HUSKY_BASES: bases })).toBeUndefined();
});

test('husky experts --write vllm serves experts of a GGUF base from there', async () => {
  const model = join(folder, 'experts/query/model');
  mkdirSync(model, { recursive: true });
  writeFileSync(join(model, 'adapter_config.json'), JSON.stringify({ r: 8 }));
  writeFileSync(join(model, '../result.json'), JSON.stringify({ result: { module: 'query', steps: 3 } }));
  writeFileSync(join(model, '../job.json'), JSON.stringify({ base, backend: 'sft' }));
  const before = process.env.HUSKY_BASES;
  process.env.HUSKY_BASES = bases;
  try {
    await writeServingFiles(join(folder, 'experts'), 'expert', { server: 'vllm' });
  } finally {
    if (before === undefined) delete process.env.HUSKY_BASES;
    else process.env.HUSKY_BASES = before;
  }
  expect(readFileSync(join(folder, 'experts/serve.sh'), 'utf8')).toContain(
    `vllm serve ${weights} --served-model-name small --enable-lora`,
  );
});
