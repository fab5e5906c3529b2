/**
 * Every system over the same questions. A system answers the tasks of a line of place.tests in one command, and all systems answer a line
 * before the next is begun, so that a run which is cut short compares all systems on the first tasks.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** How a base is asked without training, the experts of the first seed, and with the first base the teacher. */
export function untrained({ place, base, isFirst }) {
  const [seed] = place.seeds;
  const prompted = (system) => [`${base}-base-${system}`, system, ({ chat }) => ({ prompts: 'instruct', models: chat })];
  const systems = place.miniature ? ['cot', 'husky'] : ['cot', 'program', 'cot-few-shot', 'husky'];
  return [
    ...(isFirst ? [expertsOf(base, seed)] : []),
    ...systems.map(prompted),
    ...(isFirst && place.hasTeacher
      ? [
          ['teacher-husky', 'husky', taught, 'teacher'],
          ['teacher-cot', 'cot', taught, 'teacher'],
        ]
      : []),
  ];
}

/** Whatever was trained of a base; systems that were evaluated before are passed over as stages that are done. */
export function trained({ place, base }) {
  return place.seeds.flatMap((seed) => [
    expertsOf(base, seed),
    [`${base}-cot-${seed}`, 'cot', ({ of }) => of(`cot-${seed}`, ({ action }) => ({ prompts: 'expert', models: { default: action } }))],
    [
      `${base}-one-${seed}`,
      'husky',
      ({ of }) => of(`one-${seed}`, ({ action }) => ({ prompts: 'expert', guidance: GUIDED, models: { default: action } })),
    ],
  ]);
}

/** The loop checks the experts' answers and has them vote, as it does with untrained models. */
const GUIDED = { experts: true };

const expertsOf = (base, seed) => [
  `${base}-experts-${seed}`,
  'husky',
  ({ of, models }) =>
    of(`experts-${seed}`, (experts) => ({ prompts: 'expert', guidance: GUIDED, models: { ...experts, default: models.default } })),
];

const taught = ({ place }) => {
  const yaml = createRequire(join(place.package, 'x.js'))('yaml');
  const { models } = yaml.parse(readFileSync(join(place.work, 'teacher.yaml'), 'utf8'));
  return { prompts: 'instruct', models };
};

/**
 * @param options.folder where the adapters of a kind and seed lie
 * @param options.systems name, system and `husky.yaml` of each; those whose adapters were not trained are left out
 */
export async function evaluations({ place, stages, load, base, folder, systems }) {
  const kinds = place.seeds.flatMap((seed) => ['experts', 'cot', 'one'].map((kind) => [`${kind}-${seed}`, folder(kind, seed)]));
  const { models, scriptOf } = await adapters({ place, load, base }, kinds);
  const of = (name, content) => {
    const own = Object.entries(models).filter(([key]) => key.startsWith(`${name}.`));
    return own.length > 0 ? content(Object.fromEntries(own.map(([key, model]) => [key.split('.')[1], model]))) : undefined;
  };
  const asked = systems.flatMap(([name, system, contentOf, served = 'adapters']) => {
    const content = contentOf({ place, models, of, chat: { default: { ...models.default, api: 'chat' } } });
    return content ? [{ name, system, content, served }] : [];
  });
  const server = `adapters-${base}`;
  const serve = {
    adapters: () => stages.serveCopies(server, place.port + 1, place.copies.adapters, (port) => ['/bin/sh', [scriptOf(port)]]),
    teacher: () => teacher(place, stages),
  };
  const started = new Map();
  const start = (kind) => started.get(kind) ?? started.set(kind, serve[kind]()).get(kind);
  /** Systems side by side, each always in the same lane, whose Temporal server knows its evaluations. */
  const inLane = async (lane, { limit, tasks }) => {
    for (const { name, system, content, served } of asked.filter((_, at) => at % place.evaluations === lane))
      await stages.stage(`eval-${name}-${tasks[0]}`, async () => {
        await start(served);
        return evaluate(place, stages, { name, system, config: config(place, name, content), tasks, limit, lane });
      });
  };
  try {
    for (const line of place.tests) {
      const ended = await Promise.allSettled(Array.from({ length: place.evaluations }, (_, lane) => inLane(lane, line)));
      const failed = ended.find(({ status }) => status === 'rejected');
      if (failed) throw failed.reason;
    }
  } finally {
    await stages.unserve(server);
  }
}

