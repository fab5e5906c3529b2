/**
 * Makes the bundled experts again: `node trainer/experts.mjs [PLAN.json] [--out FOLDER] [--work FOLDER]`.
 * Needs the built command (npm run build). Can be stopped at any time and started again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, work: { type: 'string' }, threads: { type: 'string', default: '1' } },
});
const plan = resolve(positionals[0] ?? join(folder, 'experts.json'));
const { questions, seed } = JSON.parse(readFileSync(plan, 'utf8'));
const work = resolve(values.work ?? join(folder, '..', '.husky-cache', basename(plan, '.json')));
const out = resolve(values.out ?? join(folder, '..', 'models'));
const command = join(folder, '..', 'dist', 'cli', 'main.js');
if (!existsSync(command)) fail('The command is not built; run npm run build first.');

const python =
  process.env.HUSKY_TRAINER_PYTHON ?? run(process.execPath, [join(folder, 'setup.mjs'), 'tiny'], 'pipe').trim();
const data = join(work, 'data');
mkdirSync(data, { recursive: true });
if (!existsSync(join(work, 'tokenizer.json'))) {
  const counts = ['--train', questions, '--dev', 0, '--test', 0, '--families', 0, '--entities', 0].map(String);
  run(process.execPath, [command, 'atlas-qa', '--out', data, '--sequences', '--seed', String(seed), ...counts]);
}
run(python, ['-m', 'temporal_husky_trainer.tiny.make', plan, '--data', data, '--work', work, '--out', out, '--threads', values.threads]);

function run(program, args, stdout = 'inherit') {
  const env = { ...process.env, PYTHONPATH: join(folder, 'src'), OMP_NUM_THREADS: values.threads };
  const done = spawnSync(program, args, { stdio: ['ignore', stdout, 'inherit'], env, encoding: 'utf8' });
  if (done.error || done.status !== 0) fail(`${basename(program)} ${args.slice(0, 3).join(' ')} failed${done.error ? ` (${done.error.message})` : ''}; what it said is above.`);
  return done.stdout ?? '';
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
