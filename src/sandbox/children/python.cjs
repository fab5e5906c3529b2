'use strict';
/**
 * A child that runs one Python program in Pyodide, started from a snapshot.
 * Arguments: as `filesFrom` reads them, then memory in MiB and characters kept.
 */
const { serve } = require('./child.cjs');
const { openPyodide, filesFrom } = require('./pyodide.cjs');
const { readSnapshot } = require('./snapshot-file.cjs');

const { addon, files, snapshotPath, words } = filesFrom(process.argv.slice(2));
const keepChars = Number(words[1]);
const { ivm } = require(addon);
/** MiB of JavaScript objects; the memory of Python itself is bounded by the process. */
const HEAP_MB = 128;
/** Globals that are removed before a program runs. They are harmless, but no program needs them. */
const HIDDEN = `read readbuffer load gc __loadPyodide __createPyodide __files __snapshot __restore __py WebAssembly
    SharedArrayBuffer Atomics`.split(/\s+/);

serve(open);

async function open({ print, onMemory }) {
  const { context } = await openPyodide(ivm, {
    files,
    heapMb: HEAP_MB,
    print,
    onMemory,
    snapshot: readSnapshot(snapshotPath),
  });
  const run = await context.evalClosure(
    `const call = globalThis.__py.runPython(${JSON.stringify('import sys; sys.stdout.reconfigure(line_buffering=True); import run_program; run_program.warm(); run_program.run')});
    globalThis.gc?.();
    for (const name of ${JSON.stringify(HIDDEN)}) delete globalThis[name];
    return (code, entropy, keep) => call(code, entropy, keep);`,
    [],
    { result: { reference: true } },
  );
  globalThis.gc?.();
  return async ({ code, timeoutMs, entropy }) => {
    try {
      const outcome = JSON.parse(await run.apply(undefined, [code, entropy, keepChars], { timeout: timeoutMs }));
      return { ...outcome, outOfMemory: outcome.error?.name === 'MemoryError' };
    } catch (error) {
      const exit = /^Program terminated with exit\((\d+)\)/.exec(String(error?.message));
      if (!exit) throw error;
      return exit[1] === '0'
        ? {}
        : { error: { name: 'SystemExit', message: exit[1], traceback: `SystemExit: ${exit[1]}` } };
    }
  };
}
