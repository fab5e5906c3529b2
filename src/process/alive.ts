/** Other processes of this machine. */
import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Linux gives this number to the first namespace of processes, that of the machine itself. */
const OF_THE_MACHINE = '4026531836';

/**
 * Where numbers of processes mean the same: the name of this machine. Containers may share it (`hostNetwork`), but have their own numbers; theirs
 * is followed by that of their namespace.
 */
export function processSpace(): string {
  try {
    const [space] = /\d+/.exec(readlinkSync('/proc/self/ns/pid')) ?? [];
    return space && space !== OF_THE_MACHINE ? `${hostname()}/${space}` : hostname();
  } catch {
    return hostname();
  }
}

/** Whether a process of this machine exists. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
