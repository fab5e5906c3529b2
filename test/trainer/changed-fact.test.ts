import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const hook = join(__dirname, '../models/typescript-hook.cjs');
const script = join(__dirname, 'ask-changed-world.mjs');

const AREA = 'What is the area of Texas?';
const MAP =
  'If a map is drawn so that 1 square inch represents 100 square miles, how many square inches bigger is Texas than Washington, to the nearest integer?';

test('the bundled experts answer from the search results: a changed fact in the index changes their answers', async () => {
  const { stdout } = await run(process.execPath, ['--require', hook, script, '194853', AREA, MAP]);
  const { atlas, changed } = JSON.parse(stdout) as Record<'atlas' | 'changed', [string, string]>;
  expect(atlas[0]).toBe('268,596 square miles');
  expect(changed[0]).toBe('194,853 square miles');
  expect(Number(atlas[1])).toBeGreaterThanOrEqual(1972);
  expect(Number(atlas[1])).toBeLessThanOrEqual(1974);
  expect(changed[1]).toBe(String(Math.round((194_853 - 71_298) / 100)));
}, 180_000);
