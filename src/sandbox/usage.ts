/** Reads from /proc what a running child uses, for the limits that ulimit cannot set. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const TICKS_PER_SECOND = 100;
const PAGE = 4096;

export interface Usage {
  cpuMs: number;
  residentMb: number;
}

/** Processor time and resident memory of a process and its descendants; undefined if /proc does not say. */
export async function usageOf(pid: number): Promise<Usage | undefined> {
  try {
    const [stat, children] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => ''),
    ]);
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const own: Usage = {
      cpuMs: (((fields[11] ?? 0) + (fields[12] ?? 0)) * 1000) / TICKS_PER_SECOND,
      residentMb: ((fields[21] ?? 0) * PAGE) / 2 ** 20,
    };
    const below = await Promise.all(
      children
        .split(' ')
        .filter(Boolean)
        .map((child) => usageOf(Number(child))),
    );
    return below.reduce<Usage>(
      (sum, one) => ({ cpuMs: sum.cpuMs + (one?.cpuMs ?? 0), residentMb: sum.residentMb + (one?.residentMb ?? 0) }),
      own,
    );
  } catch {
    return undefined;
  }
}

/** MiB that can be allocated without swapping, within the container's limit; Infinity if unknown. */
export function availableMb(): number {
  const free = /MemAvailable:\s+(\d+)/.exec(read('/proc/meminfo'))?.[1];
  const limit = Number(read('/sys/fs/cgroup/memory.max').trim() || Number.NaN);
  const used = Number(read('/sys/fs/cgroup/memory.current').trim() || Number.NaN);
  const ofMachine = free === undefined ? Infinity : Number(free) / 1024;
  return Number.isNaN(limit - used) ? ofMachine : Math.min(ofMachine, (limit - used) / 2 ** 20);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
