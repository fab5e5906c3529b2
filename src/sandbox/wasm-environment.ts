/** CPython compiled to WebAssembly, with numpy, scipy and sympy. It is fetched and compiled once per machine; wasmtime runs it. */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFailure } from '../failures';
import { buildOnce, cacheRoot } from '../files/cache-folder';
import { fetchWheels } from './pinned-wheels';
import { fingerprintOf, orUnavailable, readWorld, SERVER_FOLDER, writeWorld, type ServerWorld } from './server-world';
import { availableMb } from './usage';
import pinned from './python-host/wasm-packages.json';

const run = promisify(execFile);
const BUILD_INPUT = ['closure.py', 'prepare_wasm.py', 'wasm_engine.py', 'wasm-packages.json'].map((name) =>
  join(SERVER_FOLDER, name),
);
const COMPILE_LIMIT_MS = 20 * 60_000;
const ASK_LIMIT_MS = 60_000;
/** MiB that the compilation needs. */
const COMPILE_MB = 2600;
const ASK = 'import ctypes, mmap, os, sys; print(os.path.realpath(sys.executable), *sys.version_info[:2])';

/** Whether this machine has it already, so that a server only has to start. */
export async function hasWasmEnvironment(): Promise<boolean> {
  return findPython().then(
    (python) => existsSync(join(cacheRoot(), nameOf(python))),
    () => false,
  );
}

/**
 * Built at first use, by one process while others wait. Built again when the machine's Python, its processor or the pinned versions change.
 *
 * @throws SandboxRefused without a Python or the memory to compile, SandboxUnavailable when the packages cannot be fetched
 */
export async function wasmEnvironment(onNotice: (message: string) => void): Promise<ServerWorld> {
  const python = await findPython();
  const folder = await buildOnce(
    nameOf(python),
    (partial) => build(partial, python, onNotice),
    () => onNotice('Waiting for another process, which prepares Python in WebAssembly.'),
  );
  return readWorld(folder);
}

function nameOf(python: string): string {
  return `python-wasm-${fingerprintOf(python, BUILD_INPUT, [cpus()[0]?.model ?? ''])}`;
}

let found: Promise<string> | undefined;

function findPython(): Promise<string> {
  found ??= askPython().catch((error: unknown) => {
    found = undefined;
    throw error;
  });
  return found;
}

async function askPython(): Promise<string> {
  let said = '';
  try {
    const { stdout } = await run('python3', ['-I', '-c', ASK], { timeout: ASK_LIMIT_MS });
    const [, python, major, minor] = /^(.*) (\d+) (\d+)$/.exec(stdout.trim()) ?? [];
    if (python && (Number(major) > 3 || Number(minor) >= 9)) return realpathSync(python);
    said = `it is ${major}.${minor}`;
  } catch (error) {
    said = (error as Error).message.trim().split('\n').pop() ?? '';
  }
  throw createFailure(
    'SandboxRefused',
    `Python in WebAssembly needs python3, 3.9 or later with ctypes, to start it (${said}); install it, or set sandbox.python to pyodide.`,
  );
}

async function build(folder: string, python: string, onNotice: (message: string) => void): Promise<void> {
  const room = availableMb();
  if (room < COMPILE_MB)
    throw createFailure(
      'SandboxRefused',
      `To compile Python in WebAssembly takes ${COMPILE_MB} MiB of memory, once, and ${Math.round(room)} are available; set sandbox.python to pyodide, or bring the cache of a machine of the same kind.`,
    );
  const startedAt = performance.now();
  const [wheels, packages] = [join(folder, 'wheels'), join(folder, 'packages')];
  await Promise.all([mkdir(wheels), mkdir(packages)]);
  onNotice('Preparing Python in WebAssembly, once for this machine: fetching it (110 MB).');
  await fetchWheels(pinned, wheels);
  onNotice('Preparing Python in WebAssembly: compiling it (about 90 s of processor time).');
  await orUnavailable(
    'Python in WebAssembly could not be compiled',
    run(python, ['-I', '-S', join(SERVER_FOLDER, 'prepare_wasm.py'), wheels, packages], { timeout: COMPILE_LIMIT_MS }),
  );
  await rm(wheels, { recursive: true });
  await writeWorld(folder, 'wasm', python);
  onNotice(`Python in WebAssembly is ready (${Math.round((performance.now() - startedAt) / 1000)} s).`);
}
