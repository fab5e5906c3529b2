import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TrainingJob, TrainingProgress, TrainResult } from '../../src/contract/training';
import type { ModuleName } from '../../src/trajectory/modules';
import { labContext, startLab, type Lab } from './harness';
import { temporaryFolder } from '../temporary-folder';
import { mapTrajectory, writeLines } from './trajectories';

/** Workers and servers of their own on a machine that may be busy. */
jest.setTimeout(300_000);

const folder = temporaryFolder('training');
let lab: Lab;
let runs = 0;

/** One worker for all that does not kill its own. */
const over = Promise.withResolvers<void>();
let worker: Promise<void>;

beforeAll(async () => {
  lab = await startLab();
  worker = lab.withWorker(context(), () => over.promise);
});
afterAll(async () => {
  over.resolve();
  await worker;
  await lab.stop();
});

function job(
  settings: TrainingJob['settings'] = {},
  module: ModuleName = 'query',
  out = join(folder, `out-${(runs += 1)}`, module),
): TrainingJob {
  const data = join(folder, 'data', module);
  mkdirSync(data, { recursive: true });
  writeLines(
    join(data, 'train.jsonl'),
    Array.from({ length: 20 }, (_, at) => ({
      id: `${at}`,
      tool: 'search',
      prompt: `Find place ${at}: `,
      completion: `place ${at}`,
    })),
  );
  return {
    module,
    backend: 'bigram',
    data,
    base: '',
    out,
    device: 'cpu',
    settings: { mode: 'train', steps: 30, seed: 3, pause: 0, ...settings },
  };
}

const start = (jobs: TrainingJob[], taskQueue = 'lab', parallel = 1) =>
  lab.client.workflow.start<(input: { jobs: TrainingJob[]; parallel: number }) => Promise<TrainResult>>('huskyTrain', {
    args: [{ jobs, parallel }],
    workflowId: `train-${(runs += 1)}`,
    taskQueue,
  });

const context = () =>
  labContext([mapTrajectory(0)], () => {
    throw new Error('no model is called');
  });
const trained = async (jobs: TrainingJob[], parallel = 1) => (await start(jobs, 'lab', parallel)).result();
const failing = (jobs: TrainingJob[], parallel = 1) =>
  trained(jobs, parallel).then(
    () => {
      throw new Error('trained');
    },
    (error: { cause: { type: string; message: string; details?: unknown[] } }) => error.cause,
  );

test('trains modules side by side and says where their weights are', async () => {
  const jobs = [job({}, 'action'), job({}, 'code'), job({}, 'query'), job({}, 'arguments')];
  const { modules } = await trained(jobs, 2);
  expect(modules.map(({ module, steps }) => ({ module, steps }))).toEqual([
    { module: 'action', steps: 30 },
    { module: 'code', steps: 30 },
    { module: 'query', steps: 30 },
    { module: 'arguments', steps: 30 },
  ]);
  for (const { model } of modules) expect(existsSync(join(model, 'weights.json'))).toBe(true);
});

test('a module that is trained is not trained again', async () => {
  const one = job();
  const first = await trained([one]);
  writeFileSync(join(one.out, 'pid'), 'untouched');
  expect(await trained([one])).toEqual(first);
  expect(readFileSync(join(one.out, 'pid'), 'utf8')).toBe('untouched');
});

test('a folder of work that was moved is not trained again', async () => {
  const one = job({}, 'query', join(folder, 'before', 'query'));
  const [first] = (await trained([one])).modules;
  renameSync(join(folder, 'before'), join(folder, 'after'));
  cpSync(one.data, join(folder, 'data-moved'), { recursive: true });
  const moved = { ...one, out: join(folder, 'after', 'query'), data: join(folder, 'data-moved') };
  const trainer = readFileSync(join(moved.out, 'pid'), 'utf8');
  expect((await trained([moved])).modules).toEqual([{ ...first, model: join(moved.out, 'model') }]);
  expect(readFileSync(join(moved.out, 'pid'), 'utf8')).toBe(trainer);
});

test('a base whose weights have changed is trained again, whatever else lies beside them', async () => {
  const base = join(folder, 'base');
  mkdirSync(join(base, 'query'), { recursive: true });
  writeFileSync(join(base, 'query', 'query.gguf'), 'weights');
  const one = { ...job(), base };
  await trained([one]);
  const mark = join(one.out, 'pid');
  const trainedAgain = async () => {
    writeFileSync(mark, 'untouched');
    await trained([one]);
    return !existsSync(mark) || readFileSync(mark, 'utf8') !== 'untouched';
  };
  writeFileSync(join(base, 'query', 'crashes.json'), '{}');
  expect(await trainedAgain()).toBe(false);
  writeFileSync(join(base, 'query', 'query.gguf'), 'weighty');
  expect(await trainedAgain()).toBe(true);
});

test('other settings of learning put the finished expert aside, those of reporting leave it', async () => {
  const one = job();
  const [first] = (await trained([one])).modules;
  const trainer = readFileSync(join(one.out, 'pid'), 'utf8');
  const reported = { ...one, settings: { ...one.settings, logSteps: 5, checkpointSteps: 7 } };
  expect((await trained([reported])).modules).toEqual([first]);
  expect(readFileSync(join(one.out, 'pid'), 'utf8')).toBe(trainer);
  const weights = readFileSync(join(one.out, 'model', 'weights.json'), 'utf8');
  const [again] = (await trained([{ ...one, settings: { ...one.settings, steps: 31 } }])).modules;
  expect(again).toMatchObject({ steps: 31 });
  const [, aside = ''] = /kept in (.*);/.exec(again?.notices?.[0] ?? '') ?? [];
  expect(readFileSync(join(aside, 'model', 'weights.json'), 'utf8')).toBe(weights);
  expect((await trained([one])).modules).toEqual([first]);
  expect(readFileSync(join(one.out, 'pid'), 'utf8')).toBe(trainer);
});

