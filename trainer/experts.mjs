/**
 * Makes the bundled experts again: `node trainer/experts.mjs [PIPELINE.yaml] [--out FOLDER]`, which is `husky pipeline` and a copy of
 * what its best round made into models/. Needs the built command (npm run build). Can be stopped at any time and started again.
 * `--seed N [--rounds N] --out FOLDER`: another set, of other questions and weights, in a folder of work of its own.
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
  options: { out: { type: 'string' }, seed: { type: 'string' }, rounds: { type: 'string' } },
});
if ((values.seed || values.rounds) && !values.out)
  fail('Experts of another seed or of fewer rounds are not the bundled ones: name a folder for them with --out.');
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

/** The pipeline itself, or, where the options ask for it, a copy beside its work that differs in seed and rounds. */
function variant(file) {
  if (!values.seed && !values.rounds) return file;
  const work = join(folder, '..', '.husky-cache', `atlas-seed-${values.seed ?? 1}${values.rounds ? `-rounds-${values.rounds}` : ''}`);
  // Paths in a pipeline are relative to its file.
  const text = readFileSync(file, 'utf8').replaceAll('../.husky-cache/atlas', '.');
  const document = parseDocument(text);
  if (values.rounds) document.set('rounds', Number(values.rounds));
  if (values.seed)
    for (const path of [
      ['atlasQa', 'seed'],
      ['train', 'settings', 'seed'],
    ])
      document.setIn(path, Number(values.seed));
  document.set('name', basename(work));
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'pipeline.yaml'), String(document));
  return join(work, 'pipeline.yaml');
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
