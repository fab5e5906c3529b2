/**
 * What the bundled experts are compared with, on the data of a pipeline that has run (trainer/atlas.yaml):
 *
 *     node trainer/baselines.mjs cot --tokens 17700000 --out FOLDER    one model that thinks in text, without tools
 *     node trainer/baselines.mjs one --tokens 17700000 --out FOLDER    one model in every module's chair
 *
 * The same size, tokenizer and trainer as the experts. Goes on where it was stopped; progress is one JSON object a line.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** How often each module is seen by the one model: the action generator's work is most of it, as among the experts. */
const SHARES = {
  action: 0.6,
  code: 0.2,
  'search-rewrite': 0.07,
  query: 0.04,
  'code-rewrite': 0.03,
  math: 0.04,
  commonsense: 0.02,
};
const EXPERTS = ['action', 'code', 'math', 'query', 'commonsense'];

const folder = dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tokens: { type: 'string', default: '17700000' },
    seed: { type: 'string', default: '1' },
    questions: { type: 'string', default: '60000' },
    round: { type: 'string', default: join(folder, '..', '.husky-cache', 'atlas', 'round-1') },
    out: { type: 'string' },
  },
});
const [kind] = positionals;
if (!['cot', 'one'].includes(kind) || !values.out) fail('Usage: node trainer/baselines.mjs cot|one --out FOLDER [--tokens N] [--seed N] [--round FOLDER]');
const experts = resolve(values.round, 'experts');
const shared = existsSync(experts) && readdirSync(experts).find((name) => name.startsWith('.tiny-'));
if (!shared) fail(`${experts} holds nothing that the tiny back end has made; run npm run experts:train first.`);
const out = resolve(values.out);
mkdirSync(out, { recursive: true });

const python = process.env.HUSKY_TRAINER_PYTHON ?? run(process.execPath, [join(folder, 'setup.mjs'), 'tiny'], 'pipe').trim();
const sequences = kind === 'one' ? join(experts, shared, 'sequences.jsonl') : chainOfThought();
const shares = kind === 'one' ? SHARES : { cot: 1 };
const options = { sequences, tokenizer: join(experts, shared), out, tokens: values.tokens, seed: values.seed, decay: 0.5, copying: kind === 'one' ? 0.06 : 0.02 };
run(python, [
  ...['-m', 'temporal_husky_trainer.tiny.train'],
  ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
  ...Object.entries(shares).flatMap(([name, share]) => ['--share', `${name}=${share}`]),
]);
const file = kind === 'one' ? 'base.gguf' : 'cot.gguf';
run(python, ['-m', 'temporal_husky_trainer.tiny.export', '--model', out, '--tokenizer', join(experts, shared), '--out', join(out, file), '--name', `husky-${kind}`, '--type', 'q8_0']);
if (kind === 'one') {
  const models = Object.fromEntries(EXPERTS.map((expert) => [expert, file]));
  writeFileSync(join(out, 'manifest.json'), `${JSON.stringify({ style: 'compact', models }, null, 2)}\n`);
}
process.stdout.write(`${join(out, file)}\n`);

/** The questions that the experts were trained on, answered in text with the atlas's real numbers, since there is no search. */
function chainOfThought() {
  const data = join(out, 'data');
  const file = join(data, 'chain-of-thought.jsonl');
  if (!existsSync(file)) {
    const counts = ['--train', values.questions, '--dev', 0, '--test', 0, '--families', 0, '--entities', 0].map(String);
    run(process.execPath, [join(folder, '..', 'dist', 'cli', 'main.js'), 'atlas-qa', '--out', data, '--sequences', '--seed', values.seed, ...counts], 'ignore');
  }
  return file;
}

function run(program, args, stdout = 'inherit') {
  const env = { ...process.env, PYTHONPATH: join(folder, 'src'), OMP_NUM_THREADS: '1' };
  const done = spawnSync(program, args, { stdio: ['ignore', stdout, 'inherit'], env, encoding: 'utf8' });
  if (done.error || done.status !== 0) fail(`${args.slice(0, 3).join(' ')} failed${done.error ? ` (${done.error.message})` : ''}; what it said is above.`);
  return done.stdout ?? '';
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
