/** A child that was started `detached` leads a process group: ends it with the processes that it started, or lets it idle. */
import type { ChildProcessWithoutNullStreams } from 'node:child_process';

/** Sends a signal to a child's whole group. @returns false when there is no such group any more */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** Whether a child and its pipes keep this process alive. */
export function keepsAlive(child: ChildProcessWithoutNullStreams, yes: boolean): void {
  const { stdin, stdout, stderr } = child;
  for (const part of [child, stdin, stdout, stderr] as { ref?(): void; unref?(): void }[])
    if (yes) part.ref?.();
    else part.unref?.();
}
