/**
 * How many cores each part of a measurement keeps busy, and what runs beside it.
 *
 * @module
 */
import { serviceSeconds } from '../cluster/services';
import { cpuSeconds, machineSeconds } from './processes';

/**
 * @param processes by the name of the part
 * @param postgresPort of a cluster on this machine, whose services are then told, too
 */
export function startCores(processes: Readonly<Record<string, readonly number[]>>, postgresPort?: number) {
  const look = (): Record<string, number> => ({
    ...(postgresPort === undefined ? {} : serviceSeconds(postgresPort)),
    ...Object.fromEntries(
      Object.entries(processes).map(([name, pids]) => [
        name === 'worker' ? 'our worker' : name,
        pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
      ]),
    ),
  });
  const [before, machine, at] = [look(), machineSeconds(), Date.now()];
  return {
    /** Such as `frontend 0.20, ..., others 0.10`. */
    read(): string {
      const seconds = (Date.now() - at) / 1000;
      const used = Object.entries(look()).map(([name, all]) => [name, (all - (before[name] ?? 0)) / seconds] as const);
      const ours = used.reduce((sum, [, cores]) => sum + cores, 0);
      const others = (machineSeconds() - machine) / seconds - ours;
      return [...used, ['others', others] as const].map(([name, cores]) => `${name} ${cores.toFixed(2)}`).join(', ');
    },
  };
}
