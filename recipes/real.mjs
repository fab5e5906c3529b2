/**
 * The recipe of recipes/real.sh: questions, a teacher's trajectories, experts of real bases in rounds, what they are compared with, tables.
 * Every stage is done once; the same command goes on.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparedSets } from './compared.mjs';
import { gather } from './gather.mjs';
import { prepare, teacherPort } from './prepare.mjs';
import { createStages, OutOfTime } from './stages.mjs';
import { surroundings } from './surroundings.mjs';
import { writeTables } from './tables.mjs';

const ADAPTER_PORT = 8301;

const { values } = parseArgs({
  options: {
    miniature: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '25' },
    work: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string' },
  },
});
const place = surroundings(values);
mkdirSync(place.work, { recursive: true });
const stages = createStages(place, { minutes: Number(values.minutes) });
const load = (room) => createRequire(join(place.package, 'x.js'))(`./dist/${room}.js`);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void stages.close().finally(() => process.exit(1)));

let exit = 0;
try {
  console.log(`Work in ${place.work}, results in ${place.out}`);
  await stages.stage('prepare', () => prepare(place));
  if (values.only !== 'prepare') {
    const rounds = await experts();
    await comparison(rounds);
    await evaluations(rounds);
  }
} catch (error) {
  if (!(error instanceof OutOfTime)) throw error;
  console.log(`\nThe time is up before ${error.message}; the same command goes on there.`);
  exit = 3;
} finally {
  await stages.close();
  if (values.only !== 'prepare' && existsSync(join(place.work, 'runs'))) {
    const tables = await writeTables(place, load);
    console.log(tables);
    console.log(gather(place));
  }
}
if (stages.failures.length > 0) console.log(`What failed:\n  ${stages.failures.join('\n  ')}`);
process.exitCode = stages.failures.length > 0 ? 1 : exit;

/** The pipeline for the first base and seed; its best round's training set teaches the other bases and seeds. @returns folder of that round */
async function experts() {
  const [base, ...otherBases] = place.bases;
  const [, ...otherSeeds] = place.seeds;
  if (!place.miniature) await teacher();
  const made = await stages.stage('pipeline', async () => {
    const { rounds, best } = await stages.husky('pipeline', 'pipeline', 'real.yaml');
    return { round: best, rounds };
  });
  if (!made) throw new Error('Without the pipeline there is nothing to compare.');
  await stages.unserve('teacher');
  const round = join(place.work, base, `round-${made.round}`);
  for (const [name, seed] of [
    ...otherSeeds.map((seed) => [base, seed]),
    ...otherBases.flatMap((other) => place.seeds.map((seed) => [other, seed])),
  ])
    await stages.stage(`experts-${name}-${seed}`, () =>
      train(`experts-${name}-${seed}`, name, seed, join(round, 'training-set'), 'all'),
    );
  return round;
}

async function comparison(round) {
  const epochs = place.train.epochs ?? 3;
  const sets = await stages.stage('compared-sets', () => comparedSets(place, round, epochs));
  if (!sets) return;
  for (const base of place.bases)
    for (const seed of place.seeds)
      for (const kind of ['cot', 'one'])
        await stages.stage(`${kind}-${base}-${seed}`, () =>
          train(`${kind}-${base}-${seed}`, base, seed, sets[kind].folder, 'action', sets[kind].epochs),
        );
}

function train(name, base, seed, data, module, epochs) {
  const settings = {
    loraRank: 8,
    loraAlpha: 16,
    epochs: epochs ?? 3,
    batchSize: 32,
    ...place.train,
    ...place.others,
    ...(epochs && !place.train.maxSteps ? { epochs } : {}),
    seed,
  };
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  const parallel = place.miniature ? 1 : 2;
  return stages.husky(
    name,
    'train',
    '--module',
    module,
    '--data',
    data,
    '--base',
    `${base}.gguf`,
    '--out',
    join('trained', name),
    '--preset',
    'lora',
    '--parallel',
    parallel,
    ...set,
  );
}

