/** The owner's side of the guardian (server-guardian.ts): starts it, reads its reports and releases it. */
import { spawn } from 'node:child_process';
import { extname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { signalGroup } from './process-group';
import { ProgramError } from './program-error';

export interface GuardianTask {
  command: string;
  args: string[];
  /** Removed when the server has ended. */
  stateFile?: string;
  /** SQLite file of the server. Its write-ahead log is merged into it when the server has ended. */
  databaseFile?: string;
  /** Folder in which the server runs. @default this process's */
  cwd?: string;
  /** What the server is, in messages. @default 'local Temporal server' */
  name?: string;
  /** Shows the server's output on standard error and gives it this process's whole environment. @default false */
  visible?: boolean;
  /** Nothing of the server is kept: it is killed when it is released, which saves the second that a server takes to end by itself. @default false */
  disposable?: boolean;
}

/** The guardian reports on its standard output, one JSON object a line. */
interface GuardianReport {
  serverPid?: number;
  holdPort?: number;
  /** Processes that still hold the server after its starter has released it. */
  holders?: number;
  /** How the server ended by itself, and its last output. */
  ended?: string;
  tail?: string;
}

export interface GuardedServer {
  pid: number;
  serverPid: number;
  /** Loopback port at which other processes hold the server. */
  holdPort: number;
  /** Rejects with a ProgramError when the server ends before it was released. */
  failed: Promise<never>;
  /** Resolves when the server has ended, or when other processes still hold it. */
  release(): Promise<void>;
}

/** Milliseconds that the guardian has to end its server; the guardian itself kills it after five seconds. */
const STOP_LIMIT = 15_000;

/** @throws ProgramError (3) when the server's program cannot be started */
export async function startGuardedServer(task: GuardianTask): Promise<GuardedServer> {
  const script = join(__dirname, `server-guardian${extname(__filename)}`);
  const { PATH, HOME, TMPDIR, SystemRoot, LANG, GOGC = '400' } = process.env;
  const guardian = spawn(process.execPath, [script, JSON.stringify(task)], {
    // A process group of its own: Ctrl-C then reaches only the owner, whose workers drain first.
    detached: true,
    stdio: ['pipe', 'pipe', task.visible ? 'inherit' : 'ignore'],
    // A Temporal server needs none of the owner's keys.
    env: task.visible ? process.env : { PATH, HOME, TMPDIR, SystemRoot, LANG, GOGC },
  });
  let leaving = false;
  const exited = new Promise<void>((resolve) => guardian.once('close', () => resolve()));
  const started = Promise.withResolvers<GuardianReport>();
  const failed = Promise.withResolvers<never>();
  const left = Promise.withResolvers<void>();
  const fail = (reason: string, tail = '') => {
    if (!leaving) failed.reject(new ProgramError(failure(task.name, reason, tail), 3));
  };
  started.promise.catch(() => undefined);
  failed.promise.catch(() => undefined);
  guardian.stdin.on('error', () => undefined);
  guardian.once('error', (error) => fail(error.message));
  guardian.once('exit', () => {
    if (!leaving) void started.promise.then(({ serverPid: left }) => left && signalGroup(left, 'SIGTERM'));
    fail('its guardian ended');
  });
  createInterface({ input: guardian.stdout }).on('line', (line) => {
    const report = JSON.parse(line) as GuardianReport;
    if (report.ended !== undefined) fail(report.ended, report.tail);
    else if (report.holders !== undefined) {
      if (report.holders > 0) left.resolve();
    } else started.resolve(report);
  });
  const { serverPid = 0, holdPort = 0 } = await Promise.race([started.promise, failed.promise]);
  return {
    pid: guardian.pid ?? 0,
    serverPid,
    holdPort,
    failed: failed.promise,
    release: async () => {
      leaving = true;
      guardian.stdin.end();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, STOP_LIMIT);
      });
      await Promise.race([exited, left.promise, late]);
      clearTimeout(timer);
      guardian.stdout.destroy();
      guardian.unref();
    },
  };
}

function failure(name: string | undefined, reason: string, tail: string): string {
  const said = tail ? ` It said: ${tail.replace(/\s+/g, ' ')}` : '';
  const advice = name ? '' : ' Run npx temporal-husky doctor, or start a server yourself and set TEMPORAL_ADDRESS.';
  return `The ${name ?? 'local Temporal server'} ended (${reason}).${said}${advice}`;
}
