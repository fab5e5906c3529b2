/** The workflows of continuous integration name what there is, and try the smallest real model. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Job {
  env?: Record<string, string>;
  steps: { run?: string }[];
}

const root = join(__dirname, '..');
const folder = join(root, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
const jobs = readdirSync(folder).flatMap((file) =>
  Object.entries((parse(readFileSync(join(folder, file), 'utf8')) as { jobs: Record<string, Job> }).jobs).map(
    ([name, { env = {}, steps }]) => ({ name: `${file}, ${name}`, env, runs: steps.flatMap(({ run }) => run ?? []) }),
  ),
);

test.each(jobs)('$name runs scripts and tests that exist', ({ runs }) => {
  const text = runs.join('\n');
  for (const [, script = ''] of text.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  for (const [path] of text.matchAll(/\b(?:test|trainer|scripts)\/[\w./-]+/g))
    expect({ path, isThere: existsSync(join(root, path)) }).toEqual({ path, isThere: true });
});

test('a real model is asked and trained', () => {
  const tried = jobs.find(({ env }) => env.HUSKY_REAL_MODELS !== undefined)?.runs.join('\n') ?? '';
  expect(tried).toContain('npm run test:models');
  expect(tried).toMatch(/HUSKY_SFT_PYTHON=.*test\/training\/sft-real\.test\.ts/);
  expect(tried).toContain('sha256sum --check');
});
