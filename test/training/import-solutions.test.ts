/** Production solutions become training data: those that a person accepted, or whose answer a metric finds right, each once. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerScorer } from '../../src/training/answer-scorer';
import { importSolutions } from '../../src/training/import-solutions';
import type { Trajectory } from '../../src/trajectory/trajectory';

const folder = mkdtempSync(join(tmpdir(), 'husky-import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const usage = { calls: 1, inputTokens: 1, outputTokens: 1 };
const step = { index: 0, tool: 'math', step: 'Multiply 3 by 8.', output: '3 x 8 = 24.', model: {}, usage };

/** A line of `husky solve --json`. */
function solution(workflowId: string, review: object): string {
  return JSON.stringify({
    ...{ question: 'How many legs do three spiders have?', answer: '24', stopReason: 'finished', partial: false },
    steps: [{ ...step, durationMs: 1, attempts: 1 }],
    ...{ usage, models: {}, prompts: { style: 'few-shot', hashes: {} }, workflowId, runId: 'run', ...review },
  });
}

test('solutions are taken by a person or by their label, and one that the folder has already is skipped', async () => {
  const file = join(folder, 'solutions.jsonl');
  const out = join(folder, 'out');
  const score = answerScorer('number', async () => undefined);
  const run = (...lines: string[]) => {
    writeFileSync(file, `${lines.join('\n')}\n`);
    return importSolutions({ file, out, score });
  };
  const first = [
    solution('one', { accepted: true }),
    solution('two', { gold: '24' }),
    solution('three', { gold: '23' }),
  ];
  expect(await run(...first)).toMatchObject({ read: 3, accepted: 2, skipped: 0 });
  expect(await run(...first, solution('four', { accepted: false }))).toMatchObject({
    ...{ read: 4, accepted: 0, skipped: 3 },
  });
  const lines = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trim().split('\n');
  const kept = lines.map((line) => JSON.parse(line) as Trajectory);
  expect(kept.map(({ index, accepted }) => [index, accepted])).toEqual([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ]);
});
