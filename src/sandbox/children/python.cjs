'use strict';
/**
 * A child that runs one Python program in Pyodide, or with `build` as its last word makes the snapshot that the others start from.
 * Arguments: addon, loader, wasm, stdlib, lock, snapshot, wheels (comma between), memory in MiB, characters kept.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { serve } = require('./child.cjs');
const { openPyodide, WHEEL_FOLDER } = require('./pyodide.cjs');
const { readSnapshot, writeSnapshot } = require('./snapshot-file.cjs');

const [addon, loader, wasm, stdlib, lock, snapshotPath, ...more] = process.argv.slice(2);
const wheels = more.filter((word) => word.endsWith('.whl'));
const [memoryMb, keepChars, task] = more.filter((word) => !word.endsWith('.whl'));
const { ivm } = require(addon);
const files = { loader, wasm, stdlib, lock, wheels };
const HEAP_MB = 128;
/** Taken from the isolate before a program runs: nothing that it could do harm with, but nothing that it needs. */
const HIDDEN = [
  'read',
  'readbuffer',
  'load',
  'os',
  '__loadPyodide',
  '__createPyodide',
  '__files',
  '__snapshot',
  '__restore',
  '__py',
  'gc',
  'WebAssembly',
  'SharedArrayBuffer',
  'Atomics',
];

const PREPARE = `
import sys
for wheel in ${JSON.stringify(wheels.map((path) => path.split('/').pop()))}:
    sys.path.append('${WHEEL_FOLDER}/' + wheel)
import types
module = types.ModuleType('run_program')
exec(compile(source, 'run_program.py', 'exec'), module.__dict__)
sys.modules['run_program'] = module
del module, source, types
exec(compile(preload, 'preload.py', 'exec'), {})
del preload
import gc
gc.collect()
`;

if (task === 'build') void build();
else serve(open);

async function build() {
  try {
    const { context } = await openPyodide(ivm, {
      files,
      heapMb: 1024,
      print: (_, text) => process.stderr.write(String(text)),
      onMemory: () => process.exit(71),
    });
    const text = (name) => readFileSync(join(__dirname, name), 'utf8');
    await context.evalClosure(
      `const py = globalThis.__py; py.globals.set('source', $0); py.globals.set('preload', $1); py.runPython($2)`,
      [text('run_program.py'), text('preload.py'), PREPARE],
      { timeout: 600_000 },
    );
    const whole = await context.evalClosure('return globalThis.__py.makeMemorySnapshot().slice().buffer', [], {
      result: { copy: true },
    });
    writeSnapshot(snapshotPath, Buffer.from(whole));
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${error.stack}\n`);
    process.exit(70);
  }
}

async function open({ print, onMemory }) {
  const { context } = await openPyodide(ivm, {
    files,
    heapMb: HEAP_MB,
    print,
    onMemory,
    snapshot: readSnapshot(snapshotPath),
  });
  const run = await context.evalClosure(
    `const call = globalThis.__py.runPython(${JSON.stringify('import sys; sys.stdout.reconfigure(line_buffering=True); import run_program; run_program.run("1", "00" * 32, 1); run_program.run')});
    globalThis.gc?.();
    for (const name of ${JSON.stringify(HIDDEN)}) delete globalThis[name];
    return (code, entropy, keep) => call(code, entropy, keep);`,
    [],
    { result: { reference: true } },
  );
  globalThis.gc?.();
  return async ({ code, timeoutMs, entropy }) =>
    JSON.parse(await run.apply(undefined, [code, entropy, Number(keepChars)], { timeout: timeoutMs }));
}
