/** What a fork server needs around it: a Python of this machine, its standard library and shared libraries, and packages. */
import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { createFailure } from '../failures';
import { shortHash } from '../files/fingerprint';

const run = promisify(execFile);
export const SERVER_FOLDER = join(__dirname, 'python-host');
const LIMIT_MS = 10 * 60_000;
/** The folder of the packages, beside the description of the world. */
const PACKAGES = 'packages';
const DESCRIPTION = 'closure.json';

/** `native` runs programs in that Python itself, `wasm` in CPython compiled to WebAssembly. */
export type ServerKind = 'native' | 'wasm';

const closureSchema = z.strictObject({
  executable: z.string(),
  /** The standard library. */
  library: z.string(),
  /** Folders inside it that hold other people's packages. */
  hidden: z.array(z.string()),
  /** Shared libraries. */
  mapped: z.array(z.string()),
});

export interface ServerWorld extends z.infer<typeof closureSchema> {
  /** Folder of the packages: numpy, scipy, sympy and mpmath, or wasmtime and the compiled Python. */
  packages: string;
}

export function readWorld(folder: string): ServerWorld {
  const closure = closureSchema.parse(JSON.parse(readFileSync(join(folder, DESCRIPTION), 'utf8')));
  return { ...closure, packages: join(folder, PACKAGES) };
}

/** Finds out and writes what a server needs whose packages are in `folder`. @throws SandboxUnavailable */
export async function writeWorld(folder: string, kind: ServerKind, python: string): Promise<void> {
  const packages = join(folder, PACKAGES);
  const { stdout } = await orUnavailable(
    'The pinned packages do not work with the Python of this machine',
    run(python, ['-I', '-S', join(SERVER_FOLDER, 'closure.py'), kind, packages], {
      timeout: LIMIT_MS,
      maxBuffer: 2 ** 24,
      env: { OPENBLAS_NUM_THREADS: '1' },
    }),
  );
  const closure = closureSchema.parse(JSON.parse(stdout));
  const elsewhere = (path: string) => !path.startsWith(`${packages}/`) && !path.startsWith(`${closure.library}/`);
  await writeFile(join(folder, DESCRIPTION), JSON.stringify({ ...closure, mapped: closure.mapped.filter(elsewhere) }));
}

export async function orUnavailable<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw createFailure('SandboxUnavailable', `${what}: ${lastLine(error)}`);
  }
}

export function lastLine(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  return ((stderr || message) ?? '').trim().split('\n').slice(-3).join(' ').slice(0, 500);
}

/** Changes with the machine's Python, with `inputs`, and with `more`. */
export function fingerprintOf(python: string, inputs: readonly string[], more: readonly string[] = []): string {
  const { size, mtimeMs } = statSync(python);
  return shortHash([python, `${size}`, `${mtimeMs}`, ...more], inputs);
}
