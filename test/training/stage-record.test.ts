import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordStage, stageState } from '../../src/training/stage-record';
import type { StageInputs } from '../../src/contract/pipeline';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('training');
mkdirSync(join(folder, 'data/deep'), { recursive: true });
writeFileSync(join(folder, 'data/deep/a.jsonl'), 'a');
const inputs: StageInputs = {
  folder: join(folder, 'round-1'),
  stage: 'train',
  parameters: { epochs: 2 },
  paths: [join(folder, 'data'), join(folder, 'later.yaml')],
};
const isDone = async (change: Partial<StageInputs> = {}) =>
  (await stageState({ ...inputs, ...change })).result !== undefined;

beforeEach(async () => {
  writeFileSync(join(folder, 'data/deep/a.jsonl'), 'a');
  rmSync(join(folder, 'later.yaml'), { force: true });
  rmSync(inputs.folder, { recursive: true, force: true });
  await recordStage(inputs.folder, 'train', (await stageState(inputs)).key, { steps: 3 });
});

test('a stage with the same inputs gives its recorded result', async () => {
  expect((await stageState(inputs)).result).toEqual({ steps: 3 });
});

test('other parameters, another stage, and a record that is not there', async () => {
  expect(await isDone({ parameters: { epochs: 3 } })).toBe(false);
  expect(await isDone({ stage: 'evaluate' })).toBe(false);
  expect(await isDone({ folder: join(folder, 'round-2') })).toBe(false);
});

test('a file that changes anywhere below a folder, and a file that appears', async () => {
  writeFileSync(join(folder, 'data/deep/a.jsonl'), 'b');
  expect(await isDone()).toBe(false);
  writeFileSync(join(folder, 'data/deep/a.jsonl'), 'a');
  expect(await isDone()).toBe(true);
  writeFileSync(join(folder, 'later.yaml'), '');
  expect(await isDone()).toBe(false);
});
