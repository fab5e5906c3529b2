/** Finds the Temporal CLI, or gets it by the first way that works. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { isExecutable } from '../files/is-executable';
import { ProgramError } from '../process/program-error';
import { dataFolder, homeFolder, userFolder } from '../files/user-folders';
import { withProcessLock } from '../process/process-lock';
import { buildTemporalCli } from './build-cli';
import { downloadTemporalCli } from './download-cli';

export interface EnsureOptions {
  env?: NodeJS.ProcessEnv;
  /** Called with progress lines. @default stderr */
  onProgress?: (line: string) => void;
}

const NAME = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Places of a Temporal CLI, in order of search. */
function temporalCliPlaces(env: NodeJS.ProcessEnv = process.env): string[] {
  const onPath = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const goPath = (env.GOPATH ?? '').split(delimiter).filter(Boolean);
  const home = env.HOME || homeFolder();
  return [
    ...onPath,
    ...(env.GOBIN ? [env.GOBIN] : []),
    ...goPath.map((folder) => join(folder, 'bin')),
    join(home, 'go', 'bin'),
    join(home, '.temporalio', 'bin'),
    join(userFolder('data', env), 'bin'),
  ].map((folder) => join(folder, NAME));
}

/**
 * The Temporal CLI of this machine, or undefined.
 *
 * @throws ProgramError (2) when TEMPORAL_CLI_PATH names something that cannot be run
 */
export function findTemporalCli(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env.TEMPORAL_CLI_PATH;
  if (named) {
    if (!isExecutable(named))
      throw new ProgramError(
        `TEMPORAL_CLI_PATH is ${named}, which ${existsSync(named) ? 'cannot be run' : 'does not exist'}; correct it or unset it.`,
        2,
      );
    return named;
  }
  return temporalCliPlaces(env).find(isExecutable);
}

/**
 * Finds the Temporal CLI, else downloads it, else builds it with Go (minutes, once; safe to interrupt; two processes take turns).
 *
 * @throws ProgramError (3) naming every way that was tried and what to do
 */
export async function ensureTemporalCli(options: EnsureOptions = {}): Promise<string> {
  const { env = process.env, onProgress = (line) => process.stderr.write(`${line}\n`) } = options;
  const found = findTemporalCli(env);
  if (found) return found;
  const folder = dataFolder(env);
  const onWait = () => onProgress('Another process is getting the Temporal CLI; waiting for it.');
  return withProcessLock(
    join(folder, 'temporal-cli.lock'),
    async () => {
      const meanwhile = findTemporalCli(env);
      if (meanwhile) return meanwhile;
      const target = join(folder, 'bin', NAME);
      onProgress('No Temporal CLI on this machine (PATH, GOPATH/bin, ~/go/bin); trying to download it.');
      const downloadFailure = await downloadTemporalCli(target, env);
      if (downloadFailure === undefined) return target;
      onProgress(`The download failed (${downloadFailure}); building it with Go instead.`);
      const buildFailure = await buildTemporalCli(target, { env, onProgress });
      if (buildFailure === undefined) return target;
      throw new ProgramError(
        `No Temporal server: there is no temporal command on PATH, in GOPATH/bin or ~/go/bin, its download failed (${downloadFailure}) and so did building it (${buildFailure}). Install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.24, or set TEMPORAL_ADDRESS to a running server.`,
        3,
      );
    },
    onWait,
  );
}

/** The output of `temporal --version`. */
export async function temporalCliVersion(binary: string): Promise<string> {
  return promisify(execFile)(binary, ['--version']).then(
    ({ stdout }) => stdout.trim(),
    (error: Error) => `cannot be run: ${error.message}`,
  );
}
