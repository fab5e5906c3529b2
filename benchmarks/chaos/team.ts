/**
 * Who takes part in a run under fire: workers by the real command, and the process of the scripted models and search, which they ask.
 *
 * @module
 */
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { EXPERTS } from '../../src/trajectory/modules';
import { Supervised } from './supervised';

const ROOT = resolve(__dirname, '../..');
export const COMMAND = join(ROOT, 'dist/cli/main.js');

interface EndpointOptions {
  port: number;
  /** File of the scripted solutions. */
  questions: string;
  /** File that takes each request. */
  log: string;
  seed: number;
  /** Share of requests that are misbehaved to. */
  trouble: number;
  /** Milliseconds of a model's answer, on average. @default 150 */
  delayMs?: number;
}

export function endpointsOf(options: EndpointOptions, output: string): Supervised {
  const { port, questions, log, seed, trouble, delayMs = 150 } = options;
  return new Supervised(
    'endpoints',
    [process.execPath, join(ROOT, 'benchmarks/node-ts.cjs'), join(ROOT, 'benchmarks/chaos/endpoints.ts')],
    {
      ...{ PORT: `${port}`, QUESTIONS: questions, LOG: log, SEED: `${seed}` },
      ...{ TROUBLE: `${trouble}`, DELAY_MS: `${delayMs}` },
    },
    output,
  );
}

export function workerOf(name: string, args: readonly string[], env: NodeJS.ProcessEnv, output: string): Supervised {
  return new Supervised(name, [process.execPath, COMMAND, 'worker', ...args], env, output);
}

/** Requests that a solution makes of models and search: a program's execution is none. */
export function callsOf(steps: readonly { tool: string }[]): number {
  const calls: Record<string, number> = { search: 4, code: 3, math: 2, commonsense: 2 };
  return steps.reduce((sum, { tool }) => sum + (calls[tool] ?? 2), 1);
}

export function configuration(port: number, prefix: string, stepsPerActivity: number, heartbeatMs: number): object {
  const base = `http://127.0.0.1:${port}`;
  const models = EXPERTS.map((expert) => [
    expert,
    { provider: 'openai', baseUrl: `${base}/${expert}/v1`, model: `scripted-${expert}`, concurrency: 16 },
  ]);
  return {
    prompts: 'few-shot',
    models: Object.fromEntries(models),
    search: { engine: 'searxng', baseUrl: base, timeoutMs: 4000 },
    queues: { prefix, mode: stepsPerActivity > 0 ? 'shared' : 'separate' },
    timeouts: { modelMs: 8000, searchMs: 8000, heartbeatMs },
    retry: { initialMs: 200, maximumMs: 2000 },
    stepsPerActivity,
  };
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
