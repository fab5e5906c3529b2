/** Runs the command from its source, as a user runs the built one: a process of its own, its own data folder, no inherited settings. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const HOOK = join(__dirname, '../models/typescript-hook.cjs');
/** `npm test` builds first and says so; otherwise the source is compiled as it is loaded. */
export const COMMAND = process.env.HUSKY_TEST_BUILD
  ? [join(__dirname, '../../dist/cli/main.js')]
  : ['-r', HOOK, join(__dirname, '../../src/cli/main.ts')];

export interface Run {
  code: number | null;
  out: string;
  err: string;
}

export interface Started {
  child: ChildProcess;
  done: Promise<Run>;
  /** Resolves when the output so far matches. Rejects when the command ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
}

export interface Household {
  folder: string;
  start(args: readonly string[], options?: StartOptions): Started;
  run(args: readonly string[], options?: StartOptions): Promise<Run>;
  /** Ends what is left of the commands and removes the folder. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** The command's file, by the name that a link gives it. */
  program?: string;
  env?: Record<string, string | undefined>;
  input?: string;
  /** More arguments of Node itself. */
  node?: readonly string[];
}

/** Variables of the machine that would change what the command does. The Temporal CLI that was found is handed on by itself. */
const SETTINGS = /^(TEMPORAL_|OPENAI_|HUSKY_|XDG_|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|JEST_)/;

export function household(): Household {
  const folder = mkdtempSync(join(tmpdir(), 'husky-cli-'));
  const running = new Set<Started>();
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const own = {
    TEMPORAL_CLI_PATH: process.env.TEMPORAL_CLI_PATH,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
  };
  const start = (args: readonly string[], options: StartOptions = {}): Started => {
    const child = spawn(
      process.execPath,
      [...(options.node ?? []), ...COMMAND.slice(0, -1), options.program ?? COMMAND.at(-1)!, ...args],
      {
        cwd: folder,
        env: { ...clean, ...own, ...options.env },
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    // A command may end before it reads.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    const run: Run = { code: null, out: '', err: '' };
    const listeners = new Set<() => void>();
    child.stdout.on('data', (chunk) => ((run.out += chunk), listeners.forEach((listen) => listen())));
    child.stderr.on('data', (chunk) => ((run.err += chunk), listeners.forEach((listen) => listen())));
    const done = new Promise<Run>((resolve) => {
      child.once('close', (code) => {
        run.code = code;
        running.delete(started);
        resolve(run);
        listeners.forEach((listen) => listen());
      });
    });
    const started: Started = {
      child,
      done,
      until: (pattern) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const found = pattern.exec(run.out + run.err);
            if (found) resolve(found);
            else if (run.code !== null || child.exitCode !== null)
              reject(new Error(`It ended without ${pattern}:\n${run.out}\n${run.err}`));
            else return;
            listeners.delete(look);
          };
          listeners.add(look);
          look();
        }),
    };
    running.add(started);
    return started;
  };
  return {
    folder,
    start,
    run: (args, options) => start(args, options).done,
    close: async () => {
      for (const { child, done } of running) {
        child.kill('SIGKILL');
        await done;
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}

/** Whether a process exists. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until something holds; the test's own time limit ends a wait that is in vain. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 100));
}
