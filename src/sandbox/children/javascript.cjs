'use strict';
/** One program, then the end: reads a JSON line from standard input, runs it in an isolate, answers with a JSON line. */
const ivm = require('isolated-vm');

const BOOT = `(function (print, limit) {
  'use strict';
  const { apply } = Reflect, { stringify } = JSON, text = String, slice = String.prototype.slice, join = Array.prototype.join;
  let written = 0;
  const show = (value) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'function') return '[function]';
    if (typeof value === 'bigint') return text(value) + 'n';
    if (value !== null && typeof value === 'object') {
      try { return value instanceof Error ? text(value.stack || value) : stringify(value) ?? text(value); } catch { return '[object]'; }
    }
    try { return text(value); } catch { return '[value]'; }
  };
  const to = (stream) => (...values) => {
    if (written > limit) return;
    const parts = [];
    for (let i = 0; i < values.length; i += 1) parts[i] = show(values[i]);
    const line = apply(join, parts, [' ']);
    print(stream, apply(slice, line, [0, limit - written + 1]), line.length);
    written += line.length + 1;
  };
  const console = { log: to(1), info: to(1), debug: to(1), warn: to(2), error: to(2) };
  Object.defineProperty(globalThis, 'console', { value: console, writable: true, configurable: true });
  for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics']) delete globalThis[name];
  return show;
})($0, $1)`;

function prepare(memoryMb, limit) {
  const isolate = new ivm.Isolate({ memoryLimit: memoryMb, onCatastrophicError: () => process.exit(70) });
  const context = isolate.createContextSync();
  const output = { 1: [], 2: [], length: 0 };
  const print = new ivm.Callback((stream, line, length) => {
    if (output.length <= limit) output[stream === 2 ? 2 : 1].push(String(line));
    output.length += Number(length) + 1;
  });
  const show = context.evalClosureSync(`return ${BOOT}`, [print, limit], { result: { reference: true } });
  return { isolate, context, output, show };
}

let warm = prepare(128, 1_000_000);

function run({ code, timeoutMs, memoryMb, limit }) {
  const { isolate, context, output, show } = memoryMb === 128 && limit === 1_000_000 ? warm : prepare(memoryMb, limit);
  const startedAt = process.hrtime.bigint();
  const result = { ok: true };
  try {
    const script = isolate.compileScriptSync(code, { filename: 'program.js' });
    const value = script.runSync(context, { timeout: timeoutMs, reference: true });
    if (value.typeof !== 'undefined')
      result.value = String(show.applySync(undefined, [value.derefInto()], { timeout: 200 }));
  } catch (error) {
    const message = String(error && error.message).slice(0, 2000);
    result.ok = false;
    result.error = { name: String((error && error.name) || 'Error').slice(0, 100), message };
    const place = /program\.js:\d+(:\d+)?/.exec(String((error && error.stack) || ''));
    if (place) result.error.traceback = `${result.error.name}: ${message} (${place[0]})`;
    if (/timed out/i.test(message)) result.limit = 'time';
    else if (/memory limit|disposed/i.test(message)) result.limit = 'memory';
  }
  result.durationMs = Number(process.hrtime.bigint() - startedAt) / 1e6;
  result.stdout = output[1].join('\n');
  result.stderr = output[2].join('\n');
  result.written = output.length;
  return result;
}

let buffered = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  buffered += chunk;
  if (!buffered.endsWith('\n')) return;
  const answer = run(JSON.parse(buffered));
  process.stdout.write(`${JSON.stringify(answer)}\n`, () => process.exit(0));
});
process.stdin.on('end', () => process.exit(0));
process.stdout.write('ready\n');
