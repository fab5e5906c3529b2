/**
 * The scorer chooses the metric of each answer and limits time and memory of each verdict: it runs in a thread, which is ended when a
 * verdict takes too long. Such a verdict is `undecided`.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Extraction } from './extraction';
import { goldText, type Rules, type Verdict } from './metric';
import { judgeMetric } from './metrics/registry';
import { checkRequest, metricNameOf, scoreAnswer, type ScoreRequest } from './score';

/** A language model's opinion of one answer; `correct` is undefined if its replies could not be read. */
export interface Opinion {
  correct?: boolean;
  reason: string;
  judgements: [goldSecond: boolean | null, goldFirst: boolean | null];
}

export type AskJudge = (
  answer: { question: string; prediction: string; gold: string },
  signal?: AbortSignal,
) => Promise<Opinion>;

export interface ScorerOptions {
  /** Rules of requests that name none. @default 'default' */
  rules?: Rules;
  /** Extraction of requests that name none. @default 'auto' */
  extract?: Extraction;
  /** Processor time of one verdict in milliseconds; by the clock it may take twelve times as long. @default 10000 */
  timeoutMs?: number;
  /** Heap of the thread in MiB. @default 512 */
  memoryMb?: number;
  /** Gives the verdicts of metric `judge`. */
  judge?: AskJudge;
  /** Script of the thread, for tests. @default the compiled one */
  workerFile?: string;
}

/** A verdict, with a judge's additions. */
export interface ScorerVerdict extends Verdict {
  /** Whether the judge said SAME with the gold answer second, then first; null for an unreadable reply. */
  judgements?: Opinion['judgements'];
  /** The verdict of the task's own metric, beside the judge's. */
  metric?: { name: string; correct: boolean };
}

/** Path of the compiled thread. Tests run from source and use the one in dist. */
function compiledWorker(): string {
  const own = path.join(__dirname, 'score-worker.js');
  return existsSync(own) ? own : path.join(__dirname, '../../dist/scoring/score-worker.js');
}

/** Requests sent to the thread together. */
const BATCH = 200;
const DEFAULT_TIMEOUT = 10_000;

/** Scores answers one after the other. It keeps the process alive only while it works. */
export class Scorer {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ScorerOptions = {}) {}

  /**
   * The verdict of one answer.
   *
   * @param signal ends a judge's call
   * @throws Error for a metric that is not registered, rules `husky-v1` for no task of the registry, or metric `judge` without a judge
   */
  async score(request: ScoreRequest, signal?: AbortSignal): Promise<ScorerVerdict> {
    if (metricNameOf(request) === judgeMetric) return this.#judged(request, signal);
    const [verdict] = await this.#inTurn([request]);
    return verdict as Verdict;
  }

  /** Verdicts in the order of the requests. One that takes too long or too much memory is `undecided`, counted as wrong. */
  async *scoreAll(requests: readonly ScoreRequest[]): AsyncGenerator<Verdict> {
    for (let at = 0; at < requests.length; at += BATCH) yield* await this.#inTurn(requests.slice(at, at + BATCH));
  }

  /** Ends the thread. The next answer starts another one. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  async #inTurn(requests: readonly ScoreRequest[]): Promise<Verdict[]> {
    const { rules, extract } = this.options;
    const complete = requests.map((request) => ({ ...(rules && { rules }), ...(extract && { extract }), ...request }));
    complete.forEach(checkRequest);
    const verdicts = this.#last.then(() => this.#scoreNow(complete));
    this.#last = verdicts.catch(() => undefined);
    return verdicts;
  }

  async #scoreNow(requests: readonly ScoreRequest[]): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    while (verdicts.length < requests.length) {
      this.#worker ??= this.#startWorker();
      const { timeoutMs = DEFAULT_TIMEOUT } = this.options;
      this.#worker.ref();
      const { done, failure } = await askWorker(this.#worker, requests.slice(verdicts.length), timeoutMs);
      this.#worker.unref();
      verdicts.push(...done);
      if (failure === undefined) continue;
      await this.close();
      verdicts.push(undecided(requests[verdicts.length] as ScoreRequest, failure));
    }
    return verdicts;
  }

  #startWorker(): Worker {
    const { memoryMb = 512, workerFile = compiledWorker() } = this.options;
    return new Worker(workerFile, { resourceLimits: { maxOldGenerationSizeMb: memoryMb, stackSizeMb: 4 } });
  }

  /** Asks a language model, and the task's own metric too. */
  async #judged(request: ScoreRequest, signal?: AbortSignal): Promise<ScorerVerdict> {
    const { judge } = this.options;
    if (judge === undefined) throw new Error('Metric judge needs a language model: give the scorer a judge.');
    const metric = metricNameOf({ task: request.task });
    const beside = await this.score({ ...request, metric: metric === judgeMetric ? undefined : metric });
    const { question = '', prediction, gold } = request;
    const opinion = await judge({ question, prediction: prediction ?? '', gold: goldText(gold) }, signal);
    const { correct, reason, judgements } = opinion;
    return {
      correct: correct ?? false,
      scores: { acc: correct ? 1 : 0 },
      reason,
      ...(correct === undefined && { undecided: true }),
      judgements,
      metric: { name: metric, correct: beside.correct },
    };
  }
}

