/**
 * One run of one engine: what is written down, and the ideal that it is held against.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuSeconds, machineSeconds, memoryMb, startChild, threadSeconds } from './processes';
import type { Question, Surroundings } from './surroundings';

export interface Measurement {
  system: string;
  questions: number;
  /** Answers that are right; all must be. */
  correct: number;
  /** Seconds from the first question asked to the last answer. */
  makespan: number;
  /** Seconds that an orchestrator without any cost would take for the same calls (analyze.py of the baselines). */
  ideal: number;
  /** CPU seconds of the Temporal server, and of the worker or of the whole LangGraph.js process. */
  serverCpu: number;
  workerCpu: number;
  /** CPU seconds of the worker's threads by name. */
  workerThreads?: Record<string, number>;
  /** Most resident memory seen, in MiB. */
  serverMb?: number;
  workerMb?: number;
  /** Cores that programs outside this measurement kept busy meanwhile. */
  othersBusy: number;
  /** Temporal's history, where it is looked at. */
  eventsPerStep?: number;
  bytesPerStep?: number;
}

/** In the form that analyze.py reads; seconds since the epoch. */
export interface RunRecord {
  system: string;
  n: number;
  t0: number;
  questions: Record<string, { start: number; end: number; ok: boolean; steps: number }>;
}

export interface Watched {
  server?: number;
  worker?: number;
}

export interface Meter {
  /** Folder of the run; the simulator writes its log there. */
  folder: string;
  /** Ends the measurement. */
  read(record: RunRecord): Promise<Measurement>;
}

/** Empties the simulator's log and counters and notes what the processes have used so far. */
export async function startMeter(surroundings: Surroundings, name: string, watched: Watched): Promise<Meter> {
  const { scratch, bench, simulator, simulatorPid } = surroundings;
  const folder = join(scratch, `run-${name}-${Date.now()}`);
  mkdirSync(folder);
  await fetch(`${simulator}/reset?log=${encodeURIComponent(join(folder, 'calls.jsonl'))}`, { method: 'POST' });
  const look = () => ({
    server: watched.server ? cpuSeconds(watched.server) : 0,
    worker: watched.worker ? cpuSeconds(watched.worker) : 0,
    simulator: cpuSeconds(simulatorPid),
    machine: machineSeconds(),
    self: cpuSeconds(process.pid),
    at: Date.now(),
    threads: watched.worker ? threadSeconds(watched.worker) : new Map<string, number>(),
  });
  const peak = { server: 0, worker: 0 };
  const watching = setInterval(() => {
    for (const who of ['server', 'worker'] as const) {
      const pid = watched[who];
      if (pid) peak[who] = Math.max(peak[who], memoryMb(pid));
    }
  }, 250);
  const before = look();
  return {
    folder,
    read: async (record) => {
      const after = look();
      clearInterval(watching);
      writeFileSync(join(folder, 'result.json'), JSON.stringify(record));
      const ends = Object.values(record.questions);
      const used = (key: 'server' | 'worker' | 'simulator' | 'self') => after[key] - before[key];
      const ours = used('server') + used('worker') + used('simulator') + used('self');
      return {
        system: record.system,
        questions: record.n,
        correct: ends.filter(({ ok }) => ok).length,
        makespan: Math.max(...ends.map(({ end }) => end)) - record.t0,
        ideal: await idealOf(bench, folder),
        serverCpu: used('server'),
        workerCpu: used('worker'),
        ...(watched.worker
          ? {
              workerThreads: Object.fromEntries(
                [...after.threads].map(([name, seconds]) => [name, seconds - (before.threads.get(name) ?? 0)]),
              ),
            }
          : {}),
        ...(peak.server ? { serverMb: peak.server } : {}),
        ...(peak.worker ? { workerMb: peak.worker } : {}),
        othersBusy: (after.machine - before.machine - ours) / ((after.at - before.at) / 1000),
      };
    },
  };
}

async function idealOf(bench: string, folder: string): Promise<number> {
  const child = await startChild('python3', [join(bench, 'analyze.py'), folder, '--json']);
  const [row] = JSON.parse(await child.ended) as { ideal_mk: number }[];
  return row?.ideal_mk ?? Number.NaN;
}

export interface Asked {
  answer: string;
  steps: number;
}

export interface AskOptions {
  /** Questions that are asked together. @default 1 */
  batch?: number;
  /** Questions asked at a time. @default all */
  inFlight?: number;
}

/** Asks all questions at once, or in a sliding window. */
export async function askAll(
  system: string,
  questions: readonly Question[],
  ask: (questions: readonly Question[]) => Promise<Asked[]>,
  { batch = 1, inFlight = Infinity }: AskOptions = {},
): Promise<RunRecord> {
  const t0 = Date.now() / 1000;
  const record: RunRecord = { system, n: questions.length, t0, questions: {} };
  const batches = Array.from({ length: Math.ceil(questions.length / batch) }, (_, at) =>
    questions.slice(at * batch, (at + 1) * batch),
  );
  const waiting = batches.values();
  const lane = async () => {
    for (const together of waiting) {
      const answers = await ask(together);
      for (const [at, { id, answer: gold }] of together.entries()) {
        const { answer, steps } = answers[at] ?? { answer: undefined, steps: 0 };
        record.questions[id] = { start: t0, end: Date.now() / 1000, ok: answer === gold, steps };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(batches.length, Math.ceil(inFlight / batch)) }, lane));
  return record;
}
