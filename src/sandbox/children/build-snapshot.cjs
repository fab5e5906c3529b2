'use strict';
/** Makes the snapshot that Python children start from. Arguments: as `filesFrom` reads them. */
const { readFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { filesFrom, openPyodide, WHEEL_FOLDER } = require('./pyodide.cjs');
const { writeSnapshot } = require('./snapshot-file.cjs');

const { addon, files, snapshotPath } = filesFrom(process.argv.slice(2));
const { ivm } = require(addon);

const PREPARE = `
import sys
for wheel in ${JSON.stringify(files.wheels.map((path) => basename(path)))}:
    sys.path.append('${WHEEL_FOLDER}/' + wheel)
import types
module = types.ModuleType('run_program')
exec(compile(source, 'run_program.py', 'exec'), module.__dict__)
sys.modules['run_program'] = module
del module, source, types
exec(compile(preload, 'preload.py', 'exec'), {})
loop = {}
exec(compile(event_loop, 'event_loop.py', 'exec'), loop)
loop['install']()
del preload, event_loop, loop
import gc
gc.collect()
`;

void build();

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
      `const py = globalThis.__py; py.globals.set('source', $0); py.globals.set('preload', $1); py.globals.set('event_loop', $2); py.runPython($3)`,
      [text('run_program.py'), text('preload.py'), text('event_loop.py'), PREPARE],
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
