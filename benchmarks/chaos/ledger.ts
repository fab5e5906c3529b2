/**
 * What the endpoints' log proves: which calls were made again, and whether any of them had been recorded.
 *
 * A solution makes one call after the other, and the next one begins only when the result of the one before is recorded. So a call that
 * arrives again after the next call of its solution has arrived was made again although its result was recorded: a broken promise.
 * One that arrives again before that was in flight, or answered and not yet recorded, when something was killed.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';

interface Entry {
  event: string;
  call: string;
  at: number;
}

export interface Ledger {
  /** Calls that arrived, all attempts. */
  arrived: number;
  answered: number;
  /** Misbehaviours by kind. */
  troubles: Record<string, number>;
  /** Answered, and made again because the answer had not been recorded when something was killed. */
  repeatedInFlight: number;
  /** Made again although the result was recorded. Must be empty. */
  repeatedRecorded: string[];
  /** Calls that the undisturbed run did not make. Must be empty. */
  unknown: string[];
}

export function readLog(file: string): Entry[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Entry);
}

/** Place of each call within its solution, from the log of an undisturbed run. @throws when that run made a call twice */
export function ordersOf(entries: readonly Entry[]): Map<string, number> {
  const positions = new Map<string, number>();
  const made = new Map<string, number>();
  for (const { event, call } of entries) {
    if (event !== 'arrived') continue;
    if (positions.has(call)) throw new Error(`The undisturbed run made the call ${call} twice.`);
    const position = made.get(solutionOf(call)) ?? 0;
    made.set(solutionOf(call), position + 1);
    positions.set(call, position);
  }
  return positions;
}

/** Place of each call within its solution by the time that it first arrived, where no undisturbed run tells it. */
export function firstArrivals(entries: readonly Entry[]): Map<string, number> {
  const seen = new Set<string>();
  return ordersOf(
    entries.filter(({ event, call }) => event === 'arrived' && !seen.has(call) && seen.add(call) !== undefined),
  );
}

const solutionOf = (call: string) => call.slice(0, call.indexOf(' '));

export function audit(entries: readonly Entry[], positions: ReadonlyMap<string, number>): Ledger {
  const furthest = new Map<string, number>();
  const answered = new Set<string>();
  const ledger: Ledger = {
    arrived: 0,
    answered: 0,
    troubles: {},
    repeatedInFlight: 0,
    repeatedRecorded: [],
    unknown: [],
  };
  for (const { event, call } of entries) {
    const position = positions.get(call);
    if (position === undefined) ledger.unknown.push(call);
    else if (event === 'arrived') {
      const solution = solutionOf(call);
      const before = furthest.get(solution) ?? -1;
      ledger.arrived += 1;
      if (position < before) ledger.repeatedRecorded.push(call);
      else if (answered.has(call)) ledger.repeatedInFlight += 1;
      furthest.set(solution, Math.max(before, position));
    } else if (event === 'answered') {
      ledger.answered += 1;
      answered.add(call);
    } else ledger.troubles[event] = (ledger.troubles[event] ?? 0) + 1;
  }
  return ledger;
}
