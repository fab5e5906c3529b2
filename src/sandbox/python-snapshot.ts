/** Python in the isolate: a snapshot of Pyodide with sympy imported, built once per machine from files pinned by hash. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFailure } from '../failures';
import { buildOnce } from '../files/cache-folder';
import { sha256, shortHash } from '../files/fingerprint';
import { bundledScript } from './bundled-scripts';
import { addonOfIsolatedVm, type ProgramLimits } from './javascript';
import type { Program } from './launch';
import { fetchWheels } from './pinned-wheels';
import { joinLoader } from './pyodide-loader';
import artefacts from './python-artefacts.json';

const CHILDREN = join(__dirname, 'children');
const SCRIPT = join(CHILDREN, 'python.cjs');
const BUILDER = join(CHILDREN, 'build-snapshot.cjs');
const COMPANIONS = ['child.cjs', 'kept-text.cjs', 'pyodide.cjs', 'shell.cjs', 'snapshot-file.cjs'].map((name) =>
  join(CHILDREN, name),
);
/** Files that a snapshot depends on. Other files of the child do not affect it. */
const BUILD_INPUT = [
  'build-snapshot.cjs',
  'pyodide.cjs',
  'snapshot-file.cjs',
  'absent_packages.py',
  'notebook_cells.py',
  'run_program.py',
  'preload.py',
  'event_loop.py',
  'in_turn.py',
].map((name) => join(CHILDREN, name));
/** MiB beside the program's own data: Node, the interpreter's code and the snapshot with sympy in it. */
const OVERHEAD_MB = 220;
const FLAGS = ['--max-old-space-size=128', '--max-semi-space-size=1', '--expose-gc'];
const BUILD_LIMIT_MS = 20 * 60_000;

/**
 * Describes the child of a Python program. Makes the snapshot first if this machine has none.
 *
 * @throws SandboxRefused, SandboxUnavailable as `fetchWheels` and `buildOnce`
 */
export async function pythonProgram(
  { memoryMb, keepChars }: ProgramLimits,
  onNotice: (message: string) => void,
): Promise<Program> {
  const folder = await buildOnce(
    `python-${shortHash([JSON.stringify(artefacts)], BUILD_INPUT)}`,
    (partial) => build(partial, onNotice),
    () => onNotice('Waiting for another process, which prepares Python.'),
  );
  return {
    files: [SCRIPT, ...inputs(folder)],
    companions: COMPANIONS,
    words: [String(memoryMb), String(keepChars)],
    flags: FLAGS,
    processMb: memoryMb + OVERHEAD_MB,
  };
}

function inputs(folder: string): string[] {
  const of = pyodideFolder();
  return [
    addonOfIsolatedVm(),
    join(folder, 'pyodide.js'),
    join(of, 'pyodide.asm.wasm'),
    join(of, 'python_stdlib.zip'),
    join(of, 'pyodide-lock.json'),
    bundledScript('text-codecs'),
    join(folder, 'snapshot.bin'),
    ...artefacts.wheels.map(({ file }) => join(folder, file)),
  ];
}

async function build(folder: string, onNotice: (message: string) => void): Promise<void> {
  const startedAt = performance.now();
  onNotice('Preparing Python, once for this machine: fetching sympy, mpmath and time zones.');
  verifyPyodide();
  await fetchWheels(artefacts.wheels, folder);
  onNotice('Preparing Python: importing sympy and taking a snapshot of it (about 15 s of processor time).');
  const text = (name: string) => readFileSync(join(pyodideFolder(), name), 'utf8');
  await writeFile(join(folder, 'pyodide.js'), joinLoader(text('pyodide.asm.mjs'), text('pyodide.mjs')));
  await takeSnapshot(folder);
  onNotice(`Python is ready (${Math.round((performance.now() - startedAt) / 1000)} s).`);
}

async function takeSnapshot(folder: string): Promise<void> {
  const words = ['--no-node-snapshot', '--no-warnings', BUILDER, ...inputs(folder)];
  const child = spawn(process.execPath, words, {
    env: {},
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: BUILD_LIMIT_MS,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said = (said + chunk).slice(-4000)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw createFailure(
      'SandboxUnavailable',
      `The snapshot of Python could not be made (exit ${code}): ${said.trim().slice(-600)}`,
    );
}

function verifyPyodide(): void {
  for (const [name, pinned] of Object.entries(artefacts.pyodide.files)) {
    const found = sha256(readFileSync(join(pyodideFolder(), name)));
    if (found !== pinned)
      throw createFailure(
        'SandboxRefused',
        `${name} of the package pyodide is not the pinned one of version ${artefacts.pyodide.version} (sha256 ${found}); install that version again.`,
      );
  }
}

function pyodideFolder(): string {
  return dirname(require.resolve('pyodide/package.json'));
}
