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
  'hf:Qwen/Qwen2.5-0.5B',
  'https://huggingface.co/Qwen/Qwen2.5-0.5B',
  'Qwen/Qwen2.5-0.5B ',
  'absent.gguf',
  'qwen2.5:0.5b',
])('%j is refused before anybody looks it up', (base) => {
  expect(() => baseOf(base, folder)).toThrow(/There is no base model at .*a folder, a GGUF file or a name such as/);
});

test('a setting without bound is refused: it cannot be written into the job', () => {
  expect(() => trainingSettings(trainerBackend('sft'), 'lora', { epochs: Infinity })).toThrow(/epochs is Infinity/);
});
