/**
 * Child processes of a measurement: started, awaited until they say that they are ready, ended; and the CPU that they use.
 *
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

/** CPU seconds that a process has used so far; 0 when it is gone. */
export function cpuSeconds(pid: number): number {
  try {
    return secondsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return 0;
  }
}

function secondsIn(stat: string): number {
  const numbers = (stat.split(') ')[1] ?? '').split(' ');
  return (Number(numbers[11]) + Number(numbers[12])) / TICKS;
}

/** CPU seconds of a process by the names of its threads. */
export function threadSeconds(pid: number): Map<string, number> {
  const seconds = new Map<string, number>();
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')).replace(/[-\d]+$/, '');
      seconds.set(name, (seconds.get(name) ?? 0) + secondsIn(stat));
    } catch {
      // It has ended between the two looks.
    }
  }
  return seconds;
}

/** Resident memory of a process in MiB. */
export function memoryMb(pid: number): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return Number(kilobytes) / 1024;
}

/** CPU seconds that the whole machine has been busy since it started. */
export function machineSeconds(): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (
    readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? ''
  )
    .trim()
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / TICKS;
}

export interface Child {
  pid: number;
  /** What it has written to standard output. */
  output(): string;
  /** Resolves with all output when it ends by itself. @throws when it fails, with its last words */
  ended: Promise<string>;
  /** SIGTERM, then SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Awaited in the output before the child is returned. */
  ready?: RegExp;
}

/** @throws when the child ends before it is ready */
export async function startChild(command: string, args: string[], options: ChildOptions = {}): Promise<Child> {
  const { cwd, env = {}, ready } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaints = (complaints + chunk).slice(-4000)));
  const ended = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) =>
      code === 0 || signal === 'SIGTERM' || signal === 'SIGKILL'
        ? resolve(output)
        : reject(new Error(`${command} ${args.join(' ')} ended with ${code}: ${complaints || output.slice(-2000)}`)),
    );
  });
  ended.catch(() => undefined);
  const isReady = new Promise<void>((resolve) => {
    if (!ready) resolve();
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
      if (ready?.test(output)) resolve();
    });
  });
  const early = ended.then(() => {
    if (ready && !ready.test(output)) throw new Error(`${command} ended before it was ready: ${complaints}`);
  });
  await Promise.race([isReady, early]);
  return { pid: child.pid ?? 0, output: () => output, ended, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.once('close', () => {
      clearTimeout(late);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
