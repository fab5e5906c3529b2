/** Ends a child together with the processes that it started. Such a child is started `detached` and leads a process group. */

/** Sends a signal to a child's whole group. @returns false when there is no such group any more */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}
