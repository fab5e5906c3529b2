/**
 * The whole product on one GPU: workers with queues apart and `concurrency: auto`, a synthesis at 64 in flight, and the same questions
 * in a plain loop (plain-loop.mjs), twice each, in turn.
 *
 *     node benchmarks/gpu/whole-product.mjs --config husky.yaml --file questions.jsonl --out FOLDER [--in-flight 64]
 *
 * The configuration names a model server that runs. FOLDER gets result.json: seconds, questions a second, calls and output tokens of
 * every run, and the share of time that nvidia-smi found the GPU busy.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    file: { type: 'string' },
    out: { type: 'string' },
    'in-flight': { type: 'string', default: '64' },
    rounds: { type: 'string', default: '2' },
  },
});
const root = process.env.HUSKY_PACKAGE ?? join(import.meta.dirname, '../..');
const husky = join(root, 'dist/cli/main.js');
const yaml = createRequire(join(root, 'x.js'))('yaml');
mkdirSync(values.out, { recursive: true });
const questions = readFileSync(values.file, 'utf8').trim().split('\n').map((line, index) => ({ index, ...JSON.parse(line) }));
const dataset = join(values.out, 'questions.jsonl');
writeFileSync(dataset, questions.map((line) => `${JSON.stringify(line)}\n`).join(''));
const config = yaml.parse(readFileSync(values.config, 'utf8'));
const apart = join(values.out, 'apart.yaml');
const { default: model } = config.models;
const experts = ['action', 'code', 'math', 'query', 'commonsense'];
const auto = Object.fromEntries([...experts, 'default'].map((name) => [name, { ...model, concurrency: 'auto' }]));
writeFileSync(apart, yaml.stringify({ ...config, models: auto, queues: { mode: 'separate' } }));

const gpu = [];
const watch = spawn('nvidia-smi', ['--query-gpu=utilization.gpu,memory.used', '--format=csv,noheader,nounits', '-lms', '200']);
watch.on('error', () => undefined);
createInterface({ input: watch.stdout }).on('line', (line) => gpu.push({ at: Date.now(), busy: Number(line.split(',')[0]) }));
const busyIn = (from, to) => {
  const seen = gpu.filter(({ at }) => at >= from && at <= to);
  return seen.length === 0 ? undefined : seen.reduce((sum, { busy }) => sum + busy, 0) / seen.length / 100;
};

/** Runs a command to its end. @returns what it printed */
function run(name, args, onLine) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, log] = ['', ''];
    child.stdout.on('data', (text) => (out += text));
    if (onLine) createInterface({ input: child.stdout }).on('line', onLine);
    child.stderr.on('data', (text) => (log += text));
    child.once('close', (code) => {
      writeFileSync(join(values.out, `${name}.log`), log);
      if (code === 0 || out.trim() !== '') resolve(out);
      else reject(new Error(`${name} ended with ${code}: ${log.slice(-2000)}`));
    });
  });
}

/** A worker that runs on. @returns what it said when it was ready */
function worker(name, args, env = {}) {
  const child = spawn(process.execPath, [husky, 'worker', '--json', '--config', apart, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  child.once('close', () => writeFileSync(join(values.out, `worker-${name}.log`), log));
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve({ child, ready: JSON.parse(line) }));
    child.once('close', (code) => reject(new Error(`worker ${name} ended with ${code}: ${log.slice(-2000)}`)));
  });
}

const rows = [];
const record = (row) => {
  rows.push({ ...row, busy: busyIn(row.startedAt, row.startedAt + row.seconds * 1000) });
  writeFileSync(join(values.out, 'result.json'), `${JSON.stringify(rows, null, 1)}\n`);
  console.log(JSON.stringify(rows.at(-1)));
};

async function plain() {
  const out = await run('plain', [
    join(import.meta.dirname, 'plain-loop.mjs'),
    ...['--config', values.config, '--file', dataset, '--in-flight', values['in-flight']],
  ]);
  record(JSON.parse(out.trim().split('\n').at(-1)));
}

/** From the moment when the first solution began to the one when the last is told; the command's start is left out. */
async function queuesApart(round, address) {
  const args = ['--file', dataset, '--json', '--in-flight', values['in-flight'], '--config', apart, '--address', address];
  const solutions = [];
  await run(`apart-${round}`, [husky, 'solve', ...args, '--id', `apart-${round}-${Date.now()}`], (line) =>
    solutions.push({ ...JSON.parse(line), at: Date.now() }),
  );
  const startedAt = Math.min(...solutions.map(({ at, steps }) => at - steps.reduce((sum, { durationMs }) => sum + durationMs, 0)));
  const seconds = (Math.max(...solutions.map(({ at }) => at)) - startedAt) / 1000;
  const sum = (of) => solutions.reduce((total, { usage }) => total + of(usage), 0);
  record({
    ...{ way: 'queues apart', startedAt, seconds, questions: solutions.length, perSecond: solutions.length / seconds },
    ...{ calls: sum(({ calls }) => calls), outputTokens: sum(({ outputTokens }) => outputTokens) },
  });
}

async function synthesis(round, address) {
  const out = join(values.out, `synthesis-${round}`);
  const text = await run(`synthesis-${round}`, [
    ...[husky, 'synthesize', '--dataset', dataset, '--name', 'gsm8k', '--teacher', values.config, '--style', 'modular'],
    ...['--temperature', '0', '--in-flight', values['in-flight'], '--out', out, '--json', '--address', address],
  ]);
  const progress = JSON.parse(text.trim().split('\n').at(-1));
  const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
  const seconds = (Date.parse(manifest.updatedAt) - progress.startedAt) / 1000;
  const trajectories = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trim().split('\n').length;
  record({
    ...{ way: 'synthesis', startedAt: progress.startedAt, seconds, questions: trajectories, perSecond: trajectories / seconds },
    ...{ calls: progress.usage?.calls, outputTokens: progress.usage?.outputTokens, accepted: progress.accepted },
  });
}

const first = await worker('workflow', ['--roles', 'workflow,tool']);
const { address } = first.ready;
const others = [];
for (const role of experts) others.push(await worker(role, ['--roles', role, '--address', address]));
try {
  await plain(); // the server's first requests are slow; this run is recorded and not compared
  rows[0].way = 'plain loop, first';
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    await synthesis(round, address);
    await plain();
    await queuesApart(round, address);
    await plain();
  }
} finally {
  watch.kill();
  for (const { child } of [...others, first]) child.kill('SIGTERM');
}
