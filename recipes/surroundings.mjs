/**
 * Where everything lies that the recipe needs, and its sizes: on a GPU machine with a kit, or in miniature on a machine like yours.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { isFree } from './stages.mjs';

/** What keeps a run from beginning. */
export class Unfit extends Error {}

const root = join(import.meta.dirname, '..');

const FULL = {
  bases: ['qwen-0.5b', 'smollm2-135m'],
  teacher: 'qwen-1.5b',
  seeds: [1, 2],
  rounds: 2,
  /** Of every dataset, times --scale. */
  questions: { gsm8k: 600, strategyqa: 100, atlas: 250 },
  /** Known trajectories of the atlas that every round is trained on. */
  gold: 700,
  dev: 60,
  /** One command asks a system the tasks of a line; what is worth most comes first. */
  tests: [
    { limit: 200, tasks: ['gsm8k'] },
    { limit: 100, tasks: ['atlas-qa', 'word-problems', 'strategyqa'] },
    { limit: 60, tasks: ['atlas-qa-families', 'atlas-qa-entities', 'tabmwp', 'MATH'] },
  ],
  /** The rounds that are whole by then are taken. */
  pipelineMinutes: 12,
  diskGb: 8,
  /** One llama-server samples on one core and does not fill a large GPU, so several share the requests. */
  copies: { teacher: 4, adapters: 3 },
  slots: 32,
  slotTokens: 4096,
  /** Smaller micro-batches than usual: three trainings share the GPU with the servers. */
  train: { learningRate: 4e-4, epochs: 2, batchSize: 64, deviceTokens: 12_288 },
  others: {},
  /** Trainings at a time, beside the first evaluations. */
  trainings: 3,
  /** Evaluations at a time. */
  evaluations: 3,
  inFlight: 96,
};

/** A dozen questions whose trajectories are known, since no teacher of this size solves them. */
const MINIATURE = {
  ...FULL,
  bases: ['smollm2-135m'],
  teacher: 'smollm2-135m',
  rounds: 1,
  questions: { atlas: 12 },
  gold: 0,
  dev: 1,
  tests: [{ limit: 2, tasks: ['atlas-qa'] }],
  pipelineMinutes: 600,
  diskGb: 2,
  copies: { teacher: 1, adapters: 1 },
  slots: 2,
  slotTokens: 3072,
  train: { maxSteps: 20, batchSize: 2, epochs: 1, checkpointSteps: 5, threads: 1, maxTokens: 512 },
  /** What the experts are compared with, and the second seed. */
  others: { maxSteps: 4 },
  threads: '1',
  trainings: 1,
  evaluations: 1,
  inFlight: 2,
  /** A model that has learnt for 20 steps can go on for ever. */
  maxTokens: 24,
  maxSteps: 2,
};

/** Runs of a smaller `--scale` need less room. */
function askedRoom() {
  const asked = process.env.HUSKY_REAL_DISK_GB;
  return asked === undefined ? {} : { diskGb: Number(asked) };
}

