/** The machine's Python with numpy, scipy and sympy at pinned versions. uv installs them once; they run only under bubblewrap. */
import { execFile } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createFailure } from '../failures';
import { buildOnce } from '../files/cache-folder';
import { shortHash } from '../files/fingerprint';
import pinned from './python-host/packages.json';

const run = promisify(execFile);
const FOLDER = join(__dirname, 'python-host');
/** Our own scripts inside the sandbox. */
export const HOST_SCRIPTS = [
  join(FOLDER, 'server.py'),
  join(FOLDER, 'seccomp.py'),
  join(FOLDER, 'preload.py'),
  join(__dirname, 'children/notebook_cells.py'),
  join(__dirname, 'children/run_program.py'),
  join(__dirname, 'children/event_loop.py'),
];
const CLOSURE = join(FOLDER, 'closure.py');
/** Files that the environment depends on. */
const BUILD_INPUT = ['closure.py', 'preload.py', 'packages.json'].map((name) => join(FOLDER, name));
const INSTALL_LIMIT_MS = 10 * 60_000;
const ASK_LIMIT_MS = 60_000;

const closureSchema = z.strictObject({
  executable: z.string(),
  /** The standard library. */
  library: z.string(),
  /** Folders inside it that hold other people's packages. */
  hidden: z.array(z.string()),
  /** Shared libraries. */
  mapped: z.array(z.string()),
});

export interface HostEnvironment extends z.infer<typeof closureSchema> {
  /** Where numpy, scipy, sympy and mpmath are. */
  packages: string;
}

/**
 * Built at first use, by one process while others wait. Built again when the machine's Python or the pinned versions change.
 *
 * @throws SandboxRefused without uv or a Python, SandboxUnavailable when the packages cannot be fetched
 */
export async function hostEnvironment(onNotice: (message: string) => void): Promise<HostEnvironment> {
  const python = await findPython();
  const folder = await buildOnce(
    `python-host-${fingerprint(python)}`,
    (partial) => build(partial, python, onNotice),
    () => onNotice('Waiting for another process, which prepares numpy and scipy.'),
  );
  const closure = closureSchema.parse(JSON.parse(readFileSync(join(folder, 'closure.json'), 'utf8')));
  return { ...closure, packages: join(folder, 'packages') };
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
  await writeFile(list, requirements());
  await mkdir(packages);
  const words = ['pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--require-hashes'];
  await orUnavailable(
    'The pinned numpy and scipy could not be installed',
    run('uv', [...words, '--python', python, '--target', packages, '-r', list], { timeout: INSTALL_LIMIT_MS }),
  );
  onNotice('Preparing numpy and scipy: compiling what is imported.');
  const { stdout } = await orUnavailable(
    'The pinned numpy and scipy do not work with the Python of this machine',
    run(python, ['-I', '-S', CLOSURE, packages], {
      timeout: INSTALL_LIMIT_MS,
      maxBuffer: 2 ** 24,
      env: { OPENBLAS_NUM_THREADS: '1' },
    }),
  );
  const closure = closureSchema.parse(JSON.parse(stdout));
  const elsewhere = (path: string) => !path.startsWith(`${packages}/`) && !path.startsWith(`${closure.library}/`);
  await writeFile(
    join(folder, 'closure.json'),
    JSON.stringify({ ...closure, mapped: closure.mapped.filter(elsewhere) }),
  );
  onNotice(`numpy and scipy are ready (${Math.round((performance.now() - startedAt) / 1000)} s).`);
}

async function orUnavailable<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw createFailure('SandboxUnavailable', `${what}: ${lastLine(error)}`);
  }
}

function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return ((stderr || message) ?? '').trim().split('\n').slice(-3).join(' ').slice(0, 500);
}

function requirements(): string {
  return pinned.packages
    .map(({ name, version, when, sha256 }: (typeof pinned.packages)[number] & { when?: string }) => {
      const hashes = sha256.map((hash) => `--hash=sha256:${hash}`);
      return `${name}==${version}${when ? ` ; ${when}` : ''} ${hashes.join(' ')}\n`;
    })
    .join('');
}

function fingerprint(python: string): string {
  const { size, mtimeMs } = statSync(python);
  return shortHash([python, `${size}`, `${mtimeMs}`], BUILD_INPUT);
}
