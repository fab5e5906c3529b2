/**
 * A process that is started again whenever it ends, as a service manager would; and what its kind leaves behind.
 *
 * @module
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';

/** Between the end of a process and its next start. */
const PAUSE_MS = 300;

export class Supervised {
  private child: ChildProcess | undefined;
  private stopping = false;
  /** Sessions of all its processes: a process and the children that it leaves are found by them. */
  readonly sessions = new Set<number>();
  starts = 0;

  constructor(
    readonly name: string,
    /** The program and its arguments. */
    private readonly command: readonly string[],
    private readonly env: NodeJS.ProcessEnv,
    private readonly log: string,
    private readonly options: Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'> = {},
  ) {
    this.start();
  }

  get pid(): number | undefined {
    return this.child?.exitCode === null && this.child.signalCode === null ? this.child.pid : undefined;
  }

  kill(signal: NodeJS.Signals = 'SIGKILL'): boolean {
    return this.child?.kill(signal) ?? false;
  }

  /** A signal and no new start; resolves when it has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (!child || this.pid === undefined) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
      child.once('exit', () => {
        clearTimeout(late);
        resolve();
      });
      child.kill(signal);
    });
  }

  private start(): void {
    if (this.stopping) return;
    const output = openSync(this.log, 'a');
    const env = { ...process.env, ...this.env };
    const [program = '', ...args] = this.command;
    const child = spawn(program, args, { ...this.options, env, detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    this.child = child;
    this.starts += 1;
    if (child.pid) this.sessions.add(child.pid);
    child.once('exit', () => void setTimeout(() => this.start(), PAUSE_MS).unref());
  }
}

/** Living processes of the given sessions, or with the given text in their environment. */
export function leftBehind(sessions: ReadonlySet<number>, marker: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => sessions.has(sessionOf(pid)) || environmentOf(pid).includes(marker))
    .map((pid) => `${pid} ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`);
}

/** Children of a process, and theirs. */
export function descendants(of: number): number[] {
  const children = readdirIfAny(`/proc/${of}/task`).flatMap((task) =>
    read(`/proc/${of}/task/${task}/children`).split(' ').filter(Boolean).map(Number),
  );
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function sessionOf(pid: string): number {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return fields[0] === 'Z' ? 0 : Number(fields[3]);
}

const environmentOf = (pid: string) => read(`/proc/${pid}/environ`);

function readdirIfAny(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
