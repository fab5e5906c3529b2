/**
 * Where everything lies that the recipe needs, and its sizes: on a GPU machine with a kit, or in miniature on a machine like yours.
 */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

const root = join(import.meta.dirname, '..');

const FULL = {
  bases: ['qwen-0.5b', 'smollm2-135m'],
  teacher: 'qwen-1.5b',
  seeds: [1, 2],
  questions: { gsm8k: 300, strategyqa: 90, atlas: 90 },
  dev: 60,
  tests: {
    gsm8k: 150,
    strategyqa: 100,
    'atlas-qa': 100,
    'atlas-qa-families': 60,
    'atlas-qa-entities': 60,
    tabmwp: 60,
    MATH: 60,
  },
  slots: 48,
  slotTokens: 3072,
  train: {},
  others: {},
  inFlight: 48,
};

/** A dozen questions whose trajectories are known, since no teacher of this size solves them. */
const MINIATURE = {
  ...FULL,
  bases: ['smollm2-135m'],
  teacher: 'smollm2-135m',
  questions: { atlas: 12 },
  dev: 1,
  tests: { 'atlas-qa': 2 },
  slots: 2,
  train: { maxSteps: 20, batchSize: 2, epochs: 1, checkpointSteps: 5, threads: 1, maxTokens: 512 },
  /** What the experts are compared with, and the second seed. */
  others: { maxSteps: 4 },
  threads: '1',
  inFlight: 2,
  /** A model that has learnt for 20 steps can go on for ever. */
  maxTokens: 24,
  maxSteps: 2,
};

/** @returns paths and sizes; throws with what is missing */
export function surroundings({ miniature, work, out }) {
  const kit = process.env.KIT ?? join(homedir(), 'kit');
  const first = (what, ...paths) => {
    const found = paths.filter(Boolean).find((path) => existsSync(path));
    if (!found) throw new Error(`${what} is missing; looked for ${paths.filter(Boolean).join(', ')}.`);
    return found;
  };
  const size = miniature ? MINIATURE : FULL;
  const models = process.env.HUSKY_REAL_MODELS;
  const home = resolve(work ?? join(root, '.husky-cache', miniature ? 'real-miniature' : 'real'));
  const server = first(
    'llama-server',
    process.env.LLAMA_SERVER,
    join(kit, 'llama.cpp/build/bin/llama-server'),
    models && join(models, 'llama.cpp/build/bin/llama-server'),
  );
  const husky = first('The built command', join(kit, 'husky/dist/cli/main.js'), join(root, 'dist/cli/main.js'));
  const model = (name) => first(`The model ${name}`, join(kit, `${name}.gguf`), models && join(models, `${name}.gguf`));
  return {
    ...size,
    miniature,
    root,
    husky,
    package: join(husky, '../../..'),
    server,
    work: home,
    out: resolve(out ?? join(home, 'results')),
    models: Object.fromEntries([...size.bases, size.teacher].map((name) => [name, model(name)])),
    datasets: miniature
      ? undefined
      : first(
          'The folder of datasets',
          process.env.HUSKY_DATA,
          join(kit, 'data/datasets'),
          join(kit, 'data'),
          join(root, '../shared/data/datasets'),
        ),
    environment: {
      ...process.env,
      LLAMA_SERVER: server,
      LD_LIBRARY_PATH: [join(server, '..'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      HUSKY_TRAINER_PYTHON:
        process.env.HUSKY_TRAINER_PYTHON ??
        (existsSync(join(root, 'trainer/.venv-sft/bin/python'))
          ? join(root, 'trainer/.venv-sft/bin/python')
          : 'python3'),
      HUSKY_BASES: process.env.HUSKY_BASES ?? join(home, 'bases'),
      SLOTS: String(size.slots),
      ...(size.threads ? { THREADS: size.threads } : {}),
      ...(existsSync(join(kit, 'temporal')) ? { TEMPORAL_CLI_PATH: join(kit, 'temporal') } : {}),
      HF_HUB_OFFLINE: '1',
    },
  };
}
