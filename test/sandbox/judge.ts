/** Runs an attack and says which of the eight conditions of "contained" (shared/data/sandbox/README.md) it broke. */
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunResult, Sandbox } from '../../src/sandbox';
import { usageOf } from '../../src/sandbox/usage';
import type { Attack, Benign } from './corpus';
import type { Canaries } from './canaries';

const MAX_OUTPUT = 4000 + 100;

/** What is not ended at its limit runs on without end; a program that waits for a processor is given this much more by the clock. */
export const LATE_MS = 20_000;

/** What docs/security.md states, for a machine that has no more to do than it has processors; one attack in ten may take longer. */
export const statedLateMs = () => 2000 * Math.max(1, loadavg()[0]! / availableParallelism());

export async function judge(
  sandbox: Sandbox,
  attack: Attack,
  canaries: Canaries,
  timeoutMs: number,
  statedMb: number,
): Promise<{ broken: string[]; result: RunResult }> {
  const { language } = attack;
  const peak = watchMemory();
  const result = await sandbox.run({ language, code: canaries.fill(attack.code), timeoutMs });
  const { residentMb } = await peak();
  const shown = JSON.stringify(result);
  const broken = canaries.broken(shown);
  if (result.durationMs > timeoutMs + LATE_MS) broken.push(`4: answered after ${Math.round(result.durationMs)} ms`);
  if (!result.ok && result.limit === undefined && result.error === undefined) broken.push('4: no typed error');
  if (result.stdout.length > MAX_OUTPUT || result.stderr.length > MAX_OUTPUT) broken.push('5: output over the limit');
  if (result.stdout.length > 4000 && !result.truncated) broken.push('5: cut without saying so');
  if (residentMb > statedMb) broken.push(`7: ${Math.round(residentMb)} MiB in one child`);
  return { broken, result };
}

/** Condition 8. */
export async function answersExactly(sandbox: Sandbox, one: Benign): Promise<string[]> {
  const result = await sandbox.run({ language: one.language, code: one.code, timeoutMs: 60_000 });
  const matches = result.stdout.trimEnd() === one.expect_stdout.trimEnd();
  return matches ? [] : [`8: ${one.id} gave ${JSON.stringify(result).slice(0, 300)}`];
}

/** The largest child of this process, looked at now and then; spares are among them. */
function watchMemory(): () => Promise<{ residentMb: number }> {
  let largest = 0;
  const look = async () => {
    for (const pid of childrenOf(process.pid)) largest = Math.max(largest, (await usageOf(pid))?.residentMb ?? 0);
  };
  const timer = setInterval(() => void look(), 100);
  return async () => {
    clearInterval(timer);
    return { residentMb: largest };
  };
}

export function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
}

/** Everything below a process. */
export function familyOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...familyOf(child)]);
}

/** Waits until the processes below this one are no more than `most`. Condition 4. */
export async function settles(most: number): Promise<boolean> {
  const until = Date.now() + 60_000;
  while (familyOf(process.pid).length > most) {
    if (Date.now() > until) return false;
    await pause(50);
  }
  return true;
}

/** Condition 3: milliseconds that the event loop was late by work of this process's own, not by waiting for a processor. */
export function watchLoop(): () => number {
  const every = 50;
  let worst = 0;
  let last = performance.now();
  let cpu = process.cpuUsage();
  const timer = setInterval(() => {
    const late = performance.now() - last - every;
    const used = process.cpuUsage(cpu);
    worst = Math.max(worst, Math.min(late, (used.user + used.system) / 1000));
    last = performance.now();
    cpu = process.cpuUsage();
  }, every);
  return () => {
    clearInterval(timer);
    return worst;
  };
}
