/** How many programs run at once, and how long one may wait. */
import { availableParallelism } from 'node:os';
import { availableMb } from './usage';

/** MiB that the process of a Python program may use at most: docs/security.md. */
const LARGEST_PROCESS_MB = 800;
/** Programs that may wait before one, for each place, until its activity counts as lost. */
const PROGRAMS_AHEAD = 100;
/** Milliseconds that the start of a child may take on a busy machine. */
const START_MS = 60_000;

let byMachine: number | undefined;

/** Programs that may run at once: `concurrency`, else one for each processor, fewer if memory is short. Does not change during a process. */
export function placesFor({ concurrency }: { concurrency?: number }): number {
  byMachine ??= Math.max(1, Math.min(availableParallelism(), Math.floor(availableMb() / LARGEST_PROCESS_MB)));
  return concurrency ?? byMachine;
}

/** Timeout in milliseconds of an activity that runs a program. It allows for waiting; the sandbox itself ends a program that takes too long. */
export function longestRun({ timeoutMs }: { timeoutMs: number }): number {
  return (1 + PROGRAMS_AHEAD) * timeoutMs + START_MS;
}
