/** One disposable process: it is started ahead of time, runs one program, and ends with its answer. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { keepsAlive, signalGroup } from '../process/process-group';
import { endedResult, parseAnswer, toResult, type Order } from './answer';
import type { RunResult } from './sandbox';
import { usageOf } from './usage';

export interface Bounds {
  /** MiB of resident memory at which a child is ended, whatever its own limits say. */
  residentMb: number;
  maxOutputChars: number;
}

/** Milliseconds between two checks of a running child's usage. */
const LOOK_MS = 150;
/** Milliseconds that a child gets to report by itself that its time is over. */
const GRACE_MS = 750;
/** Characters of a child's standard error that are kept. */
const LAST_WORDS = 4000;
const READY = 'ready\n';

export class Child {
  /** False when it ended before it was ready. */
  readonly ready: Promise<boolean>;
  /** Settles when the process is gone. */
  readonly gone: Promise<void>;
  /** Its standard error. */
  lastWords = '';
  ended = false;
  private answer = '';
  readonly pid: number | undefined;

  constructor(
    private readonly process: ChildProcessWithoutNullStreams,
    private readonly bounds: Bounds,
  ) {
    this.pid = process.pid;
    this.gone = new Promise((resolve) => {
      const over = () => {
        this.ended = true;
        resolve();
      };
      process.once('close', over).once('error', over);
    });
    this.ready = new Promise((resolve) => {
      void this.gone.then(() => resolve(false));
      const longest = 16 * bounds.maxOutputChars + 200_000;
      process.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        this.answer += chunk;
        if (this.answer.startsWith(READY)) {
          this.answer = this.answer.slice(READY.length);
          resolve(true);
        }
        if (this.answer.length > longest) this.kill();
      });
    });
    process.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      if (this.lastWords.length < LAST_WORDS) this.lastWords += chunk.slice(0, LAST_WORDS);
    });
    process.stdin.on('error', () => undefined);
  }

  /** Whether this child keeps the worker's process alive. A spare does not. */
  keepsWorkerAlive(yes: boolean): void {
    keepsAlive(this.process, yes);
  }

  /** Ends the process and all processes that it started. */
  kill(): void {
    if (this.ended || this.pid === undefined) return;
    if (!signalGroup(this.pid, 'SIGKILL')) this.process.kill('SIGKILL');
  }

  /** Runs one program; call it once. @throws the reason of `signal`, after the process is gone */
  async run(order: Order, signal?: AbortSignal): Promise<RunResult> {
    const startedAt = performance.now();
    let limit: 'time' | 'memory' | undefined;
    const end = (why: typeof limit) => {
      limit ??= why;
      this.kill();
    };
    const late = setTimeout(() => end('time'), order.timeoutMs + GRACE_MS);
    const abort = () => this.kill();
    signal?.addEventListener('abort', abort, { once: true });
    const stopLooking = this.look(order.timeoutMs, end);
    try {
      if (signal?.aborted) this.kill();
      else this.process.stdin.write(`${JSON.stringify(order)}\n`);
      await this.answered();
    } finally {
      clearTimeout(late);
      stopLooking();
      signal?.removeEventListener('abort', abort);
      this.kill();
    }
    if (signal?.aborted) {
      await this.gone;
      throw signal.reason;
    }
    const durationMs = performance.now() - startedAt;
    const answer = this.answer.endsWith('\n') ? parseAnswer(this.answer) : undefined;
    if (answer) return toResult(answer, this.bounds.maxOutputChars, durationMs);
    if (limit === undefined && /out of memory|allocation failed|heap limit|bad_alloc/i.test(this.lastWords))
      limit = 'memory';
    return endedResult(limit ?? 'crash', durationMs);
  }

  private answered(): Promise<void> {
    return new Promise((resolve) => {
      const whole = () => {
        if (this.answer.endsWith('\n')) resolve();
      };
      this.process.stdout.on('data', whole);
      void this.gone.then(resolve);
    });
  }

  private look(timeoutMs: number, end: (why: 'time' | 'memory') => void): () => void {
    let before: number | undefined;
    const timer = setInterval(async () => {
      const usage = this.pid === undefined ? undefined : await usageOf(this.pid);
      if (!usage) return;
      before ??= usage.cpuMs;
      if (usage.residentMb > this.bounds.residentMb) end('memory');
      if (usage.cpuMs - before > timeoutMs * 1.5 + GRACE_MS) end('time');
    }, LOOK_MS);
    return () => clearInterval(timer);
  }
}
