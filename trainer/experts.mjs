/**
 * Makes the bundled experts again: `node trainer/experts.mjs [PIPELINE.yaml] [--out FOLDER]`, which is `husky pipeline` and a copy of
 * what its best round made into models/. Needs the built command (npm run build). Can be stopped at any time and started again.
 * `--seed N [--rounds N] --out FOLDER`: another set, of other questions and weights, in a folder of work of its own.
 * `--unfiltered --out FOLDER`: trained on what the teacher got wrong, too, beside the trajectories that the pipeline has made.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';

const EXPERTS = ['action', 'code', 'math', 'query', 'commonsense'];

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, seed: { type: 'string' }, rounds: { type: 'string' }, unfiltered: { type: 'boolean' } },
});
if ((values.seed || values.rounds || values.unfiltered) && !values.out)
  fail('Experts of another seed, of fewer rounds or of unfiltered trajectories are not the bundled ones: name a folder for them with --out.');
const out = resolve(values.out ?? join(folder, '..', 'models'));
const command = join(folder, '..', 'dist', 'cli', 'main.js');
if (!existsSync(command)) fail('The command is not built; run npm run build first.');

const python = process.env.HUSKY_TRAINER_PYTHON ?? run([join(folder, 'setup.mjs'), 'tiny']).trim();
const pipeline = variant(resolve(positionals[0] ?? join(folder, 'atlas.yaml')));
const { rounds, best } = JSON.parse(run([command, 'pipeline', pipeline, '--json'], { HUSKY_TRAINER_PYTHON: python }));
const { experts, correct, total } = rounds.find(({ round }) => round === best);

/** Experts with the same weights share a file: those that were not trained beyond the base. */
const models = {};
const files = new Map();
mkdirSync(out, { recursive: true });
for (const expert of [...EXPERTS].reverse()) {
  const file = join(experts, expert, 'model', `${expert}.gguf`);
  if (!existsSync(file)) continue;
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (!files.has(hash)) files.set(hash, expert === 'commonsense' ? 'base.gguf' : `${expert}.gguf`);
  models[expert] = files.get(hash);
  copyFileSync(file, join(out, models[expert]));
}
const inOrder = Object.fromEntries(EXPERTS.filter((expert) => expert in models).map((expert) => [expert, models[expert]]));
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ style: 'compact', models: inOrder }, null, 2)}\n`);
process.stdout.write(`Round ${best} (${correct} of ${total} dev questions right) is in ${out}: ${[...files.values()].sort().join(', ')}\n`);

/** The pipeline itself, or, where the options ask for it, a copy beside its work. */
function variant(file) {
  const { seed, rounds, unfiltered } = values;
  if (!seed && !rounds && !unfiltered) return file;
  const text = readFileSync(file, 'utf8');
  const made = parseDocument(text).get('out');
  // Trajectories do not differ when more of them are kept, so that they stay where they are and are not made again.
  const own = `${basename(made)}${seed || rounds ? `-seed-${seed ?? 1}` : ''}${rounds ? `-rounds-${rounds}` : ''}`;
  const work = join(dirname(resolve(dirname(file), made)), own);
  // Paths in a pipeline are relative to its file.
  const document = parseDocument(text.replaceAll(made, '.'));
  if (rounds) document.set('rounds', Number(rounds));
  if (unfiltered) document.setIn(['extract', 'includeRejected'], true);
  if (seed)
    for (const path of [
      ['atlasQa', 'seed'],
      ['train', 'settings', 'seed'],
    ])
      document.setIn(path, Number(seed));
  document.set('name', own);
  const copy = join(work, unfiltered ? 'unfiltered.yaml' : 'pipeline.yaml');
  mkdirSync(work, { recursive: true });
  writeFileSync(copy, String(document));
  return copy;
}

/** @returns standard output */
function run(args, more = {}) {
  const done = spawnSync(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...more },
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (done.error || done.status !== 0)
    fail(`${args.map((word) => basename(word)).join(' ')} failed${done.error ? ` (${done.error.message})` : ''}; what it said is above.`);
  return done.stdout;
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
