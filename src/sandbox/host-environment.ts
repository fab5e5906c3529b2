/** The machine's Python with numpy, scipy and sympy at pinned versions. uv installs them once; they run only under bubblewrap. */
import { execFile } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFailure } from '../failures';
import { buildOnce } from '../files/cache-folder';
import { requirements } from './pinned-wheels';
import pinned from './python-host/packages.json';
import {
  fingerprintOf,
  lastLine,
  orUnavailable,
  readWorld,
  SERVER_FOLDER,
  writeWorld,
  type ServerWorld,
} from './server-world';

const run = promisify(execFile);
/** Files that the environment depends on. */
const BUILD_INPUT = ['closure.py', 'preload_numeric.py', 'packages.json'].map((name) => join(SERVER_FOLDER, name));
const INSTALL_LIMIT_MS = 10 * 60_000;
const ASK_LIMIT_MS = 60_000;

/**
 * Built at first use, by one process while others wait. Built again when the machine's Python or the pinned versions change.
 *
 * @throws SandboxRefused without uv or a Python, SandboxUnavailable when the packages cannot be fetched
 */
export async function hostEnvironment(onNotice: (message: string) => void): Promise<ServerWorld> {
  const python = await findPython();
  const folder = await buildOnce(
    `python-host-${fingerprintOf(python, BUILD_INPUT)}`,
    (partial) => build(partial, python, onNotice),
    () => onNotice('Waiting for another process, which prepares numpy and scipy.'),
  );
  return readWorld(folder);
}

async function findPython(): Promise<string> {
  try {
    const { stdout } = await run('uv', ['python', 'find', '--system', pinned.python], { timeout: ASK_LIMIT_MS });
    return realpathSync(stdout.trim());
  } catch (error) {
    throw createFailure(
      'SandboxRefused',
      (error as NodeJS.ErrnoException).code === 'ENOENT'
        ? 'Programs with numpy and scipy need uv, which is not installed; install it (pip install uv), or set sandbox.python to pyodide.'
        : `Programs with numpy and scipy need a Python ${pinned.python}, and uv found none (${lastLine(error)}); install one (uv python install 3.13), or set sandbox.python to pyodide.`,
    );
  }
}

async function build(folder: string, python: string, onNotice: (message: string) => void): Promise<void> {
  const startedAt = performance.now();
  onNotice('Preparing numpy and scipy, once for this machine: fetching them (60 MB).');
  const list = join(folder, 'requirements.txt');
  const packages = join(folder, 'packages');
  await writeFile(list, requirements(pinned.packages));
  await mkdir(packages);
  const words = ['pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes'];
  await orUnavailable(
    'The pinned numpy and scipy could not be installed',
    run('uv', [...words, '--python', python, '--target', packages, '-r', list], { timeout: INSTALL_LIMIT_MS }),
  );
  onNotice('Preparing numpy and scipy: compiling what is imported.');
  await writeWorld(folder, 'native', python);
  onNotice(`numpy and scipy are ready (${Math.round((performance.now() - startedAt) / 1000)} s).`);
}
