'use strict';
/**
 * A child that runs one JavaScript program. Arguments: addon of isolated-vm, world (a snapshot, or the script that makes one), script that
 * reads TypeScript, memory limit in MiB, characters kept, characters allowed.
 */
const { readFileSync } = require('node:fs');
const { stripTypeScriptTypes } = require('node:module');
const { serve, TimeOver } = require('./child.cjs');

const [addon, world, typescript, memoryMb, keepChars, outputChars] = process.argv.slice(2);
const { ivm } = require(addon);

/** An isolate in which `__boot` waits. */
async function open(options) {
  const bytes = readFileSync(world);
  if (!world.endsWith('.bin')) {
    const isolate = new ivm.Isolate(options);
    const context = await isolate.createContext();
    await context.eval(bytes.toString());
    return { isolate, context };
  }
  const { buffer, byteOffset, byteLength } = bytes;
  const snapshot = new ivm.ExternalCopy(buffer.slice(byteOffset, byteOffset + byteLength), { transferOut: true });
  const isolate = new ivm.Isolate({ ...options, snapshot });
  return { isolate, context: await isolate.createContext() };
}

serve(async ({ print, leave, onMemory }) => {
  const { isolate, context } = await open({ memoryLimit: Number(memoryMb), onCatastrophicError: onMemory });
  const send = new ivm.Callback(print, { ignored: true });
  const exit = new ivm.Callback(leave, { ignored: true });
  const boot = await context.evalClosure(
    'return __boot({ send: $0, exit: $1, budget: $2, keepChars: $3 })',
    [send, exit, Number(outputChars), Number(keepChars)],
    { result: { reference: true } },
  );
  const part = (name) => boot.getSync(name, { reference: true });
  const [start, turn, rejected, settle, flush] = ['start', 'turn', 'rejected', 'settle', 'flush'].map(part);
  // Uses the pipe and the clock once, so that the program does not wait for their start.
  await flush.apply(undefined, [], { timeout: 1000 });

  return async ({ code, timeoutMs, entropy }) => {
    const until = performance.now() + timeoutMs;
    const left = () => Math.max(1, Math.ceil(until - performance.now()));
    const toTheEnd = async () => {
      await start.apply(undefined, [await withoutTypes(isolate, code), entropy], { timeout: left() });
      for (;;) {
        const wait = await turn.apply(undefined, [], { timeout: left() });
        if (!(wait >= 0)) break;
        if (wait >= left()) throw new TimeOver();
        if (wait > 0) await new Promise((go) => setTimeout(go, wait));
      }
    };
    try {
      await toTheEnd().catch(async (error) => {
        if (isolate.isDisposed || error instanceof TimeOver || performance.now() >= until) throw error;
        // No limit was hit: an unhandled rejection left the program's own frame.
        const isError = error instanceof Error && typeof error.stack === 'string' && /program\.js/.test(error.stack);
        const [name, message] = isError ? [error.name, error.message] : ['Thrown', thrownText(error)];
        await rejected.apply(undefined, [String(name), String(message), isError ? error.stack : ''], {
          timeout: left(),
        });
      });
      const outcome = JSON.parse(await settle.apply(undefined, [], { timeout: left() }));
      if (outcome.error?.name === 'SyntaxError' && !/program\.js/.test(outcome.error.traceback ?? ''))
        outcome.error.traceback = await syntaxPlace(isolate, code, outcome.error);
      return { ...outcome, outOfMemory: isOutOfMemory(outcome.error, isolate, Number(memoryMb)) };
    } catch (error) {
      if (!isolate.isDisposed) await flush.apply(undefined, [], { timeout: 50 }).catch(() => undefined);
      throw error;
    }
  };
});

/** What only TypeScript has: declarations of types, and types behind names. */
const TYPED =
  /^[ \t]*(?:export )?(?:interface|type|enum|declare|abstract class) \w+|^[ \t]*import\s+type\b|:\s*(?:number|string|boolean|any|void|bigint|unknown|never|\w+\[\]|(?:Record|Array|Map|Set|Promise|ReadonlyArray)<)|\bas (?:number|string|any|const|unknown|bigint)\b|\b(?:private|public|protected|readonly) \w|<(?:number|string|boolean|bigint)[,>]/m;

/** A program in TypeScript, which models write unasked, without its types. Only what JavaScript refuses is changed. */
async function withoutTypes(isolate, code) {
  if (!TYPED.test(code)) return code;
  const isJavaScript = await isolate
    .compileScript(`(async () => {${code.replace(/^[ \t]*(?:import(?!\s+type\b)|export)\b/gm, '// ')}\n})`)
    .then(
      () => true,
      () => false,
    );
  if (isJavaScript) return code;
  // Enums and parameter properties have to be transformed, which Node 26 no longer does; what is malformed stays as it is.
  for (const toJavaScript of [stripTypeScriptTypes, (text) => require(typescript).toJavaScript(text)])
    try {
      return toJavaScript(code);
    } catch {
      continue;
    }
  return code;
}

/** Whether memory is short: a buffer was refused and the isolate is more than half full. */
function isOutOfMemory(error, isolate, memoryMb) {
  if (error?.name !== 'RangeError' || !/^Array buffer allocation failed$|: Out of memory$/.test(error.message))
    return false;
  const { total_heap_size: heap, externally_allocated_size: outside } = isolate.getHeapStatisticsSync();
  return heap + outside > memoryMb * 2 ** 19;
}

/** Describes a thrown value that is no Error: text arrives as it is, objects as a message of isolated-vm. */
function thrownText(thrown) {
  return thrown instanceof Error ? 'a promise was rejected with what is not an Error' : String(thrown);
}

/** `eval` does not say where a program is malformed, the compiler does: `message [program.js:3:7]`. */
async function syntaxPlace(isolate, code, { name, message }) {
  try {
    await isolate.compileScript(code, { filename: 'program.js' });
  } catch (error) {
    const place = /\[?program\.js:(\d+)(:\d+)?\]?/.exec(String(error.message));
    if (place) {
      const line = (code.split('\n')[Number(place[1]) - 1] ?? '').trim().slice(0, 160);
      return `${name}: ${message}\n  at program.js:${place[1]}${place[2] ?? ''}\n    ${place[1]} | ${line}`;
    }
  }
  return `${name}: ${message}`;
}