export async function teacher(place, stages) {
  const weights = place.isVllm ? await weightsOf(place, `${place.teacher}.gguf`) : undefined;
  return stages.serveCopies('teacher', place.port, place.copies.teacher, (port) => {
    const listen = ['--host', '127.0.0.1', '--port', port];
    if (weights)
      return ['vllm', ['serve', weights, '--served-model-name', place.teacher, ...listen, ...place.environment.VLLM_ARGS.split(' ')]];
    return [
      place.server,
      [
        ...['-m', `${place.teacher}.gguf`, '--alias', place.teacher, ...listen],
        ...['-np', place.slots, '-c', place.slots * place.slotTokens],
        ...(place.threads ? ['-t', place.threads] : []),
      ],
    ];
  });
}

/** vLLM serves no adapters over GGUF files: their weights in 16-bit floats, as the trainer makes them. */
export async function dequantise(place, stages) {
  const program =
    'import sys; from pathlib import Path; from temporal_husky_trainer.sft.base import dequantised; dequantised(Path(sys.argv[1]).resolve())';
  const trainer = join(place.package, 'trainer/src');
  await Promise.all(
    Object.keys(place.models).map((name) =>
      stages.run(`weights-${name}`, place.environment.HUSKY_TRAINER_PYTHON, ['-c', program, `${name}.gguf`], {
        environment: { PYTHONPATH: [trainer, process.env.PYTHONPATH].filter(Boolean).join(':') },
      }),
    ),
  );
}

async function weightsOf(place, file) {
  const { dequantisedBase } = createRequire(join(place.package, 'x.js'))('./dist/training/dequantised-base.js');
  return dequantisedBase(join(place.work, file), place.environment);
}

/** One server with every adapter that was trained. @param folders name and folder of each set of experts */
async function adapters({ place, load, base }, folders) {
  const { servingPlan } = load('training/serving');
  const { listExperts } = load('training/experts');
  const records = [];
  for (const [name, folder] of folders)
    if (existsSync(folder))
      for (const record of await listExperts(folder).catch(() => []))
        records.push({ ...record, base: join(place.work, `${base}.gguf`), module: `${name}.${record.module}` });
  const file = join(place.work, `${base}.gguf`);
  const weights = place.isVllm ? await weightsOf(place, `${base}.gguf`) : undefined;
  // vLLM answers by its own name for the base, unless there is nothing else.
  const rest = place.isVllm ? (records.length === 0 ? { rest: weights } : {}) : { rest: file };
  const planOf = (port) =>
    servingPlan({
      server: place.isVllm ? 'vllm' : 'llama-cpp',
      ...{ experts: records, folder: place.work, style: 'expert', port, ...rest },
      ...(weights ? { weights: { [file]: weights } } : {}),
    });
  const scriptOf = (port) => {
    const script = join(place.work, `serve-${base}-${port}.sh`);
    writeFileSync(script, planOf(port).script, { mode: 0o755 });
    return script;
  };
  const more = { contextTokens: 4096, ...(place.maxTokens ? { maxTokens: place.maxTokens } : {}) };
  const models = Object.entries(planOf(place.port + 1).config.models).map(([name, model]) => [name, { ...model, ...more }]);
  return { scriptOf, models: Object.fromEntries(models) };
}

function config(place, name, content) {
  const { stringify } = createRequire(join(place.package, 'x.js'))('yaml');
  const path = join(place.work, `${name}.yaml`);
  writeFileSync(path, stringify({ ...ONE_HOST, sandbox: sandboxOf(place), search: { index: 'facts.db' }, ...content }));
  return path;
}

/** Worker and Temporal server share this machine, which has better to do than to write events. */
export const ONE_HOST = { stepsPerActivity: 8, journal: 'file' };

/** What the code generators write, and what runs it. */
export const sandboxOf = ({ miniature, python }) =>
  miniature ? { language: 'javascript' } : { language: 'python', ...(python ? { python } : {}) };

async function evaluate(place, stages, { name, system, config, tasks, limit, lane }) {
  const { correct, total } = await stages.huskyIn(
    lane === 0 ? {} : { XDG_DATA_HOME: join(place.work, 'lanes', String(lane)) },
    `eval-${name}-${tasks[0]}`,
    'eval',
    ...['--task', ...tasks, '--limit', limit, '--seed', 11, '--system', system, '--config', config],
    ...['--data', join(place.work, 'data/sets'), '--out', join('runs', name, tasks[0])],
    ...['--max-in-flight', place.inFlight],
    ...(place.maxSteps ? ['--max-steps', place.maxSteps] : []),
  );
  return { correct, total };
}