/** @returns paths and sizes @throws Unfit with everything that is missing */
export async function surroundings(options) {
  const { miniature, work, out, port, 'pipeline-minutes': pipelineMinutes } = options;
  const kit = process.env.KIT ?? join(homedir(), 'kit');
  const missing = [];
  const first = (what, ...paths) => {
    const places = paths.filter(Boolean);
    const found = places.find((path) => existsSync(path));
    if (!found) missing.push(`${what}: looked for ${places.join(', ')}`);
    return found ?? '';
  };
  const isVllm = options.server === 'vllm';
  const size = { ...(miniature ? MINIATURE : FULL), ...askedRoom(), ...(isVllm ? { copies: { teacher: 1, adapters: 1 } } : {}) };
  const models = process.env.HUSKY_REAL_MODELS;
  const home = resolve(work ?? join(root, '.husky-cache', miniature ? 'real-miniature' : 'real'));
  if (!isVllm) await untilBuilt(join(kit, 'llama.cpp'), join(kit, 'build.log'));
  const server = isVllm
    ? ''
    : first(
        'llama-server',
        process.env.LLAMA_SERVER,
        join(kit, 'llama.cpp/build/bin/llama-server'),
        models && join(models, 'llama.cpp/build/bin/llama-server'),
      );
  const husky = first(
    'the built command (npm run build)',
    join(kit, 'husky/dist/cli/main.js'),
    join(root, 'dist/cli/main.js'),
  );
  const model = (name) =>
    first(`the model ${name}.gguf`, join(kit, `${name}.gguf`), models && join(models, `${name}.gguf`));
  const files = Object.fromEntries([...new Set([...size.bases, size.teacher])].map((name) => [name, model(name)]));
  const datasets = miniature
    ? undefined
    : first(
        'the folder of datasets (HUSKY_DATA)',
        process.env.HUSKY_DATA,
        join(kit, 'data/datasets'),
        join(kit, 'data'),
        join(root, '../shared/data/datasets'),
      );
  if (datasets)
    for (const name of ['gsm8k/train', 'gsm8k/test', 'strategyqa/train', 'tabmwp/test', 'MATH/test'])
      first(`the dataset ${name}`, join(datasets, `${name}.jsonl`));
  const own = join(root, 'trainer/.venv-sft/bin/python');
  const onPath = (process.env.PATH ?? '').split(delimiter);
  const programOf = (name, ...folders) => folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  // It often has a Python environment of its own, which is not the trainer's.
  const vllm = isVllm ? (process.env.HUSKY_VLLM ?? programOf('vllm', join(kit, 'bin'), ...onPath)) : undefined;
  if (isVllm && !vllm) missing.push('the command vllm: $KIT/bin/vllm, HUSKY_VLLM, or vllm on PATH');
  // Lanes of evaluations have data folders of their own, in which no command would find it.
  const temporal =
    process.env.TEMPORAL_CLI_PATH ??
    programOf('temporal', kit, ...onPath, join(homedir(), 'go/bin'), join(homedir(), '.local/share/temporal-husky/bin'));
  if (!temporal) missing.push('the Temporal CLI: $KIT/temporal, TEMPORAL_CLI_PATH, or temporal on PATH');
  const place = {
    ...size,
    miniature,
    isVllm,
    root,
    // The teacher's server; that of the adapters has the next one.
    port: Number(port),
    ...(pipelineMinutes === undefined ? {} : { pipelineMinutes: Number(pipelineMinutes) }),
    ...(options.rounds === undefined ? {} : { rounds: Number(options.rounds) }),
    scale: Number(options.scale),
    /** How programs run: `sandbox.python`. */
    python: options.python,
    hasTeacher: !options['no-teacher'],
    husky,
    package: join(husky, '../../..'),
    server,
    work: home,
    out: resolve(out ?? join(home, 'results')),
    models: files,
    datasets,
    environment: {
      ...process.env,
      LLAMA_SERVER: server,
      ...(server ? { LD_LIBRARY_PATH: [join(server, '..'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') } : {}),
      ...(vllm ? { PATH: `${dirname(vllm)}${delimiter}${process.env.PATH ?? ''}` } : {}),
      VLLM_ARGS: process.env.VLLM_ARGS ?? VLLM_ARGS,
      HUSKY_TRAINER_PYTHON: process.env.HUSKY_TRAINER_PYTHON ?? (existsSync(own) ? own : 'python3'),
      HUSKY_BASES: process.env.HUSKY_BASES ?? join(home, 'bases'),
      SLOTS: String(size.slots),
      ...(size.threads ? { THREADS: size.threads } : {}),
      ...(temporal ? { TEMPORAL_CLI_PATH: temporal } : {}),
      HF_HUB_OFFLINE: '1',
      // Names what this recipe started, for the run after one that was killed.
      HUSKY_RECIPE: home,
    },
  };
  missing.push(...troubles(place));
  if (!(await isFree(PIPELINE_PORT)))
    console.log(`Port ${PIPELINE_PORT} is taken; the pipeline serves its experts there, and would ask that other program.`);
  if (missing.length > 0) throw new Unfit(`This run cannot begin. Missing:\n  ${missing.join('\n  ')}`);
  return place;
}

/** Where serve.sh of `husky experts` serves. */
const PIPELINE_PORT = 8001;
const PACKAGES = ['torch', 'transformers', 'peft', 'safetensors', 'gguf'];
/** Servers and trainings share the GPU. A fixed cache, because vLLM does not start where another program frees memory while it measures. */
const VLLM_ARGS =
  '--max-model-len 4096 --max-num-seqs 128 --gpu-memory-utilization 0.1 --kv-cache-memory-bytes 8000000000 --generation-config vllm --disable-uvicorn-access-log';

/** What would fail only after minutes: programs that do not start, packages that are not there, a full disk. */
function troubles({ environment, server, work, miniature, diskGb, husky, python: way }) {
  const found = [];
  const python = environment.HUSKY_TRAINER_PYTHON;
  const run = (command, args) => spawnSync(command, args, { env: environment, encoding: 'utf8', timeout: 120_000 });
  const devices = () => {
    const { stdout, stderr } = run(server, ['--list-devices']);
    return `${stdout}${stderr}`;
  };
  const told = ({ error, stderr }) => error?.message ?? stderr.trim().split('\n').at(-1);
  const names = JSON.stringify(PACKAGES);
  const look = `import importlib.util as u, json; print(json.dumps([n for n in ${names} if not u.find_spec(n)]))`;
  const packages = run(python, ['-c', look]);
  if (packages.status !== 0)
    found.push(`a Python for the trainer (HUSKY_TRAINER_PYTHON): ${python} does not run: ${told(packages)}`);
  else {
    const absent = JSON.parse(packages.stdout);
    if (absent.length > 0)
      found.push(`Python packages of ${python}: ${absent.join(', ')} (HUSKY_TRAINER_PYTHON names another Python)`);
    else if (!miniature && run(python, ['-c', 'import torch, sys; sys.exit(not torch.cuda.is_available())']).status !== 0)
      found.push(`a GPU that PyTorch of ${python} can use (nvidia-smi shows whether one is there)`);
  }
  if (server !== '') {
    const version = run(server, ['--version']);
    if (version.status !== 0) found.push(`a llama-server that runs: ${server} ends with ${told(version)}`);
    else if (!miniature && !/cuda/i.test(devices()))
      found.push(`a GPU for ${server}: it lists none, so it was built without CUDA`);
  }
  if (!miniature && husky !== '') {
    mkdirSync(work, { recursive: true });
    const config = join(work, 'sandbox.yaml');
    writeFileSync(config, JSON.stringify({ sandbox: { language: 'python', ...(way ? { python: way } : {}) } }));
    const options = { env: environment, encoding: 'utf8', timeout: 120_000, input: 'import sympy\nprint(6 * 7)' };
    const ran = spawnSync(process.execPath, [husky, 'exec', '--language', 'python', '--config', config], options);
    if (!/\b42\b/.test(ran.stdout ?? ''))
      found.push(
        `Python in the sandbox (without network, carry ~/.cache/temporal-husky/sandbox/python-* from a machine that has it): ${told(ran)}`,
      );
  }
  mkdirSync(work, { recursive: true });
  const { bavail, bsize } = statfsSync(work);
  const free = (bavail * bsize) / 1e9;
  if (free < diskGb) found.push(`room on the disk of ${work}: ${free.toFixed(1)} GB are free, ${diskGb} are needed (HUSKY_REAL_DISK_GB asks for less)`);
  return found;
}

/** A kit whose llama-server is still being built (kit.sh starts that) is waited for. */
async function untilBuilt(source, log) {
  const isBuilding = () => {
    const text = existsSync(log) ? readFileSync(log, 'utf8') : '';
    return existsSync(join(source, 'started')) && !/^BUILD \d+/m.test(text);
  };
  if (isBuilding()) console.log(`Waiting for llama-server, which is being built (${log}) ...`);
  for (let wait = 0; isBuilding() && wait < 600; wait += 1) await new Promise((resolve) => setTimeout(resolve, 1000));
}
