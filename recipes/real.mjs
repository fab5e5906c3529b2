/**
 * The recipe of recipes/real.sh: questions, a teacher's trajectories, experts of real bases in rounds, what they are compared with, tables.
 * Every stage is done once; the same command goes on. What is worth most comes first, so that a run which is cut short has tables.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { comparedSets } from './compared.mjs';
import { dequantise, evaluations, teacher, trained, untrained } from './evaluations.mjs';
import { gather } from './gather.mjs';
import { prepare } from './prepare.mjs';
import { finishedRounds } from './rounds.mjs';
import { createStages, OutOfTime } from './stages.mjs';
import { surroundings, Unfit } from './surroundings.mjs';
import { writeTables } from './tables.mjs';
import { writeTrainingLog } from './training-log.mjs';

const { values } = parseArgs({
  options: {
    miniature: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '25' },
    work: { type: 'string' },
    out: { type: 'string' },
    only: { type: 'string' },
    port: { type: 'string', default: '8101' },
    'pipeline-minutes': { type: 'string' },
    rounds: { type: 'string' },
    scale: { type: 'string', default: '1' },
    python: { type: 'string' },
    'no-teacher': { type: 'boolean', default: false },
    server: { type: 'string', default: 'llama-cpp' },
  },
});
const minutes = Number(values.minutes);
if (!['llama-cpp', 'vllm'].includes(values.server)) leave(`--server ${values.server} is neither llama-cpp nor vllm.`);
if (!(minutes > 0)) leave(`--minutes ${values.minutes} is no number of minutes.`);
const place = await surroundings(values).catch((error) => {
  if (error instanceof Unfit) leave(error.message);
  throw error;
});
mkdirSync(place.work, { recursive: true });
const stages = createStages(place, { minutes });
const load = (room) => createRequire(join(place.package, 'x.js'))(`./dist/${room}.js`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void stages.close().finally(() => process.exit(1)));

let exit = 0;
try {
  console.log(`Work in ${place.work}, results in ${place.out}`);
  const isPrepared = await stages.stage('prepare', () => prepare(place));
  if (isPrepared && values.only !== 'prepare') await all();
} catch (error) {
  if (!(error instanceof OutOfTime)) throw error;
  console.log(`\nThe time is up before ${error.message}; the same command goes on there.`);
  exit = 3;
} finally {
  await stages.close();
  if (values.only !== 'prepare') await results();
}
if (stages.failures.length > 0) console.log(`What failed:\n  ${stages.failures.join('\n  ')}`);
process.exitCode = stages.failures.length > 0 ? 1 : exit;

/** The first base with all that it is compared with, then the others. */
async function all() {
  const [first] = place.bases;
  if (place.isVllm && !(await stages.stage('weights', () => dequantise(place, stages)))) return;
  const made = await stages.stage(
    'pipeline',
    async () => {
      if (!place.miniature) await teacher(place, stages);
      const { rounds, best } = await stages.husky('pipeline', 'pipeline', 'real.yaml');
      return { round: best, rounds };
    },
    { minutes: place.pipelineMinutes, cut: () => finishedRounds(join(place.work, first)) },
  );
  if (!place.hasTeacher) await stages.unserve('teacher');
  if (!made) return;
  const round = join(place.work, first, `round-${made.round}`);
  const epochs = place.train.epochs ?? 2;
  const sets = await stages.stage('compared-sets', () => comparedSets(place, round, epochs));
  for (const base of place.bases) {
    const isFirst = base === first;
    const folder = (kind, seed) =>
      kind === 'experts' && isFirst && seed === place.seeds[0]
        ? join(round, 'experts')
        : join(place.work, 'trained', `${kind}-${base}-${seed}`);
    const trainings = trainAll({ base, isFirst, round, sets });
    // Nothing fails unseen while the first evaluations run.
    trainings.catch(() => undefined);
    if (place.trainings === 1) await trainings;
    const asked = { place, stages, load, base, folder };
    await evaluations({ ...asked, systems: untrained({ ...asked, isFirst }) });
    await trainings;
    await evaluations({ ...asked, systems: trained(asked) });
  }
  await stages.unserve('teacher');
}

/** Everything that is trained of a base, the first seed's first, so many at a time as the GPU holds. */
async function trainAll({ base, isFirst, round, sets }) {
  const jobs = place.seeds.flatMap((seed) => [
    ...(sets ? ['cot', 'one'] : []).map((kind) => [`${kind}-${base}-${seed}`, seed, sets[kind].folder, 'action', sets[kind].epochs]),
    ...(isFirst && seed === place.seeds[0]
      ? []
      : [[`experts-${base}-${seed}`, seed, join(round, 'training-set'), 'all', undefined]]),
  ]);
  let over;
  const next = async () => {
    for (let job = jobs.shift(); job && !over; job = jobs.shift()) {
      const [name, seed, data, module, epochs] = job;
      await stages.stage(name, () => train(name, base, seed, data, module, epochs)).catch((error) => (over = error));
    }
  };
  await Promise.all(Array.from({ length: place.trainings }, next));
  if (over) throw over;
}

function train(name, base, seed, data, module, epochs) {
  const settings = {
    loraRank: 8,
    loraAlpha: 16,
    epochs: epochs ?? 2,
    ...place.train,
    ...place.others,
    ...(epochs && !place.train.maxSteps ? { epochs } : {}),
    seed,
  };
  const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
  return stages.husky(
    name,
    'train',
    ...['--module', module, '--data', data, '--base', `${base}.gguf`, '--out', join('trained', name)],
    ...['--preset', 'lora', '--parallel', 1],
    ...set,
  );
}

/** Whatever there is so far, also after a failure. */
async function results() {
  try {
    if (existsSync(join(place.work, 'runs'))) console.log(await writeTables(place, load));
    console.log(writeTrainingLog(place));
    console.log(gather(place));
  } catch (error) {
    stages.failures.push(`results: ${error.stack}`);
  }
}

function leave(message) {
  console.error(message);
  process.exit(2);
}
