/** Runs Python programs with numpy and scipy: a fork server under bubblewrap starts a process for each. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { basename } from 'node:path';
import { signalGroup } from '../process/process-group';
import { createFailure } from '../failures';
import { endedResult, parseAnswer, toResult, type Order } from './answer';
import { HOST_SCRIPTS, hostEnvironment, type HostEnvironment } from './host-environment';
import { emptyWorld } from './launch';
import { librariesOf } from './libraries';
import type { RunResult } from './sandbox';

/** Milliseconds that the server gets to report that a program's time is over. */
const GRACE_MS = 1000;
/** Milliseconds after which a silent server counts as broken and is ended. */
const SILENT_MS = 10_000;
const START_MS = 120_000;
/** Characters of the server's standard error that are kept. */
const LAST_WORDS = 4000;
/** One thread of OpenBLAS: each further one would reserve memory, and a fork does not copy threads. */
const ENVIRONMENT = { OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1', TZ: 'UTC' };

export class HostServer {
  private process: ChildProcessWithoutNullStreams | undefined;
  /** The server from its start on; `process` is set when it is ready. */
  private spawned: ChildProcessWithoutNullStreams | undefined;
  private starting: Promise<void> | undefined;
  private gone: Promise<void> = Promise.resolve();
  private readonly waiting = new Map<number, (line: string | undefined) => void>();
  private last = 0;
  private closed = false;

  constructor(
    private readonly bwrap: string,
    private readonly onNotice: (message: string) => void,
  ) {}

  /** Makes the environment and starts the server. @throws SandboxRefused, SandboxUnavailable */
  open(): Promise<void> {
    if (this.closed) throw createFailure('SandboxUnavailable', 'The sandbox was closed.');
    this.starting ??= hostEnvironment(this.onNotice)
      .then((environment) => this.start(environment))
      .catch((error: unknown) => {
        this.starting = undefined;
        throw error;
      });
    return this.starting;
  }

  /** Runs one program; call `open` first. @throws the reason of `signal`, after the program's process is gone */
  async run(order: Order, maxOutputChars: number, signal?: AbortSignal): Promise<RunResult> {
    signal?.throwIfAborted();
    const startedAt = performance.now();
    const id = (this.last += 1);
    const cancel = () => this.say({ id, cancel: true });
    const heard = new Promise<string | undefined>((resolve) => this.waiting.set(id, resolve));
    signal?.addEventListener('abort', cancel, { once: true });
    this.keepWorkerAlive();
    let late: NodeJS.Timeout | undefined;
    const overdue = new Promise<'late'>((resolve) => {
      late = setTimeout(() => resolve('late'), order.timeoutMs + GRACE_MS);
    });
    if (this.process) this.say({ id, ...order });
    else this.waiting.get(id)?.(undefined);
    const line = await Promise.race([heard, overdue]);
    clearTimeout(late);
    signal?.removeEventListener('abort', cancel);
    if (line === 'late') this.giveUp(id, cancel);
    else this.waiting.delete(id);
    this.keepWorkerAlive();
    signal?.throwIfAborted();
    const durationMs = performance.now() - startedAt;
    if (line === 'late') return endedResult('time', durationMs);
    const answer = line === undefined ? undefined : parseAnswer(line);
    return answer ? toResult(answer, maxOutputChars, durationMs) : endedResult('crash', durationMs);
  }

  /** Stops waiting for a program. On a busy machine its end is only late; a server that stays silent is broken and ended. */
  private giveUp(id: number, cancel: () => void): void {
    const { process: server } = this;
    cancel();
    const broken = setTimeout(() => server && end(server), SILENT_MS).unref();
    this.waiting.set(id, () => {
      clearTimeout(broken);
      this.waiting.delete(id);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.spawned) end(this.spawned);
    await this.starting?.catch(() => undefined);
    // Otherwise an idle worker would end before its server.
    this.keepWorkerAlive();
    if (this.process) end(this.process);
    await this.gone;
  }

  private async start(environment: HostEnvironment): Promise<void> {
    if (this.closed) throw createFailure('SandboxUnavailable', 'The sandbox was closed.');
    const server = spawn('/bin/sh', commandLine(this.bwrap, environment), {
      env: {},
      cwd: '/',
      stdio: 'pipe',
      detached: true,
    });
    this.spawned = server;
    let words = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (words = (words + text).slice(-LAST_WORDS)));
    server.stdin.on('error', () => undefined);
    this.gone = new Promise((resolve) => server.once('close', resolve).once('error', resolve));
    const ready = new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => end(server), START_MS);
      void this.gone.then(() => resolve(false)).then(() => clearTimeout(timer));
      lines(server, (line) => {
        if (line === READY) {
          clearTimeout(timer);
          resolve(true);
        } else this.hear(line);
      });
    });
    void this.gone.then(() => {
      if (this.process === server) this.process = this.starting = undefined;
      for (const settle of [...this.waiting.values()]) settle(undefined);
    });
    if (!(await ready))
      throw createFailure(
        'SandboxUnavailable',
        `The fork server for numpy and scipy ended before it was ready (${words.trim().split('\n').slice(-3).join(' ').slice(0, 300)}).`,
      );
    this.process = server;
    this.keepWorkerAlive();
  }

  private hear(line: string): void {
    const head = /^\{"id": (\d+), "answer": (.*)\}$/s.exec(line);
    if (head) this.waiting.get(Number(head[1]))?.(head[2]);
  }

  private say(message: object): void {
    this.process?.stdin.write(`${JSON.stringify(message)}\n`);
  }

  /** Running programs and the closing of the server keep the worker's process alive; an idle server does not. */
  private keepWorkerAlive(): void {
    if (!this.process) return;
    const { stdin, stdout, stderr } = this.process;
    for (const part of [this.process, stdin, stdout, stderr] as { ref?(): void; unref?(): void }[])
      if (this.waiting.size > 0 || this.closed) part.ref?.();
      else part.unref?.();
  }
}

const READY = '{"ready": true}';

function lines(server: ChildProcessWithoutNullStreams, onLine: (line: string) => void): void {
  let rest = '';
  server.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    parts.forEach(onLine);
  });
}

function end(server: ChildProcessWithoutNullStreams): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  if (!signalGroup(server.pid, 'SIGKILL')) server.kill('SIGKILL');
}

/** Nothing inside can be written, so a program cannot leave anything for the next. */
function commandLine(bwrap: string, environment: HostEnvironment): string[] {
  const { executable, library, hidden, mapped, packages } = environment;
  const world = [
    ...emptyWorld(bwrap, librariesOf(executable, mapped)),
    ...['--ro-bind', executable, executable, '--ro-bind', library, library],
    ...hidden.flatMap((folder) => ['--tmpfs', folder, '--remount-ro', folder]),
    ...['--ro-bind', packages, '/sandbox/packages'],
    ...HOST_SCRIPTS.flatMap((file) => ['--ro-bind', file, `/sandbox/${basename(file)}`]),
    ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--remount-ro', '/', '--chdir', '/'],
  ];
  const python = [executable, '-S', '-s', '-B', '/sandbox/server.py', '/sandbox/packages'];
  return ['-c', 'ulimit -c 0; ulimit -f 0; ulimit -n 512; exec "$@"', 'sh', ...world, ...python];
}
