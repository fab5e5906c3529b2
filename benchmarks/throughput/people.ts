/**
 * Questions of persons beside a flood: asked at fixed times, and how long each waited until its first call reached the model.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { tsToMs } from '@temporalio/common/lib/time';
import type { HuskyClient, SolutionHandle } from '../../src/client';
import type { Question } from './surroundings';

/** Parts of the way to the first call, in their order. */
export const PARTS = ['start', 'queue', 'workflow task', 'call taken', 'to the model'] as const;
export type Part = (typeof PARTS)[number];

/** Milliseconds; a part is left out where the history does not tell it, and `all` is infinite where no call came. */
export type Wait = { all: number } & Partial<Record<Part, number>>;

export interface AskedPerson {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  handle: Promise<SolutionHandle>;
}

/** Milliseconds that the first calls of the last persons, and the ends of what they asked, are waited for. */
const PATIENCE_MS = 120_000;

/**
 * Asks at fixed times, so that one who waits does not spare the next.
 *
 * @param gap milliseconds between two persons
 */
export async function askPeople(
  husky: HuskyClient,
  questions: readonly Question[],
  gap: number,
): Promise<AskedPerson[]> {
  const asked: AskedPerson[] = [];
  const began = Date.now();
  for (const [number, { id, question }] of questions.entries()) {
    await pause(Math.max(0, began + number * gap - Date.now()));
    const handle = husky.start(question);
    handle.catch(() => undefined);
    asked.push({ id, at: Date.now(), handle });
  }
  await pause(gap);
  return asked;
}

/** @param log the simulator's; it has a line for each call that has ended */
export async function waitsOf(asked: readonly AskedPerson[], log: string): Promise<Wait[]> {
  const until = Date.now() + PATIENCE_MS;
  let calls = firstCalls(log);
  for (; asked.some(({ id }) => !calls.has(id)) && Date.now() < until; calls = firstCalls(log)) await pause(1000);
  return Promise.all(
    asked.map(async ({ id, at, handle }): Promise<Wait> => {
      const arrived = calls.get(id);
      if (arrived === undefined) return { all: Infinity };
      const times = await timesIn(await handle, until).catch(() => undefined);
      if (times === undefined) return { all: arrived - at };
      const { begun, taken, named, called } = times;
      return {
        all: arrived - at,
        start: begun - at,
        queue: taken - begun,
        'workflow task': named - taken,
        ...(called === undefined ? {} : { 'call taken': called - named, 'to the model': arrived - called }),
      };
    }),
  );
}

/** Arrival of each question's first call, in milliseconds since 1970. */
function firstCalls(log: string): Map<string, number> {
  const first = new Map<string, number>();
  for (const { qid, arrive } of callsIn(log))
    if (qid !== null) first.set(qid, Math.min(first.get(qid) ?? Infinity, arrive * 1000));
  return first;
}

/** Calls of models and searches that ended between two moments, in milliseconds since 1970. */
export function callsBetween(log: string, from: number, to: number): number {
  return callsIn(log).filter(({ end }) => end * 1000 >= from && end * 1000 < to).length;
}

function callsIn(log: string): { qid: string | null; arrive: number; end: number }[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as { qid: string | null; arrive: number; end: number });
}

/** The server's times of a solution's first workflow task and first activity. The start of an activity is written with its end. */
async function timesIn(handle: SolutionHandle, until: number) {
  for (;;) {
    const { events } = await handle.workflow.fetchHistory();
    const at = (attributes: string) => {
      const event = events?.find((one) => (one as Record<string, unknown>)[attributes]);
      return event ? tsToMs(event.eventTime as Parameters<typeof tsToMs>[0]) : undefined;
    };
    const begun = at('workflowExecutionStartedEventAttributes');
    const taken = at('workflowTaskStartedEventAttributes');
    const named = at('activityTaskScheduledEventAttributes');
    const called = at('activityTaskStartedEventAttributes');
    const isRead = begun !== undefined && taken !== undefined && named !== undefined;
    if (isRead && (called !== undefined || Date.now() > until)) return { begun, taken, named, called };
    if (Date.now() > until) return undefined;
    await pause(1000);
  }
}
