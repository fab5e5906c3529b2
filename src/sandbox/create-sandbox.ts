/**
 * The sandbox: each program runs in a disposable child process. Spare processes are kept warm, and the level is never weakened silently.
 */
import { randomBytes } from 'node:crypto';
import { createFailure } from '../failures';
import { adviceFor } from './advice';
import type { Order } from './answer';
import { Child } from './child';
import { unwrapFence } from './fenced-code';
import type { ForkServer } from './fork-server';
import { addonOfIsolatedVm, javascriptProgram } from './javascript';
import { launch } from './launch';
import { chooseLevel } from './levels';
import { placesFor } from './places';
import { Pool } from './pool';
import { PythonChoice } from './python-choice';
import { pythonProgram } from './python-snapshot';
import {
  LEAST_MEMORY_MB,
  type RunRequest,
  type RunResult,
  type Sandbox,
  type SandboxLanguage,
  type SandboxOptions,
} from './sandbox';
import { Semaphore } from '../process/semaphore';
import { rejectOnAbort } from '../process/abort';

const DEFAULTS = {
  timeoutMs: 10_000,
  maxOutputChars: 4000,
  spares: 1,
  require: 'process',
  python: 'auto',
} as const;
const MEMORY_MB: Record<SandboxLanguage, number> = { javascript: 128, python: 512 };
/** MiB of memory that a spare needs (proportional set size). */
const SPARE_MB: Record<SandboxLanguage, number> = { javascript: 60, python: 200 };
/** Milliseconds before the next spare is started, so that a short program has the processor for itself. */
const REFILL_AFTER = 40;
/** Characters after which a program that prints is ended. */
const OUTPUT_CHARS = 4_000_000;

/** @throws SandboxRefused when the machine cannot give what `require` asks for, or lacks isolated-vm */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const settings = { ...DEFAULTS, ...options };
  const { maxOutputChars, spares, onNotice = () => undefined } = settings;
  const offer = chooseLevel(settings.require, settings.atMost);
  if (settings.python === 'auto' || settings.python === 'pyodide') addonOfIsolatedVm();
  const python = new PythonChoice(settings.python, offer, onNotice);
  const pools = new Map<string, Promise<Pool>>();
  const semaphore = new Semaphore(placesFor(options));

  const poolOf = (language: SandboxLanguage, memoryMb: number): Promise<Pool> => {
    const key = `${language} ${memoryMb}`;
    const opened = pools.get(key);
    if (opened) return opened;
    const opening = openPool(language, memoryMb);
    pools.set(key, opening);
    // The next program retries what failed.
    opening.catch(() => pools.delete(key));
    return opening;
  };
  const openPool = async (language: SandboxLanguage, memoryMb: number): Promise<Pool> => {
    const limits = { memoryMb, keepChars: maxOutputChars, outputChars: OUTPUT_CHARS };
    const program = await (language === 'python' ? pythonProgram(limits, onNotice) : javascriptProgram(limits));
    const usual = memoryMb === (options.memoryMb ?? MEMORY_MB[language]);
    return new Pool({
      name: language,
      spares: usual ? spares : 0,
      spareMb: SPARE_MB[language],
      onNotice,
      start: () => new Child(launch(program, offer), { residentMb: program.processMb, maxOutputChars }),
    });
  };
  const warm = async (language: SandboxLanguage): Promise<void> => {
    if (language === 'python') await python.warm();
    if (language !== 'python' || settings.python === 'pyodide' || settings.python === 'auto')
      (await poolOf(language, options.memoryMb ?? MEMORY_MB[language])).refill();
  };
  for (const language of options.warm ?? []) warm(language).catch((error: Error) => onNotice(error.message));

  const inChild = async (language: SandboxLanguage, order: Order, signal?: AbortSignal): Promise<RunResult> => {
    const pool = await rejectOnAbort(poolOf(language, order.memoryMb), signal);
    const leave = await semaphore.enter(signal);
    let refill: NodeJS.Timeout | undefined;
    try {
      const child = await pool.take(signal);
      refill = setTimeout(() => pool.refill(), REFILL_AFTER);
      return await child.run(order, signal);
    } finally {
      clearTimeout(refill);
      pool.refill();
      leave();
    }
  };
  const inCopy = async (server: ForkServer, order: Order, signal?: AbortSignal): Promise<RunResult> => {
    // Spares of Pyodide are not needed while a server runs.
    for (const [key, pool] of pools)
      if (key.startsWith('python'))
        void pool.then(
          (opened) => opened.dismiss(),
          () => undefined,
        );
    const leave = await semaphore.enter(signal);
    try {
      return await server.run(order, maxOutputChars, signal);
    } finally {
      leave();
    }
  };
  const run = async (request: RunRequest): Promise<RunResult> => {
    const { language } = request;
    const code = unwrapFence(request.code, language);
    const result = await runProgram({ ...request, code });
    const advice = adviceFor(result, language, code, python.hasNumpy);
    return result.error && advice !== undefined ? { ...result, error: { ...result.error, advice } } : result;
  };
  const runProgram = async (request: RunRequest): Promise<RunResult> => {
    const { language, signal } = request;
    const order: Order = {
      code: request.code,
      timeoutMs: Math.ceil(request.timeoutMs ?? settings.timeoutMs),
      memoryMb: Math.ceil(request.memoryMb ?? options.memoryMb ?? MEMORY_MB[language]),
      keepChars: maxOutputChars,
      outputChars: OUTPUT_CHARS,
      entropy: randomBytes(32).toString('hex'),
    };
    if (order.memoryMb < LEAST_MEMORY_MB[language])
      throw createFailure(
        'SandboxRefused',
        `${language} needs a limit of ${LEAST_MEMORY_MB[language]} MiB of memory or more, and was given ${order.memoryMb}.`,
      );
    if (language !== 'python') return inChild(language, order, signal);
    const runOn = (server: ForkServer | undefined) =>
      server ? inCopy(server, order, signal) : inChild(language, order, signal);
    let server = await rejectOnAbort(python.serverFor(order.code), signal);
    let result = await runOn(server);
    for (;;) {
      server = await rejectOnAbort(python.serverAfter(server, result), signal);
      if (!server) return result;
      result = await runOn(server);
    }
  };

  return {
    level: offer.level,
    run,
    close: async () => {
      const opened = await Promise.allSettled(pools.values());
      await python.close();
      await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
    },
  };
}