interface Answered {
  done: Verdict[];
  /** Why the next verdict did not come. */
  failure?: string;
}

function askWorker(worker: Worker, requests: readonly ScoreRequest[], timeoutMs: number): Promise<Answered> {
  return new Promise((resolve) => {
    const done: Verdict[] = [];
    const meter = new Meter(worker);
    let began = Date.now();
    let timer: NodeJS.Timeout;
    const finish = (failure?: string): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      // A thread that is ending may still report the reason.
      if (failure !== undefined) worker.on('error', () => undefined);
      resolve({ done, failure });
    };
    const look = async (): Promise<void> => {
      const asked = done.length;
      const used = await meter.used();
      if (done.length !== asked) return;
      const isOver = used >= timeoutMs * 0.95 || Date.now() - began >= timeoutMs * MOST_WAITING;
      if (isOver) finish(`no verdict within ${timeoutMs / 1000} s`);
      else timer = setTimeout(() => void look(), Math.max(100, timeoutMs - used));
    };
    const startTimer = (): void => {
      began = Date.now();
      meter.begin();
      timer = setTimeout(() => void look(), timeoutMs);
    };
    const onMessage = (verdict: Verdict): void => {
      done.push(verdict);
      clearTimeout(timer);
      if (done.length === requests.length) finish();
      else startTimer();
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      const isMemory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      finish(isMemory ? 'no verdict within the memory bound' : `the scorer failed: ${error.message}`);
    };
    const onExit = (): void => finish('the scoring thread ended');
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    startTimer();
    worker.postMessage(requests);
  });
}

/** A verdict on a busy machine may take this many times its bound by the clock; a thread that sleeps uses no processor time. */
const MOST_WAITING = 12;
/** Milliseconds between two beginnings that are told apart: a look at the thread costs more than most verdicts. */
const RESOLUTION = 500;

/** Processor time of a thread since the verdict that is under way began, in milliseconds. */
class Meter {
  #lookedAt = -Infinity;
  #before: Promise<number> = Promise.resolve(0);

  constructor(private readonly worker: Worker) {}

  begin(): void {
    if (Date.now() - this.#lookedAt < RESOLUTION) return;
    this.#lookedAt = Date.now();
    this.#before = this.#total();
  }

  async used(): Promise<number> {
    return (await this.#total()) - (await this.#before);
  }

  /** A thread that does not run yet has used nothing. */
  async #total(): Promise<number> {
    const { user, system } = await this.worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
    return (user + system) / 1000;
  }
}

/** The scores that the metric would give, all zero. */
function undecided(request: ScoreRequest, failure: string): Verdict {
  const { scores } = scoreAnswer({ ...request, prediction: null, rules: 'default' });
  return { scores, correct: false, reason: failure, undecided: true };
}
