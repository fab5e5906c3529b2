/** `husky worker` as an orchestrator runs it: on a loaded machine it may end because its server was not reached in time, and is started again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Exit code of a command whose Temporal server does not answer. */
const UNREACHED = 3;

export interface RestartedWorker {
  /** Ends it with SIGKILL, and for good. Resolves when it is gone. */
  kill(): Promise<void>;
}

/** @param args what follows `worker` on the command line */
export function startWorker(address: string, args: readonly string[]): RestartedWorker {
  const main = join(__dirname, '../../dist/cli/main.js');
  let isWanted = true;
  const start = () => {
    const child = spawn(process.execPath, [main, 'worker', ...args], {
      env: { ...process.env, TEMPORAL_ADDRESS: address },
      stdio: 'ignore',
    });
    child.once('exit', (code) => {
      if (isWanted && code === UNREACHED) running = start();
    });
    return child;
  };
  let running = start();
  return {
    kill: async () => {
      isWanted = false;
      if (running.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGKILL');
      await ended;
    },
  };
}