/** Every system over the same questions. The teacher comes last: the tables of the bases are worth more. */
async function evaluations(round) {
  const { servingPlan } = load('training/serving');
  const { listExperts } = load('training/experts');
  const { stringify } = createRequire(join(place.package, 'x.js'))('yaml');
  const config = (name, content) => {
    const path = join(place.work, `${name}.yaml`);
    writeFileSync(
      path,
      stringify({
        sandbox: { language: place.miniature ? 'javascript' : 'python' },
        search: { index: 'facts.db' },
        ...content,
      }),
    );
    return path;
  };
  for (const base of place.bases) {
    const folders = place.seeds.flatMap((seed) => {
      const own =
        base === place.bases[0] && seed === place.seeds[0]
          ? join(round, 'experts')
          : join(place.work, 'trained', `experts-${base}-${seed}`);
      return [
        [`experts-${seed}`, own],
        [`cot-${seed}`, join(place.work, 'trained', `cot-${base}-${seed}`)],
        [`one-${seed}`, join(place.work, 'trained', `one-${base}-${seed}`)],
      ];
    });
    const records = [];
    for (const [name, folder] of folders)
      if (existsSync(folder))
        for (const record of await listExperts(folder).catch(() => []))
          records.push({ ...record, base: join(place.work, `${base}.gguf`), module: `${name}.${record.module}` });
    const plan = servingPlan({
      server: 'llama-cpp',
      experts: records,
      folder: place.work,
      style: 'expert',
      port: ADAPTER_PORT,
    });
    const script = join(place.work, `serve-${base}.sh`);
    writeFileSync(script, plan.script, { mode: 0o755 });
    const models = Object.fromEntries(
      Object.entries(plan.config.models).map(([name, model]) => [
        name,
        { ...model, contextTokens: 4096, ...(place.maxTokens ? { maxTokens: place.maxTokens } : {}) },
      ]),
    );
    const chat = { ...models.default, api: 'chat' };
    const systems = [
      ['base-cot', 'cot', { prompts: 'instruct', models: { default: chat } }],
      ['base-cot-few-shot', 'cot-few-shot', { prompts: 'instruct', models: { default: chat } }],
      ['base-program', 'program', { prompts: 'instruct', models: { default: chat } }],
      ['base-husky', 'husky', { prompts: 'instruct', models: { default: chat } }],
      ...place.seeds.flatMap((seed) => {
        const of = (name) =>
          Object.fromEntries(
            Object.entries(models)
              .filter(([key]) => key.startsWith(`${name}-${seed}.`))
              .map(([key, model]) => [key.split('.')[1], model]),
          );
        const [cot, one] = [of('cot').action, of('one').action];
        return [
          [`experts-${seed}`, 'husky', { prompts: 'expert', models: { ...of('experts'), default: models.default } }],
          ...(cot ? [[`cot-${seed}`, 'cot', { prompts: 'expert', models: { default: cot } }]] : []),
          ...(one ? [[`one-${seed}`, 'husky', { prompts: 'expert', models: { default: one } }]] : []),
        ];
      }),
    ].filter(([name]) => !place.miniature || !/few-shot|program/.test(name));
    if (systems.some(([name]) => !existsSync(stages.mark(`eval-${base}-${name}`))))
      await stages.serve(`adapters-${base}`, ADAPTER_PORT, '/bin/sh', [script]);
    for (const [name, system, content] of systems)
      await stages.stage(`eval-${base}-${name}`, () =>
        evaluate(`${base}-${name}`, system, config(`${base}-${name}`, content)),
      );
    await stages.unserve(`adapters-${base}`);
  }
  const names = ['teacher-husky', 'teacher-cot'];
  if (names.some((name) => !existsSync(stages.mark(`eval-${name}`)))) await teacher();
  const { models } = createRequire(join(place.package, 'x.js'))('yaml').parse(
    readFileSync(join(place.work, 'teacher.yaml'), 'utf8'),
  );
  await stages.stage('eval-teacher-husky', () =>
    evaluate('teacher-husky', 'husky', config('teacher-husky', { prompts: 'few-shot', models })),
  );
  await stages.stage('eval-teacher-cot', () =>
    evaluate('teacher-cot', 'cot', config('teacher-cot', { prompts: 'instruct', models })),
  );
  await stages.unserve('teacher');
}

/** One task at a time, since each has as many questions as it is worth; runs of the same seed have the same questions. */
async function evaluate(name, system, config) {
  const results = {};
  for (const [task, limit] of Object.entries(place.tests)) {
    const steps = place.maxSteps ? ['--max-steps', place.maxSteps] : [];
    const { correct, total } = await stages.husky(
      `eval-${name}-${task}`,
      'eval',
      '--task',
      task,
      '--limit',
      limit,
      '--seed',
      11,
      '--system',
      system,
      '--config',
      config,
      '--data',
      join(place.work, 'data/sets'),
      '--out',
      join('runs', name, task),
      '--max-in-flight',
      place.inFlight,
      ...steps,
    );
    results[task] = { correct, total };
  }
  return results;
}

function teacher() {
  const threads = place.threads ? ['-t', place.threads] : [];
  return stages.serve('teacher', teacherPort, place.server, [
    '-m',
    `${place.teacher}.gguf`,
    '--alias',
    place.teacher,
    '--host',
    '127.0.0.1',
    '--port',
    teacherPort,
    '-np',
    place.slots,
    '-c',
    place.slots * place.slotTokens,
    ...threads,
  ]);
}
