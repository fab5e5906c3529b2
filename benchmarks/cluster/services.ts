/**
 * The processes of a Temporal cluster on this machine, found by their command lines, and the processor time that each has used.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs';

export const SERVICES = ['frontend', 'history', 'matching', 'worker', 'postgres'] as const;
export type Service = (typeof SERVICES)[number];
export type Seconds = Record<Service, number>;

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

interface Found {
  pid: number;
  parent: number;
  service: Service;
  seconds: number;
}

/**
 * Seconds of each service since it started. Connections of PostgreSQL are processes of their own; those that have ended count with
 * their parent.
 *
 * @param postgresPort of the cluster's database, where several run here
 * @throws when a service is not there
 */
export function serviceSeconds(postgresPort: number): Seconds {
  const found = readdirSync('/proc').flatMap((name) => look(name, postgresPort) ?? []);
  const masters = new Set(found.filter(({ service }) => service === 'postgres').map(({ pid }) => pid));
  const backends = readdirSync('/proc').flatMap((name) => child(name, masters) ?? []);
  const sums = Object.fromEntries(SERVICES.map((service) => [service, 0])) as Seconds;
  for (const service of SERVICES) {
    const own = [...found, ...backends].filter((one) => one.service === service);
    if (own.length === 0) throw new Error(`No process of Temporal's service ${service} runs on this machine.`);
    sums[service] = own.reduce((sum, { seconds }) => sum + seconds, 0);
  }
  return sums;
}

function look(name: string, postgresPort: number): Found | undefined {
  const line = commandLine(name);
  const [, service] = / start --service (frontend|history|matching|worker)\b/.exec(line) ?? [];
  if (service) return { ...timesOf(name, false), service: service as Service };
  const isMaster = /\/postgres -D /.test(line) && new RegExp(`-p ${postgresPort}\\b`).test(line);
  return isMaster ? { ...timesOf(name, true), service: 'postgres' } : undefined;
}

function child(name: string, masters: ReadonlySet<number>): Found | undefined {
  if (!/^\d+$/.test(name)) return undefined;
  try {
    const times = timesOf(name, false);
    return masters.has(times.parent) ? { ...times, service: 'postgres' } : undefined;
  } catch {
    // It has ended between the two looks.
    return undefined;
  }
}

function commandLine(name: string): string {
  if (!/^\d+$/.test(name)) return '';
  try {
    return readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

function timesOf(name: string, withChildren: boolean): Omit<Found, 'service'> {
  const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(') ') + 2)
    .split(' ')
    .map(Number);
  const [user = 0, system = 0, usersOfChildren = 0, systemOfChildren = 0] = fields.slice(11, 15);
  const ticks = user + system + (withChildren ? usersOfChildren + systemOfChildren : 0);
  return { pid: Number(name), parent: fields[1] ?? 0, seconds: ticks / TICKS };
}
