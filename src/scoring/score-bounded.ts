/**
 * Scores many answers in a worker thread with a bound on time and memory for each: whatever a prediction holds, the verdict
 * comes, and one that could not be reached says so.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Verdict } from './metric';
import { scoreAnswer, type ScoreRequest } from './score';

export interface BoundedOptions {
  /** Time of one verdict in milliseconds, by the clock. @default 10000 */
  timeoutMs?: number;
  /** Heap of the worker in MiB. @default 512 */
  memoryMb?: number;
  /** The compiled worker; only tests need another one. */
  workerFile?: string;
}

/** Sources that a test compiles in memory use the thread of the last build. */
function compiledWorker(): string {
  const own = path.join(__dirname, 'score-worker.js');
  return existsSync(own) ? own : path.join(__dirname, '../../dist/scoring/score-worker.js');
}

const BATCH = 200;
const DEFAULT_TIMEOUT = 10_000;

function startWorker({ memoryMb = 512, workerFile = compiledWorker() }: BoundedOptions): Worker {
  return new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 } });
}

/**
 * Verdicts in the order of the requests. A request whose verdict takes too long or too much memory gets a verdict that is
 * `undecided`, counted as wrong, and the others are not affected.
 */
export async function* scoreBounded(
  requests: readonly ScoreRequest[],
  options: BoundedOptions = {},
): AsyncGenerator<Verdict> {
  const { timeoutMs = DEFAULT_TIMEOUT } = options;
  let next = 0;
  let worker: Worker | undefined;
  try {
    while (next < requests.length) {
      worker ??= startWorker(options);
      const verdicts = await scoreBatch(worker, requests.slice(next, next + BATCH), timeoutMs);
      yield* verdicts.done;
      next += verdicts.done.length;
      if (verdicts.failure !== undefined) {
        await worker.terminate();
        worker = undefined;
        yield undecided(requests[next] as ScoreRequest, verdicts.failure);
        next++;
      }
    }
  } finally {
    await worker?.terminate();
  }
}

/** One answer at a time over a long life, with the bounds of {@link scoreBounded}; it keeps no process alive. */
export class ScoringThread {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: BoundedOptions = {}) {}

  score(request: ScoreRequest): Promise<Verdict> {
    const verdict = this.#last.then(() => this.#scoreNow(request));
    this.#last = verdict.catch(() => undefined);
    return verdict;
  }

  async #scoreNow(request: ScoreRequest): Promise<Verdict> {
    if (this.#worker === undefined) {
      this.#worker = startWorker(this.options);
      this.#worker.unref();
    }
    const { timeoutMs = DEFAULT_TIMEOUT } = this.options;
    const { done, failure } = await scoreBatch(this.#worker, [request], timeoutMs);
    if (failure === undefined) return done[0] as Verdict;
    await this.close();
    return undecided(request, failure);
  }

  /** The next answer starts another thread. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

interface BatchResult {
  done: Verdict[];
  /** Why the verdict after those done did not come. */
  failure?: string;
}

function scoreBatch(worker: Worker, batch: readonly ScoreRequest[], timeoutMs: number): Promise<BatchResult> {
  return new Promise((resolve) => {
    const done: Verdict[] = [];
    let timer: NodeJS.Timeout;
    const finish = (failure?: string): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      // A thread that is being ended may still report why.
      if (failure !== undefined) worker.on('error', () => undefined);
      resolve({ done, failure });
    };
    const startTimer = (): void => {
      timer = setTimeout(() => finish(`no verdict within ${timeoutMs / 1000} s`), timeoutMs);
    };
    const onMessage = (verdict: Verdict): void => {
      done.push(verdict);
      clearTimeout(timer);
      if (done.length === batch.length) finish();
      else startTimer();
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      finish(isMemory ? 'no verdict within the memory bound' : `the scorer failed: ${error.message}`);
    };
    const onExit = (): void => finish('the scoring thread ended');
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    startTimer();
    worker.postMessage(batch);
  });
}

/** The scores that the task's metric would give, all zero. */
function undecided(request: ScoreRequest, failure: string): Verdict {
  const { scores } = scoreAnswer({ ...request, prediction: null, rules: 'default' });
  return { scores, correct: false, reason: failure, undecided: true };
}
