/** Runs Python programs with numpy and scipy: a fork server starts a process for each, under bubblewrap where there is one. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { basename, join } from 'node:path';
import { keepsAlive, signalGroup } from '../process/process-group';
import { createFailure } from '../failures';
import { endedResult, parseAnswer, toResult, type Order } from './answer';
import { hostEnvironment } from './host-environment';
import { reasonIn } from './last-words';
import { emptyWorld } from './launch';
import { librariesOf } from './libraries';
import type { RunResult } from './sandbox';
import { SERVER_FOLDER, type ServerKind, type ServerWorld } from './server-world';
import { wasmEnvironment } from './wasm-environment';

/** Milliseconds that the server gets to report that a program's time is over. */
const GRACE_MS = 1000;
/** Milliseconds after which a silent server counts as broken and is ended. */
const SILENT_MS = 10_000;
const START_MS = 120_000;
/** Characters of the server's standard error that are kept. */
const LAST_WORDS = 4000;
const WORLDS = { native: hostEnvironment, wasm: wasmEnvironment };
/** Our own scripts inside the sandbox. */
const SHARED = ['server.py', 'template.py', 'seccomp.py', 'preload_numeric.py'];
const OWN: Record<ServerKind, readonly string[]> = {
  native: ['native.py'],
  wasm: ['wasm.py', 'wasm_engine.py', 'wasi.py', 'files_in_memory.py', 'guest.py', 'wide_integers.py'],
};
const OF_ALL_PYTHONS = [
  'absent_packages.py',
  'notebook_cells.py',
  'run_program.py',
  'event_loop.py',
  'in_turn.py',
  'preload.py',
];
/** One thread of OpenBLAS: each further one would reserve memory, and a fork does not copy threads. */
const ENVIRONMENT = { OPENBLAS_NUM_THREADS: '1', PYTHONDONTWRITEBYTECODE: '1', TZ: 'UTC' };

export class ForkServer {
  private process: ChildProcessWithoutNullStreams | undefined;
  /** The server from its start on; `process` is set when it is ready. */
  private spawned: ChildProcessWithoutNullStreams | undefined;
  private starting: Promise<void> | undefined;
  private gone: Promise<void> = Promise.resolve();
  private readonly waiting = new Map<number, (line: string | undefined) => void>();
  private last = 0;
  private closed = false;

  /** @param bwrap bubblewrap; without it only wasm, whose programs run no native code */
  constructor(
    readonly kind: ServerKind,
    private readonly bwrap: string | undefined,
    private readonly onNotice: (message: string) => void,
  ) {}

  /** Makes the environment and starts the server. @throws SandboxRefused, SandboxUnavailable */
  open(): Promise<void> {
    if (this.closed) throw createFailure('SandboxUnavailable', 'The sandbox was closed.');
    this.starting ??= WORLDS[this.kind](this.onNotice)
      .then((world) => this.start(world))
      .catch((error: unknown) => {
        this.starting = undefined;
        throw error;
      });
    return this.starting;
  }

  get isReady(): boolean {
    return this.process !== undefined;
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

  private async start(world: ServerWorld): Promise<void> {
    if (this.closed) throw createFailure('SandboxUnavailable', 'The sandbox was closed.');
    const server = spawn('/bin/sh', commandLine(this.kind, this.bwrap, world), {
      env: ENVIRONMENT,
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
        `The fork server for Python (${this.kind}) ended before it was ready (${reasonIn(words)}).`,
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
    if (this.process) keepsAlive(this.process, this.waiting.size > 0 || this.closed);
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
function commandLine(kind: ServerKind, bwrap: string | undefined, world: ServerWorld): string[] {
  const { executable, library, hidden, mapped, packages } = world;
  const python = [executable, '-S', '-s', '-E', '-B'];
  // Orders are on files in memory, which count as files. Programs get a limit of 0.
  const limits = 'ulimit -c 0; ulimit -f 65536; ulimit -n 512; ulimit -S -s 98304 2>/dev/null || :; exec "$@"';
  if (!bwrap) return ['-c', limits, 'sh', ...python, join(SERVER_FOLDER, 'server.py'), kind, packages];
  const scripts = [
    ...[...SHARED, ...OWN[kind]].map((name) => join(SERVER_FOLDER, name)),
    ...OF_ALL_PYTHONS.map((name) => join(__dirname, 'children', name)),
  ];
  return [
    ...['-c', limits, 'sh'],
    ...emptyWorld(bwrap, librariesOf(executable, mapped)),
    ...['--ro-bind', executable, executable, '--ro-bind', library, library],
    ...hidden.flatMap((folder) => ['--tmpfs', folder, '--remount-ro', folder]),
    ...['--ro-bind', packages, '/sandbox/packages'],
    ...scripts.flatMap((file) => ['--ro-bind', file, `/sandbox/${basename(file)}`]),
    ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--remount-ro', '/', '--chdir', '/'],
    ...python,
    ...['/sandbox/server.py', kind, '/sandbox/packages'],
  ];
}
