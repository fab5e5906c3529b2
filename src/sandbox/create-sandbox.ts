/**
 * The sandbox: one disposable child process a program, warm spares, a level that is never silently weakened.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import { Child } from './child';
import { unwrapFence } from './fenced-code';
import { javascriptProgram } from './javascript';
import { launch } from './launch';
import { chooseLevel } from './levels';
import { Pool } from './pool';
import { pythonProgram } from './python-snapshot';
import type { RunRequest, RunResult, Sandbox, SandboxLanguage, SandboxOptions } from './sandbox';
import { Turnstile, unlessAborted } from './turnstile';

const DEFAULTS = { timeoutMs: 10_000, maxOutputChars: 4000, spares: 1, concurrency: 4, require: 'process' } as const;
const MEMORY_MB: Record<SandboxLanguage, number> = { javascript: 128, python: 512 };
/** MiB of proportional set size of a spare, with room for its neighbour. */
const SPARE_MB: Record<SandboxLanguage, number> = { javascript: 60, python: 200 };
/** Milliseconds that a short program has the processor for itself before its successor is started. */
const REFILL_AFTER = 40;
/** Characters a program may print before it is taken for one that never ends. */
const OUTPUT_CHARS = 4_000_000;

/** @throws SandboxRefused when the machine cannot give what `require` asks for */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const settings = { ...DEFAULTS, ...options };
  const { maxOutputChars, concurrency, spares, onNotice = () => undefined } = settings;
  const offer = chooseLevel(settings.require, settings.atMost);
  const pools = new Map<string, Promise<Pool>>();
  const turnstile = new Turnstile(concurrency);

  const poolOf = (language: SandboxLanguage, memoryMb: number): Promise<Pool> => {
    const key = `${language} ${memoryMb}`;
    const known = pools.get(key);
    if (known) return known;
    const opening = openPool(language, memoryMb);
    pools.set(key, opening);
    // What failed is tried anew by the next program.
    opening.catch(() => pools.delete(key));
    return opening;
  };
  const openPool = async (language: SandboxLanguage, memoryMb: number): Promise<Pool> => {
    const limits = { memoryMb, keepChars: maxOutputChars, outputChars: OUTPUT_CHARS };
    const program = language === 'python' ? await pythonProgram(limits, onNotice) : javascriptProgram(limits);
    const usual = memoryMb === (options.memoryMb ?? MEMORY_MB[language]);
    return new Pool({
      name: language,
      spares: usual ? spares : 0,
      spareMb: SPARE_MB[language],
      onNotice,
      start: () => new Child(launch(program, offer), { residentMb: program.processMb, maxOutputChars }),
    });
  };
  for (const language of options.warm ?? [])
    poolOf(language, options.memoryMb ?? MEMORY_MB[language]).then(
      (pool) => pool.refill(),
      (error: Error) => onNotice(error.message),
    );

  const run = async (request: RunRequest): Promise<RunResult> => {
    const { language, signal } = request;
    const timeoutMs = request.timeoutMs ?? settings.timeoutMs;
    const memoryMb = request.memoryMb ?? options.memoryMb ?? MEMORY_MB[language];
    const pool = await unlessAborted(poolOf(language, memoryMb), signal);
    const leave = await turnstile.enter(signal);
    let refill: NodeJS.Timeout | undefined;
    try {
      const child = await pool.take(signal);
      refill = setTimeout(() => pool.refill(), REFILL_AFTER);
      const code = unwrapFence(request.code);
      const entropy = randomBytes(32).toString('hex');
      const order = { code, timeoutMs, memoryMb, keepChars: maxOutputChars, outputChars: OUTPUT_CHARS, entropy };
      return await child.run(order, signal);
    } finally {
      clearTimeout(refill);
      pool.refill();
      leave();
    }
  };

  return {
    level: offer.level,
    run,
    close: async () => {
      const opened = await Promise.allSettled(pools.values());
      await Promise.all(opened.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)));
    },
  };
}
