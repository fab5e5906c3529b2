import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendSample } from '../../src/evaluation/run-directory';
import { readManifest, readSamples, type Sample } from '../../src/formats/run';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'husky-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
const sample = (index: number, correct = true): Sample => ({
  key: `maps:${index}:0`,
  task: 'maps',
  index,
  sample: 0,
  question: 'q',
  gold: '1',
  prediction: '1',
  verdict: { correct, scores: { acc: 1 }, reason: 'equal' },
  solution: {
    question: 'q',
    answer: '1',
    stopReason: 'finished',
    partial: false,
    steps: [
      {
        index: 0,
        tool: 'math',
        step: 's',
        output: 'o',
        model: {},
        usage,
        durationMs: 1,
        attempts: 1,
        fitted: { shortened: 1, omitted: 0 },
      },
    ],
    usage,
    models: {},
    prompts: { style: 'few-shot', hashes: {} },
    workflowId: 'w',
    runId: 'r',
  },
  usage,
  money: 0,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
});

test('a sample is read back as it was written, and of two with one key the first counts', async () => {
  await Promise.all([appendSample(folder, sample(1)), appendSample(folder, sample(2))]);
  await appendSample(folder, sample(1, false));
  expect(await readSamples(folder)).toEqual([sample(1), sample(2)]);
});

test('an answer counts in the place of an earlier failure, a failure never in that of an answer', async () => {
  const failure = { type: 'SystemFailed', message: 'no' };
  await appendSample(folder, { ...sample(1, false), failure });
  for (const index of [2, 1]) await appendSample(folder, sample(index));
  await appendSample(folder, { ...sample(2, false), failure });
  expect(await readSamples(folder)).toEqual([sample(1), sample(2)]);
});

test('a line that a kill has torn is passed over, and spoils no other', async () => {
  await appendSample(folder, sample(1));
  appendFileSync(join(folder, 'samples.jsonl'), JSON.stringify(sample(2)).slice(0, 40));
  await appendSample(folder, sample(3));
  expect((await readSamples(folder)).map(({ index }) => index)).toEqual([1, 3]);
});

test('a folder that is not there holds nothing; a file that cannot be read does not pass for an absent one', async () => {
  expect(await readSamples(join(folder, 'absent'))).toEqual([]);
  expect(await readManifest(join(folder, 'absent'))).toBeUndefined();
  mkdirSync(join(folder, 'samples.jsonl'));
  mkdirSync(join(folder, 'manifest.json'));
  await expect(readSamples(folder)).rejects.toThrow(/samples\.jsonl is a folder, not a file/);
  await expect(readManifest(folder)).rejects.toThrow(/EISDIR/);
});
