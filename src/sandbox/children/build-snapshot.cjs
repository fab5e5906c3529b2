'use strict';
/** Makes the snapshot that Python children start from. Arguments: as `filesFrom` reads them. */
const { readFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { filesFrom, openPyodide, WHEEL_FOLDER } = require('./pyodide.cjs');
const { writeSnapshot } = require('./snapshot-file.cjs');

// Python reads the zone when `time` is first imported, which is now.
process.env.TZ = 'UTC';
const { addon, files, snapshotPath } = filesFrom(process.argv.slice(2));
const { ivm } = require(addon);

/** In this order: each needs the ones before it. */
const MODULES = ['absent_packages', 'notebook_cells', 'run_program', 'event_loop', 'in_turn', 'preload'];
const PREPARE = `
import sys
for wheel in ${JSON.stringify(files.wheels.map((path) => basename(path)))}:
    sys.path.append('${WHEEL_FOLDER}/' + wheel)
import types
for name in ${JSON.stringify(MODULES)}:
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(sources[name], name + '.py', 'exec'), module.__dict__)
sys.modules['event_loop'].install()
sys.modules['in_turn'].install()
del module, name, sources, types, sys.modules['event_loop'], sys.modules['in_turn'], sys.modules['preload']
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
      `const py = globalThis.__py; py.globals.set('sources', py.toPy(JSON.parse($0))); py.runPython($1)`,
      [JSON.stringify(Object.fromEntries(MODULES.map((name) => [name, text(`${name}.py`)]))), PREPARE],
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
