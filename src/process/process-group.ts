/**
 * A child that was started `detached` leads a process group: what it starts itself is ended with it.
 *
 * @module
 */

/** Sends a signal to a child's whole group. @returns false when there is no such group any more */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}
