/**
 * Every system over the same questions: all of them answer one task before the next is begun, so that a run which is cut short compares all
 * systems on the first tasks.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The systems of one base and seed; with the first of both also the base itself and the teacher. @param options.experts their folder */
export async function evaluations({ place, stages, load, base, seed, experts }) {
  const isFirstSeed = seed === place.seeds[0];
  const isFirst = isFirstSeed && base === place.bases[0];
  const trained = (kind) => join(place.work, 'trained', `${kind}-${base}-${seed}`);
  const { models, script } = await adapters({ place, load, base }, [
    ['experts', experts],
    ['cot', trained('cot')],
    ['one', trained('one')],
  ]);
  const of = (name) =>
    Object.fromEntries(
      Object.entries(models)
        .filter(([key]) => key.startsWith(`${name}.`))
        .map(([key, model]) => [key.split('.')[1], model]),
    );
  const [cot, one] = [of('cot').action, of('one').action];
  const chat = { default: { ...models.default, api: 'chat' } };
  const server = `adapters-${base}-${seed}`;
  const adapted = [
    [`${base}-experts-${seed}`, 'husky', { prompts: 'expert', models: { ...of('experts'), default: models.default } }],
    ...(isFirstSeed
      ? [
          [`${base}-base-cot`, 'cot', { prompts: 'instruct', models: chat }],
          [`${base}-base-program`, 'program', { prompts: 'instruct', models: chat }],
        ]
      : []),
    ...(cot ? [[`${base}-cot-${seed}`, 'cot', { prompts: 'expert', models: { default: cot } }]] : []),
    ...(one ? [[`${base}-one-${seed}`, 'husky', { prompts: 'expert', models: { default: one } }]] : []),
    ...(isFirstSeed
      ? [
          [`${base}-base-cot-few-shot`, 'cot-few-shot', { prompts: 'instruct', models: chat }],
          [`${base}-base-husky`, 'husky', { prompts: 'instruct', models: chat }],
        ]
      : []),
  ].filter(([name]) => !place.miniature || !/few-shot|program/.test(name));
  const taught = isFirst ? teacherSystems(place) : [];
  try {
    for (const [task, limit] of Object.entries(place.tests)) {
      for (const [systems, serve] of [
        [adapted, () => stages.serve(server, place.port + 1, '/bin/sh', [script])],
        [taught, () => teacher(place, stages)],
      ])
        for (const [name, system, content] of systems)
          await stages.stage(`eval-${name}-${task}`, async () => {
            await serve();
            return evaluate(place, stages, { name, system, config: config(place, name, content), task, limit });
          });
    }
  } finally {
    await stages.unserve(server);
    if (isFirst) await stages.unserve('teacher');
  }
}

export function teacher(place, stages) {
  return stages.serve('teacher', place.port, place.server, [
    ...['-m', `${place.teacher}.gguf`, '--alias', place.teacher, '--host', '127.0.0.1', '--port', place.port],
    ...['-np', place.slots, '-c', place.slots * place.slotTokens],
    ...(place.threads ? ['-t', place.threads] : []),
  ]);
}

function teacherSystems(place) {
  const yaml = createRequire(join(place.package, 'x.js'))('yaml');
  const { models } = yaml.parse(readFileSync(join(place.work, 'teacher.yaml'), 'utf8'));
  return [
    ['teacher-husky', 'husky', { prompts: 'few-shot', models }],
    ['teacher-cot', 'cot', { prompts: 'instruct', models }],
  ];
}

/** One llama-server with every adapter that was trained. @param folders name and folder of each set of experts */
async function adapters({ place, load, base }, folders) {
  const { servingPlan } = load('training/serving');
  const { listExperts } = load('training/experts');
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
    port: place.port + 1,
    rest: join(place.work, `${base}.gguf`),
  });
  const script = join(place.work, `serve-${base}.sh`);
  writeFileSync(script, plan.script, { mode: 0o755 });
  const more = { contextTokens: 4096, ...(place.maxTokens ? { maxTokens: place.maxTokens } : {}) };
  const models = Object.entries(plan.config.models).map(([name, model]) => [name, { ...model, ...more }]);
  return { script, models: Object.fromEntries(models) };
}

function config(place, name, content) {
  const { stringify } = createRequire(join(place.package, 'x.js'))('yaml');
  const path = join(place.work, `${name}.yaml`);
  const language = place.miniature ? 'javascript' : 'python';
  writeFileSync(path, stringify({ sandbox: { language }, search: { index: 'facts.db' }, ...content }));
  return path;
}

async function evaluate(place, stages, { name, system, config, task, limit }) {
  const { correct, total } = await stages.husky(
    `eval-${name}-${task}`,
    'eval',
    ...['--task', task, '--limit', limit, '--seed', 11, '--system', system, '--config', config],
    ...['--data', join(place.work, 'data/sets'), '--out', join('runs', name, task)],
    ...['--max-in-flight', place.inFlight],
    ...(place.maxSteps ? ['--max-steps', place.maxSteps] : []),
  );
  return { correct, total };
}
