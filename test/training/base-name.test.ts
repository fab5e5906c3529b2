import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseOf } from '../../src/training/base-name';
import { trainerBackend, trainingSettings } from '../../src/training/trainers';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('base-name');
mkdirSync(join(folder, 'bases/small'), { recursive: true });
writeFileSync(join(folder, 'small.gguf'), 'GGUF');

test.each(['./bases/small', 'bases/small', 'small.gguf'])('%s is read beside the file that names it', (base) => {
  expect(baseOf(base, folder)).toBe(join(folder, base));
});

test.each(['Qwen/Qwen2.5-0.5B', 'gpt2', 'my_org/base-1.0'])('%s is a name at the hub', (base) => {
  expect(baseOf(base, folder)).toBe(base);
});

test.each([
  '~/models/small',
  '~/small',
  './absent',
  'C:\\models\\small',
  'https://huggingface.co/Qwen/Qwen2.5-0.5B',
  'Qwen/Qwen2.5-0.5B ',
  'absent.gguf',
  'qwen2.5:0.5b',
])('%j is refused before anybody looks it up', (base) => {
  expect(() => baseOf(base, folder)).toThrow(/There is no base model at .*a folder, a GGUF file .* or a name such as/);
});

test('a file of a hub is the one that was pulled, or is to be', () => {
  const name = 'hf:owner/repo:small.gguf';
  const before = process.env.HUSKY_MODELS;
  process.env.HUSKY_MODELS = folder;
  try {
    expect(() => baseOf(name, folder)).toThrow(`husky models pull ${name}`);
    expect(() => baseOf('hf:owner/repo', folder)).toThrow('the form is hf:owner/repo:file.gguf');
    mkdirSync(join(folder, 'owner--repo/main'), { recursive: true });
    writeFileSync(join(folder, 'owner--repo/main/small.gguf'), 'GGUF');
    expect(baseOf(name, folder)).toBe(join(folder, 'owner--repo/main/small.gguf'));
  } finally {
    if (before === undefined) delete process.env.HUSKY_MODELS;
    else process.env.HUSKY_MODELS = before;
  }
});

test('a setting without bound is refused: it cannot be written into the job', () => {
  expect(() => trainingSettings(trainerBackend('sft'), 'lora', { epochs: Infinity })).toThrow(/epochs is Infinity/);
});