test('checkpoints of a training that was left are put aside by other settings, and gone on with by its own', async () => {
  const left = job({ steps: 300, pause: 0.02 });
  const handle = await start([left]);
  while (!existsSync(join(left.out, 'checkpoints/checkpoint.json'))) await setTimeout(20);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  const { modules } = await trained([{ ...left, settings: { ...left.settings, steps: 5 } }]);
  expect(modules[0]?.notices?.[0]).toMatch(/the same command as then goes on with it/);
  await trained([left]);
  const steps = readFileSync(join(left.out, 'progress.jsonl'), 'utf8').trim().split('\n');
  expect(steps.filter((line) => (JSON.parse(line) as TrainingProgress).step === 1)).toHaveLength(1);
});

describe('killed in the middle, it goes on from the last checkpoint and ends with the same weights:', () => {
  const held = { steps: 60, hold: 12 };
  let undisturbed: string | undefined;
  beforeAll(async () => {
    undisturbed = (await trained([job({ ...held, hold: 0 })])).modules[0]?.weights;
  });

  const step = async (workflowId: string) => {
    const { raw } = await lab.client.workflow.getHandle(workflowId).describe();
    const details = raw.pendingActivities?.[0]?.heartbeatDetails?.payloads?.[0]?.data;
    return details ? (JSON.parse(Buffer.from(details).toString()) as TrainingProgress).step : 0;
  };
  const until = async (holds: () => Promise<boolean>) => {
    while (!(await holds())) await setTimeout(20);
  };

  test('the trainer', async () => {
    const one = job(held);
    const handle = await start([one]);
    await until(async () => (await step(handle.workflowId)) >= 12);
    process.kill(Number(readFileSync(join(one.out, 'pid'), 'utf8')), 'SIGKILL');
    const { modules } = await handle.result();
    expect(modules[0]?.weights).toBe(undisturbed);
    expect(JSON.parse(readFileSync(join(one.out, 'crashes.json'), 'utf8'))).toMatchObject({ count: 1 });
  });

  test('the worker, whose trainer dies with it', async () => {
    const one = job(held);
    const first = lab.spawnWorker('killed', join(folder, 'calls'));
    const handle = await start([one], 'killed');
    await until(async () => (await step(handle.workflowId)) >= 12);
    const trainer = Number(readFileSync(join(one.out, 'pid'), 'utf8'));
    first.kill('SIGKILL');
    lab.spawnWorker('killed', join(folder, 'calls'));
    await until(async () => !isAlive(trainer));
    const { modules } = await handle.result();
    expect(modules[0]?.weights).toBe(undisturbed);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('each failure has its type and is not tried again', () => {
  test.each([
    ['out-of-memory', 'TrainingOutOfMemory'],
    ['diverged', 'TrainingDiverged'],
    ['device-missing', 'TrainingDeviceMissing'],
    ['disk-full', 'TrainingDiskFull'],
    ['base-missing', 'InputInvalid'],
    ['base-untrainable', 'InputInvalid'],
    ['setting-invalid', 'InputInvalid'],
    ['package-missing', 'ConfigurationInvalid'],
    ['failed', 'TrainingFailed'],
  ])('%s is %s', async (mode, type) => {
    const failure = await failing([job({ mode })]);
    expect(failure).toMatchObject({ type, message: expect.stringMatching(/^query: /) as string });
  });

  test('a trainer that crashes at the same place three times', async () => {
    const failure = await failing([job({ mode: 'crash' })]);
    expect(failure).toMatchObject({
      type: 'TrainingFailed',
      message: expect.stringContaining('3 times without a new checkpoint') as string,
    });
    expect(failure.message).toContain('exit code 9');
  });

  test('an empty training set, while the other modules are trained and kept', async () => {
    const empty = job({}, 'math');
    writeFileSync(join(empty.data, 'train.jsonl'), '');
    const failure = await failing([empty, job({}, 'code')]);
    expect(failure).toMatchObject({
      type: 'InputInvalid',
      message: expect.stringContaining('The training set of math is empty') as string,
    });
    expect(failure.details).toMatchObject([{ modules: [{ module: 'code', steps: 30 }] }]);
  });

  test('a module that runs out of memory, while those beside it are trained to their end', async () => {
    const failure = await failing([job({ mode: 'out-of-memory' }, 'math'), job({ pause: 0.02 }, 'code')], 2);
    expect(failure).toMatchObject({
      type: 'TrainingOutOfMemory',
      details: [{ modules: [{ module: 'code', steps: 30 }] }],
    });
  });

  test('what all modules fail of is said once, with their names', async () => {
    const failure = await failing([job({ mode: 'device-missing' }, 'math'), job({ mode: 'device-missing' }, 'code')]);
    expect(failure.message).toMatch(/^math, code: This is what device-missing looks like/);
    expect(failure.message.match(/looks like/g)).toHaveLength(1);
  });

  test('no training set at all', async () => {
    const failure = await failing([{ ...job(), data: join(folder, 'absent') }]);
    expect(failure.message).toContain('holds no train.jsonl');
  });
});

test('cancelling ends the trainer', async () => {
  const one = job({ steps: 10_000, pause: 0.02 });
  const handle = await start([one]);
  while (!existsSync(join(one.out, 'checkpoints/checkpoint.json'))) await setTimeout(20);
  const trainer = Number(readFileSync(join(one.out, 'pid'), 'utf8'));
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ name: 'WorkflowFailedError' });
  while (isAlive(trainer)) await setTimeout(20);
});
