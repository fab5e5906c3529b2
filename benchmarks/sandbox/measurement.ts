/** Times of programs, taken in turns so that noise of the machine falls on all ways alike; memory of a spare. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { usageOf } from '../../src/sandbox/usage';
import type { Snippet } from './snippets';
import type { Way } from './ways';

const STILL_MS = 250;
const LONGEST_WAIT_MS = 60_000;

/** Milliseconds of each run of each way; before each run the machine is let come to rest, so that a spare is ready. */
export async function inTurns(snippet: Snippet, ways: readonly Way[], times: number): Promise<number[][]> {
  const taken: number[][] = ways.map(() => []);
  for (let turn = 0; turn < times; turn += 1)
    for (const [index, way] of ways.entries()) {
      await rest();
      const startedAt = performance.now();
      const printed = await way(snippet);
      taken[index]?.push(performance.now() - startedAt);
      if (printed !== snippet.expected) throw new Error(`${JSON.stringify(snippet.code)} printed ${printed}`);
    }
  return taken;
}

/** Seconds for all snippets with so many at a time. */
export async function together(snippets: readonly Snippet[], way: Way, atATime: number): Promise<number> {
  await rest();
  const startedAt = performance.now();
  let next = 0;
  const go = async () => {
    for (let snippet = snippets[next++]; snippet; snippet = snippets[next++]) {
      const printed = await way(snippet);
      if (printed !== snippet.expected) throw new Error(`${JSON.stringify(snippet.code)} printed ${printed}`);
    }
  };
  await Promise.all(Array.from({ length: atATime }, go));
  return (performance.now() - startedAt) / 1000;
}

/** Waits until the processes below this one use no processor. */
export async function rest(): Promise<void> {
  const until = performance.now() + LONGEST_WAIT_MS;
  let before = -1;
  for (;;) {
    const usages = await Promise.all(children(process.pid).map((pid) => usageOf(pid)));
    const now = usages.reduce((sum, one) => sum + (one?.cpuMs ?? 0), 0);
    if (now === before || performance.now() > until) return;
    before = now;
    await pause(STILL_MS);
  }
}

/** MiB of proportional set size, and of memory that is a process's alone, of everything below this process. */
export function memoryBelow(): { proportional: number; own: number } {
  const sum = { proportional: 0, own: 0 };
  const visit = (pid: number) => {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
    sum.proportional += of('Pss');
    sum.own += of('Private_Clean') + of('Private_Dirty');
    children(pid).forEach(visit);
  };
  children(process.pid).forEach(visit);
  return sum;
}

function children(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
