/** Builds the Temporal CLI with Go, for machines that reach only a Go module proxy. */
import { spawn } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface BuildOptions {
  env?: NodeJS.ProcessEnv;
  onProgress: (line: string) => void;
}

/** The last version that `go install` accepts: later ones have `replace` lines. */
const TEMPORAL_CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
const PROGRESS_MS = 10_000;

/**
 * Builds in a separate folder and moves the finished program to `target`. An interrupted build leaves only Go's cache, which the next try
 * uses.
 *
 * @returns why it failed, or undefined
 */
export async function buildTemporalCli(target: string, options: BuildOptions): Promise<string | undefined> {
  const { env = process.env, onProgress } = options;
  const folder = join(dirname(target), '.build');
  // An interrupted try may have left files.
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const startedAt = Date.now();
  const elapsed = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
  let downloaded = 0;
  let compiled = 0;
  let tail = '';
  const go = spawn('go', ['install', '-v', TEMPORAL_CLI_MODULE], {
    env: { ...env, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const endGo = () => go.kill();
  process.once('exit', endGo);
  onProgress(
    `Building the Temporal CLI: go install ${TEMPORAL_CLI_MODULE} (about 7 minutes, once; Ctrl-C is safe, the next try continues).`,
  );
  const timer = setInterval(
    () => onProgress(`  ${elapsed()}: ${downloaded} modules downloaded, ${compiled} packages compiled`),
    PROGRESS_MS,
  );
  createInterface({ input: go.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading')) downloaded += 1;
    else if (/^[\w./~-]+$/.test(line)) compiled += 1;
    else tail = line;
  });
  try {
    const failure = await new Promise<string | undefined>((resolve) => {
      go.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ENOENT' ? 'there is no go command' : error.message),
      );
      go.once('close', (code) => resolve(code === 0 ? undefined : `go install: ${tail || `exit code ${code}`}`));
    });
    if (failure !== undefined) return failure;
    await rename(join(folder, basename(target)), target);
    onProgress(`The Temporal CLI is built (${elapsed()}): ${target}`);
    return undefined;
  } finally {
    clearInterval(timer);
    process.off('exit', endGo);
    await rm(folder, { recursive: true, force: true });
  }
}
