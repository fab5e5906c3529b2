/**
 * Trains one module: prepares the job, runs the trainer and returns its result. It may be repeated: the trainer resumes from its last
 * checkpoint, and a trained module is not trained again.
 */
import { appendFileSync, existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { createFailure } from '../failures';
import { fingerprint, sha256OfFile, sha256OfJson } from '../files/fingerprint';
import { readIfThere } from '../files/read-if-there';
import { replaceFile, replaceJson } from '../files/replace-file';
import { MODULES } from '../trajectory/modules';
import type { TrainedModule, TrainingJob, TrainingProgress } from '../contract/training';
import { runTrainer } from './trainer-process';
import { trainerBackend, type TrainerBackend } from './trainers';

/** The Python side of this package. */
const TRAINER_FOLDER = join(__dirname, '../../trainer');
/** Loss, gradient norm and rate of each reported step, one JSON object a line; only added to, so that steps after a checkpoint may stand twice. */
const PROGRESS_LOG = 'progress.jsonl';
const RESULT = 'result.json';
const CHECKPOINTS = 'checkpoints';
/** Crashes without a new checkpoint in between, after which the training fails for good. */
const CRASHES = 3;

export interface TrainModuleOptions {
  onProgress: (progress: TrainingProgress) => void;
  signal: AbortSignal;
  /** Replaces the registry's back end. */
  backend?: TrainerBackend;
  /** @default HUSKY_TRAINER_PYTHON, or the back end's virtual environment in trainer/ */
  python?: string;
  /** Folders for `PYTHONPATH` before the package's own. */
  path?: readonly string[];
}

export async function trainModule(job: TrainingJob, options: TrainModuleOptions): Promise<TrainedModule> {
  const backend = options.backend ?? trainerBackend(job.backend);
  await checkData(job);
  const identity = await identityOf(job, backend);
  const aside = await beginFolder(job.out, identity);
  const before = await readResult(job.out);
  if (before?.identity === identity) return before.result;
  const jobFile = join(job.out, 'job.json');
  replaceJson(jobFile, job);
  const progress: TrainingProgress = { module: job.module, step: 0, steps: 0 };
  let dropped = 0;
  const notices =
    aside === undefined
      ? []
      : [`What was there, of other data or settings, was kept in ${aside}; the same command as then goes on with it.`];
  if (aside !== undefined) progress.notice = notices[0];
  try {
    const done = await runTrainer(
      {
        python: options.python ?? pythonOf(backend),
        program: backend.program,
        jobFile,
        path: [...(options.path ?? []), join(TRAINER_FOLDER, 'src')],
      },
      (event) => {
        if (event.event === 'dropped') dropped += event.count;
        if (event.event === 'notice') {
          notices.push(event.text);
          progress.notice = event.text;
        }
        if (event.event === 'checkpoint') progress.checkpoint = event.step;
        if (event.event === 'start') Object.assign(progress, { step: event.step, steps: event.steps });
        if (event.event === 'progress') {
          const { event: _event, ...values } = withoutNull(event);
          Object.assign(progress, values);
          appendFileSync(join(job.out, PROGRESS_LOG), `${JSON.stringify(values)}\n`);
        }
        options.onProgress({ ...progress });
      },
      options.signal,
    );
    const { event: _event, ...rest } = withoutNull(done);
    const result = {
      module: job.module,
      ...rest,
      ...(dropped > 0 ? { dropped } : {}),
      ...(notices.length > 0 ? { notices } : {}),
    };
    replaceJson(join(job.out, RESULT), { identity, result });
    // Only a training from random weights is ever gone on with.
    if (backend.needsBase) await rm(join(job.out, CHECKPOINTS), { recursive: true, force: true });
    return { ...result, model: modelFolder(job.out) };
  } catch (error) {
    throw await countedCrash(job, progress, error);
  }
}

/** Settings that say how fast a training runs and what it tells, not what it learns. */
const UNDECIDING = ['logSteps', 'checkpointSteps', 'deviceTokens', 'gradientCheckpointing', 'threads'];

/** Identifies the weights by job, examples and base; by content, so that folders can be moved. */
async function identityOf(job: TrainingJob, { readsWholeSet = false }: TrainerBackend): Promise<string> {
  const own = ['train.jsonl', 'dev.jsonl'].map((name) => join(job.data, name));
  const others = readsWholeSet ? MODULES.map((module) => join(job.data, '..', module, 'train.jsonl')) : [];
  const data = await Promise.all([...own, ...others].map((path) => sha256OfFile(path).catch(() => '')));
  const settings = Object.fromEntries(Object.entries(job.settings).filter(([name]) => !UNDECIDING.includes(name)));
  return sha256OfJson({ ...job, settings, out: '', data, base: (await weightsOf(job.base)) ?? job.base });
}

/** Files of weights. */
const WEIGHTS = /\.(gguf|safetensors|bin|pt)$/;

/** By name and content; undefined for a base that is not on this machine. */
async function weightsOf(base: string): Promise<string[] | undefined> {
  const found = base === '' ? undefined : await stat(base).catch(() => undefined);
  if (!found) return undefined;
  const names = found.isDirectory()
    ? (await readdir(base, { recursive: true })).filter((name) => WEIGHTS.test(name))
    : [''];
  return Promise.all(names.sort().map(async (name) => `${name} ${await fingerprint(join(base, name))}`));
}

/**
 * Prepares the folder. A finished expert and checkpoints of other data or settings are put aside: a setting may have been mistyped, and they
 * took hours. Those of this job that were put aside are put back.
 *
 * @returns where the folder's earlier content lies now
 */
async function beginFolder(out: string, identity: string): Promise<string | undefined> {
  const mark = join(out, 'identity');
  const besides = (of: string) => `${out}.before-${of.slice(0, 8)}`;
  const there = await readIfThere(mark);
  const isAnother = there !== undefined && there !== identity;
  const isWorth = [RESULT, CHECKPOINTS].some((name) => existsSync(join(out, name)));
  const aside = isAnother && isWorth ? besides(there) : undefined;
  if (aside !== undefined) {
    await rm(aside, { recursive: true, force: true });
    await rename(out, aside);
  } else if (isAnother) await rm(out, { recursive: true, force: true });
  if (!existsSync(out) && existsSync(besides(identity))) await rename(besides(identity), out);
  if (there !== identity) replaceFile(mark, identity);
  return aside;
}

/** @throws InputInvalid when there is nothing to train on */
export async function checkData({ module, data }: Pick<TrainingJob, 'module' | 'data'>): Promise<void> {
  const size = (await stat(join(data, 'train.jsonl')).catch(() => undefined))?.size;
  if (size === undefined)
    throw createFailure('InputInvalid', `There is no training set for ${module}: ${data} holds no train.jsonl.`);
  if (size === 0)
    throw createFailure(
      'InputInvalid',
      `The training set of ${module} is empty: no kept trajectory taught it (see the statistics in its manifest.json).`,
    );
}

/**
 * @throws ConfigurationInvalid with the commands that make the environment
 */
function pythonOf({ name, environment: { folder } }: TrainerBackend): string {
  const named = process.env.HUSKY_TRAINER_PYTHON;
  if (named) return named;
  const python = join(TRAINER_FOLDER, folder, 'bin', 'python');
  if (existsSync(python)) return python;
  throw createFailure(
    'ConfigurationInvalid',
    `The trainer back end ${name} has no Python environment. Make it once with: node ${join(TRAINER_FOLDER, 'setup.mjs')} ${name}; or set HUSKY_TRAINER_PYTHON to a Python that has its packages.`,
  );
}

async function readResult(out: string): Promise<{ identity: string; result: TrainedModule } | undefined> {
  const text = await readIfThere(join(out, RESULT));
  if (text === undefined) return undefined;
  const { identity, result } = JSON.parse(text) as { identity: string; result: Omit<TrainedModule, 'model'> };
  return { identity, result: { ...result, model: modelFolder(out) } };
}

function modelFolder(out: string): string {
  return join(out, 'model');
}

/** Counts crashes, and makes the failure final if the trainer keeps ending at the same place. */
async function countedCrash(job: TrainingJob, { checkpoint = -1 }: TrainingProgress, error: unknown): Promise<unknown> {
  if (!(error instanceof ApplicationFailure) || error.type !== 'TrainingFailed' || error.nonRetryable) return error;
  const file = join(job.out, 'crashes.json');
  const before = JSON.parse((await readIfThere(file)) ?? '{"count":0,"checkpoint":-2}') as {
    count: number;
    checkpoint: number;
  };
  const count = checkpoint > before.checkpoint ? 1 : before.count + 1;
  replaceJson(file, { count, checkpoint: Math.max(checkpoint, before.checkpoint) });
  if (count < CRASHES) return error;
  replaceJson(file, { count: 0, checkpoint: -2 });
  return ApplicationFailure.create({
    type: 'TrainingFailed',
    nonRetryable: true,
    message: `${error.message} It ended ${count} times without a new checkpoint.`,
  });
}

function withoutNull<T extends object>(value: T): { [Key in keyof T]: Exclude<T[Key], null> } {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], null>;
  };
}
