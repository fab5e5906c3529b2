/**
 * The sandbox: one disposable child process a program, the isolate inside the child, a warm spare kept ready.
 *
 * @module
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join } from 'node:path';
import { createFailure } from '../failures';
import { cutMiddle } from '../trajectory/bounded-text';
import type { RunRequest, RunResult, Sandbox, SandboxOptions } from './sandbox';

export type { RunRequest, RunResult, Sandbox, SandboxLanguage, SandboxLevel, SandboxOptions } from './sandbox';
export { describeRun } from './describe-run';

const CHILD = join(__dirname, 'children/javascript.cjs');
const DEFAULTS = { timeoutMs: 10_000, memoryMb: 128, maxOutputChars: 4000, spares: 1, concurrency: 4 };
/** Milliseconds that a child may be late with its answer before it is killed. */
const GRACE = 500;
/** Characters that a child keeps of the output, so that both its ends can be shown. */
const CHILD_LIMIT = 1_000_000;

interface Child {
  process: ChildProcessWithoutNullStreams;
  ready: Promise<boolean>;
}

export function createSandbox(options: SandboxOptions = {}): Sandbox {
  const { timeoutMs, memoryMb, maxOutputChars, spares, concurrency } = { ...DEFAULTS, ...options };
  if (options.require === 'namespace')
    throw createFailure('SandboxRefused', 'sandbox.require is namespace, and this build offers process at best.');
  const idle: Child[] = [];
  const living = new Set<Child>();
  let closed = false;
  let running = 0;
  const waiting: (() => void)[] = [];

  const start = (): Child => {
    const flags = ['--no-node-snapshot', '--max-old-space-size=96', CHILD];
    const child = spawn(process.execPath, flags, { env: {}, stdio: 'pipe' });
    const one: Child = {
      process: child,
      ready: new Promise((resolve) => {
        child.stdout.once('data', () => resolve(true));
        child.once('error', () => resolve(false));
        child.once('exit', () => resolve(false));
      }),
    };
    child.stdin.on('error', () => undefined);
    child.stderr.resume();
    living.add(one);
    child.once('exit', () => living.delete(one));
    return one;
  };
  const refill = () => {
    while (!closed && idle.length < spares) idle.push(start());
  };
  const take = async (): Promise<Child> => {
    for (let tries = 0; tries < 3; tries += 1) {
      const child = idle.shift() ?? start();
      if ((await child.ready) && child.process.exitCode === null) return child;
    }
    throw createFailure('SandboxUnavailable', 'Three sandbox processes in a row ended before they were ready.');
  };
  refill();

  const runIn = (child: Child, request: RunRequest): Promise<RunResult> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const limit = request.timeoutMs ?? timeoutMs;
      let answer = '';
      const late = setTimeout(() => child.process.kill('SIGKILL'), limit + GRACE);
      const abort = () => child.process.kill('SIGKILL');
      request.signal?.addEventListener('abort', abort, { once: true });
      child.process.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        answer += chunk;
        if (answer.length > 8 * CHILD_LIMIT) child.process.kill('SIGKILL');
      });
      child.process.once('close', () => {
        clearTimeout(late);
        request.signal?.removeEventListener('abort', abort);
        if (request.signal?.aborted) return reject(request.signal.reason);
        const durationMs = performance.now() - startedAt;
        if (!answer.endsWith('\n')) {
          const over = durationMs >= limit;
          return resolve({
            ok: false,
            stdout: '',
            stderr: '',
            limit: over ? 'time' : 'crash',
            error: { name: 'SandboxError', message: over ? 'out of time' : 'the process ended' },
            durationMs,
            truncated: false,
          });
        }
        const { written, ...result } = JSON.parse(answer) as RunResult & { written: number };
        const stdout = cutMiddle(result.stdout, maxOutputChars);
        resolve({
          ...result,
          stdout,
          stderr: cutMiddle(result.stderr, maxOutputChars),
          durationMs,
          truncated: written > CHILD_LIMIT || stdout !== result.stdout,
        });
      });
      const order = {
        code: request.code,
        timeoutMs: limit,
        memoryMb: request.memoryMb ?? memoryMb,
        limit: CHILD_LIMIT,
      };
      child.process.stdin.write(`${JSON.stringify(order)}\n`);
    });

  return {
    level: 'process',
    run: async (request) => {
      if (request.language !== 'javascript')
        throw createFailure('SandboxRefused', `No sandbox for ${request.language} yet.`);
      request.signal?.throwIfAborted();
      if (running >= concurrency) await new Promise<void>((go) => waiting.push(go));
      running += 1;
      try {
        const child = await take();
        const result = runIn(child, request);
        refill();
        return await result;
      } finally {
        running -= 1;
        waiting.shift()?.();
      }
    },
    close: async () => {
      closed = true;
      await Promise.all(
        [...living].map(
          (child) =>
            new Promise<void>((resolve) => {
              child.process.once('exit', () => resolve());
              child.process.kill('SIGKILL');
            }),
        ),
      );
    },
  };
}
