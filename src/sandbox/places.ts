/**
 * How many programs run at a time, and how long one may wait for its turn.
 *
 * @module
 */
import { availableParallelism } from 'node:os';
import { availableMb } from './usage';

/** MiB that the process of a Python program may use at most: docs/security.md. */
const LARGEST_PROCESS_MB = 800;
/** Programs that may be ahead of one, for each place, before its activity is taken for lost. */
const PROGRAMS_AHEAD = 100;
/** Milliseconds that the start of a child may take on a busy machine. */
const START_MS = 60_000;

let byMachine: number | undefined;

/** Places for programs: those that are configured, else one for each processor as far as memory reaches. The same all the time. */
export function placesFor({ concurrency }: { concurrency?: number }): number {
  byMachine ??= Math.max(1, Math.min(availableParallelism(), Math.floor(availableMb() / LARGEST_PROCESS_MB)));
  return concurrency ?? byMachine;
}

/** Milliseconds after which an activity that runs a program has failed: the sandbox ends the program itself, and waiting for a place is no failure. */
export function longestRun({ timeoutMs }: { timeoutMs: number }): number {
  return (1 + PROGRAMS_AHEAD) * timeoutMs + START_MS;
}
