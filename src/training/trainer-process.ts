/**
 * Runs a trainer as a child process and reads what it reports. The child ends with this process, however this process ends: it
 * watches its standard input.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ApplicationFailure } from '@temporalio/common';
import { createFailure, type FailureType } from '../failures';
import { trainerEventSchema, type TrainerEvent } from './trainers/trainer-backend';
import { parseJson } from '../trajectory/json-object';
import { withPoint } from '../trajectory/bounded-text';

export interface TrainerCommand {
  python: string;
  /** Python module, run with `-m`. */
  program: string;
  jobFile: string;
  /** Folders for `PYTHONPATH`. */
  path: readonly string[];
}

type Done = Extract<TrainerEvent, { event: 'done' }>;
type End = [code: number | null, signal: NodeJS.Signals | null];

/** Lines of the log that a failure quotes. */
const LOG_LINES = 30;
/** After SIGTERM a trainer is given so long. */
const GRACE_MS = 5000;

/** The last line of a Python that is too old for the trainer, or lacks its packages. */
const UNFIT =
  /^(?:ModuleNotFoundError|ImportError|SyntaxError|TypeError: unsupported operand type\(s\) for \||TypeError: 'type' object is not sub)/;

const FAILURE_OF: Record<string, FailureType> = {
  'out-of-memory': 'TrainingOutOfMemory',
  diverged: 'TrainingDiverged',
  'device-missing': 'TrainingDeviceMissing',
  'disk-full': 'TrainingDiskFull',
  'base-missing': 'InputInvalid',
  'base-untrainable': 'InputInvalid',
  'data-invalid': 'InputInvalid',
  'setting-invalid': 'InputInvalid',
  'package-missing': 'ConfigurationInvalid',
};

/**
 * @param onEvent each event as it is read, the last included
 * @throws TrainingOutOfMemory, TrainingDiverged, TrainingDeviceMissing, TrainingDiskFull, InputInvalid, ConfigurationInvalid, or TrainingFailed with the last lines of the log
 */
export async function runTrainer(
  { python, program, jobFile, path }: TrainerCommand,
  onEvent: (event: TrainerEvent) => void,
  signal: AbortSignal,
): Promise<Done> {
  const log: string[] = [];
  const child = spawn(python, ['-m', program, jobFile], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // PyTorch's 2,000 modules are compiled once, also where images and CI forbid Python to keep what it compiled.
    env: { ...process.env, PYTHONPATH: path.join(':'), PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '' },
  });
  child.stdin.on('error', () => undefined);
  const stop = () => {
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), GRACE_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  let done: Done | undefined;
  let started = false;
  let failure: Extract<TrainerEvent, { event: 'error' }> | undefined;
  const ended = once(child, 'close') as Promise<End>;
  const reading = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = trainerEventSchema.safeParse(parseJson(line)).data;
      if (!event) continue;
      if (event.event === 'start') started = true;
      if (event.event === 'done') done = event;
      if (event.event === 'error') failure = event;
      onEvent(event);
    }
  })();
  const logging = (async () => {
    for await (const line of createInterface({ input: child.stderr })) {
      log.push(line);
      if (log.length > LOG_LINES) log.shift();
    }
  })();
  try {
    const [end] = await Promise.all([ended, reading, logging]);
    signal.throwIfAborted();
    if (done && end[0] === 0) return done;
    if (failure) throw failureOf(failure, started);
    const unfit = started ? undefined : log.findLast((line) => UNFIT.test(line));
    if (unfit)
      throw createFailure(
        'ConfigurationInvalid',
        `${python} cannot run the trainer (${unfit.slice(0, 200)}). It needs Python 3.11 or later and the trainer's packages: node trainer/setup.mjs makes such a one.`,
      );
    throw createFailure(
      'TrainingFailed',
      `The trainer ${howItEnded(end)}.${log.length > 0 ? ` Last lines: ${log.slice(-8).join(' | ')}.` : ''}`,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw createFailure('ConfigurationInvalid', `There is no Python at ${python}.`, { cause: error as Error });
    if (code === 'EACCES')
      throw createFailure(
        'ConfigurationInvalid',
        `${python} is no program that can be run; name the Python itself, such as VENV/bin/python.`,
        { cause: error as Error },
      );
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    child.stdin.end();
  }
}

/** Signals that end a trainer before it can say why, and what sends them. */
const SENT: Partial<Record<NodeJS.Signals, string>> = {
  SIGKILL: ', as the system does when memory runs out (dmesg, or the limit of the container)',
  SIGBUS: ', as it happens when shared memory runs out (/dev/shm; docker --shm-size)',
  SIGILL: ', as it happens when a package needs instructions that this processor does not have',
};

function howItEnded([code, signal]: End): string {
  return signal ? `was killed by ${signal}${SENT[signal] ?? ''}` : `ended with exit code ${code}`;
}

/** What a trainer itself reports before its first step would be the same at the next try. */
function failureOf({ kind, message }: Extract<TrainerEvent, { event: 'error' }>, started: boolean) {
  const type = FAILURE_OF[kind] ?? 'TrainingFailed';
  const failure = createFailure(type, withPoint(message));
  return started || type !== 'TrainingFailed'
    ? failure
    : ApplicationFailure.create({ type, message: failure.message, nonRetryable: true });
}
