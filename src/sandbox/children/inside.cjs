/**
 * Runs inside the isolate before any program: console, timers, and the frame that runs a program and reduces what it
 * leaves behind to text. A program may replace every builtin, so all that is used later is taken here, and what leaves
 * is a string made of objects without prototypes. Not a module: evaluated as the body of a strict function with `send` (stream,
 * text), `exit` (code), `budget` (characters that may be printed), `keepChars`, `tools` (the inspect library), `library` (source of
 * what is made when a program first asks for it).
 */
const { apply, deleteProperty, defineProperty, ownKeys } = Reflect;
const { stringify } = JSON;
const { slice, split, includes, trim, replace, replaceAll } = String.prototype;
const { then } = Promise.prototype;
const { get: mapGet, set: mapSet, delete: mapDelete, forEach: mapForEach } = Map.prototype;
const { now } = Date;
const { max, min, floor } = Math;
const text = String;
const number = Number;
const evaluate = eval;
const anError = Error;
const aSyntaxError = SyntaxError;
const bare = Object.create;
const { format, inspect } = tools;
// The library asks for URL when it first meets a class or an object without prototype, and an isolate has none.
globalThis.URL = class URL {};
inspect(class {});
inspect(bare(null));
delete globalThis.URL;

let left = budget;
let flushedAt = 0;
const pending = bare(null);
pending[1] = '';
pending[2] = '';

function flush() {
  flushedAt = now();
  for (let stream = 1; stream <= 2; stream += 1) {
    if (pending[stream] === '') continue;
    const whole = pending[stream];
    pending[stream] = '';
    send(stream, whole);
  }
}

function print(stream, line) {
  if (left < 0) return;
  const shown = line.length > left ? apply(slice, line, [0, left + 1]) : line;
  left -= shown.length;
  pending[stream] += shown;
  if (left < 0 || pending[stream].length > 2048 || now() - flushedAt > 20) flush();
}

/** Ends the program where it stands: its process is gone before the loop takes long. */
function leave(code) {
  flush();
  exit(number(code) || 0);
  for (;;);
}

const LAZY = [
  ...['AbortController', 'AbortSignal', 'Buffer', 'CustomEvent', 'DOMException', 'Event', 'EventTarget', 'TextDecoder'],
  ...[
    'TextEncoder',
    'URL',
    'URLSearchParams',
    'atob',
    'btoa',
    'crypto',
    'module',
    'process',
    'require',
    'structuredClone',
  ],
];
let made;
let entropy = '';
let source = '';
/** Plain JavaScript in the program's own world; what a program does to it is done to itself. */
function more() {
  if (made !== undefined) return made;
  const names = `${LAZY}, tableOf, asModule, ended`;
  const make = evaluate(
    `(function (tools, print, leave, entropy, catches) {'use strict'; const { inspect, format, formatWithOptions, stripVTControlCharacters, getStringWidth } = tools;${library};return { ${names} }})\n//# sourceURL=sandbox.js`,
  );
  made = make(tools, (stream, line) => print(stream, text(line)), leave, entropy, apply(includes, source, ['try']));
  return made;
}

let indent = '';
function words(values) {
  const line = apply(format, undefined, values);
  return typeof line === 'string' ? line : '[what cannot be printed]';
}
const indented = (lines) => (indent === '' ? lines : `${indent}${apply(replaceAll, lines, ['\n', `\n${indent}`])}`);
function writer(stream) {
  return (...values) => print(stream, `${indented(words(values))}\n`);
}
const out = writer(1);
const err = writer(2);
const group = (...values) => {
  if (values.length > 0) out(...values);
  indent += '  ';
};
const counts = new Map();
const clocks = new Map();
const labelled = (label) => (label === undefined ? 'default' : text(label));
const count = (label) => {
  const name = labelled(label);
  const times = (apply(mapGet, counts, [name]) ?? 0) + 1;
  apply(mapSet, counts, [name, times]);
  out(`${name}: ${times}`);
};
const elapsed = (label, ...values) => {
  const since = apply(mapGet, clocks, [labelled(label)]);
  if (since !== undefined) out(`${labelled(label)}: ${now() - since}ms`, ...values);
};
const console = {
  log: out,
  info: out,
  debug: out,
  dir: (value, options) => out('%s', shown(value, options)),
  dirxml: out,
  count,
  countReset: (label) => void apply(mapDelete, counts, [labelled(label)]),
  time: (label) => void apply(mapSet, clocks, [labelled(label), now()]),
  timeLog: elapsed,
  timeEnd: (label) => {
    elapsed(label);
    apply(mapDelete, clocks, [labelled(label)]);
  },
  table: (value, columns) =>
    typeof value === 'object' && value !== null ? out('%s', more().tableOf(value, columns)) : out(value),
  warn: err,
  error: err,
  trace: err,
  assert: (held, ...values) => void (held || err('Assertion failed', ...values)),
  group,
  groupCollapsed: group,
  groupEnd: () => void (indent = apply(slice, indent, [2])),
};

const timers = new Map();
let lastTimer = 0;
function addTimer(action, delay, repeat, values) {
  if (typeof action !== 'function') throw new TypeError('The callback of a timer must be a function');
  const wait = max(1, min(number(delay) || 0, 0x7fffffff));
  lastTimer += 1;
  const timer = bare(null);
  timer.action = action;
  timer.wait = wait;
  timer.at = now() + wait;
  timer.every = repeat ? wait : 0;
  timer.values = values;
  timer.holds = true;
  apply(mapSet, timers, [lastTimer, timer]);
  return new Timeout(lastTimer, timer);
}
class Timeout {
  #id;
  #timer;
  constructor(id, timer) {
    this.#id = id;
    this.#timer = timer;
  }
  ref() {
    this.#timer.holds = true;
    return this;
  }
  unref() {
    this.#timer.holds = false;
    return this;
  }
  hasRef() {
    return this.#timer.holds;
  }
  refresh() {
    this.#timer.at = now() + this.#timer.wait;
    apply(mapSet, timers, [this.#id, this.#timer]);
    return this;
  }
  close() {
    clearTimer(this.#id);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.#id;
  }
}
// Else a program could make one around a timer of its own shape.
deleteProperty(Timeout.prototype, 'constructor');
const clearTimer = (id) => void (typeof id === 'symbol' || apply(mapDelete, timers, [number(id)]));
const startedAt = now();
const globals = {
  console,
  setTimeout: (action, delay, ...values) => addTimer(action, delay, false, values),
  setInterval: (action, delay, ...values) => addTimer(action, delay, true, values),
  setImmediate: (action, ...values) => addTimer(action, 0, false, values),
  clearTimeout: clearTimer,
  clearInterval: clearTimer,
  clearImmediate: clearTimer,
  queueMicrotask: (action) => void apply(then, Promise.resolve(), [() => action()]),
  performance: { now: () => now() - startedAt, timeOrigin: startedAt },
};
for (const name of ownKeys(globals))
  defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true });
for (const name of LAZY)
  defineProperty(globalThis, name, {
    get: () => more()[name],
    set: (value) => void defineProperty(globalThis, name, { value, writable: true, configurable: true }),
    configurable: true,
  });
defineProperty(globalThis, 'exports', { get: () => more().module.exports, configurable: true });
for (const name of ['WebAssembly', 'SharedArrayBuffer', 'Atomics', 'util']) deleteProperty(globalThis, name);

const short = (value, limit) => (value.length > limit ? `${apply(slice, value, [0, limit])}…` : value);
function asText(value, limit) {
  try {
    return short(typeof value === 'string' ? value : text(value), limit);
  } catch {
    return '[what cannot be printed]';
  }
}
function shown(value, options) {
  try {
    const said = inspect(value, options);
    return typeof said === 'string' ? said : '[value]';
  } catch {
    return '[value]';
  }
}
const show = (value) => (typeof value === 'string' ? value : shown(value));

/** What is told of a thrown value. Its getters are the program's own code and run within its time. */
function reduce(thrown, code) {
  const error = bare(null);
  error.name = 'Error';
  error.message = '';
  try {
    if (!(thrown instanceof anError)) {
      error.name = 'Thrown';
      error.message = short(show(thrown), 2000);
      return error;
    }
    error.name = asText(thrown.name, 100);
    error.message = asText(thrown.message, 2000);
    error.traceback = `${error.name}: ${error.message}${framesOf(asText(thrown.stack, 20000), code)}`;
  } catch {
    error.name = asText(error.name, 100);
  }
  return error;
}

/** The lines of a stack that lie in the program, with the source of the first. */
function framesOf(stack, code) {
  const lines = apply(split, stack, ['\n']);
  const source = apply(split, code, ['\n']);
  let frames = '';
  let count = 0;
  for (let i = 0; i < lines.length && count < 6; i += 1) {
    if (!apply(includes, lines[i], ['program.js:'])) continue;
    count += 1;
    frames += `\n  ${short(apply(trim, lines[i], []), 200)}`;
    if (count > 1) continue;
    const place = apply(split, lines[i], ['program.js:']);
    const at = floor(number(apply(split, place[place.length - 1], [':'])[0]));
    if (at >= 1 && at <= source.length) frames += `\n    ${at} | ${short(apply(trim, source[at - 1], []), 160)}`;
  }
  return frames;
}

const outcome = bare(null);
let last;
let lastIsValue = false;
function fail(thrown) {
  if (outcome.error === undefined) outcome.error = reduce(thrown, source);
  return undefined;
}

const awaiting = (code) => `(async () => {'use strict';${code}\n})()`;
const FORMS = [
  ['await is only valid', awaiting],
  // `for await`
  ['Unexpected reserved word', awaiting],
  ['Illegal return statement', (code) => `(function () {${code}\n})()`],
  ['Cannot use import statement', (code) => awaiting(more().asModule(code))],
  ["Unexpected token 'export'", (code) => awaiting(more().asModule(code))],
];
/** Without lines that only a notebook or a shell knows: `%%javascript`, `!npm install x`. */
const COMMAND = /^[ \t]*(?:%%?[a-z]+\b|!? ?(?:npm|npx|yarn|pnpm) [a-z]).*$/gm;
const withoutCommands = (code) => apply(replace, code, [COMMAND, '']);

/** As Node does: a program that awaits or imports outside of functions runs as a module would, and one that returns as a function; neither has a value. */
function evaluated(code) {
  try {
    return evaluate(`${code}\n//# sourceURL=program.js`);
  } catch (thrown) {
    // A program that ran and threw such an error itself is not to run twice.
    if (!(thrown instanceof aSyntaxError) || apply(includes, asText(thrown.stack, 20000), ['program.js:']))
      throw thrown;
    const message = asText(thrown.message, 200);
    for (let i = 0; i < FORMS.length; i += 1)
      if (apply(includes, message, [FORMS[i][0]])) return evaluate(`${FORMS[i][1](code)}\n//# sourceURL=program.js`);
    const plain = withoutCommands(code);
    if (plain !== code) return evaluated(plain);
    throw thrown;
  }
}

/** Runs a program up to its first wait. */
function start(code, random) {
  source = code;
  entropy = random;
  try {
    last = evaluated(code);
    lastIsValue = last !== undefined;
    try {
      apply(then, last, [
        (value) => {
          last = value;
          lastIsValue = value !== undefined;
        },
        (thrown) => {
          lastIsValue = false;
          fail(thrown);
        },
      ]);
      lastIsValue = false;
    } catch {
      // Not a promise.
    }
  } catch (thrown) {
    fail(thrown);
  }
}

/** Runs the timer that is due. Milliseconds until the next one, -1 when none is left or the program failed. */
function turn() {
  let nextId = 0;
  let next;
  let held = false;
  apply(mapForEach, timers, [
    (timer, id) => {
      held ||= timer.holds;
      if (next === undefined || timer.at < next.at) {
        next = timer;
        nextId = id;
      }
    },
  ]);
  if (outcome.error !== undefined) return -1;
  if (!held) {
    end();
    return -1;
  }
  const wait = next.at - now();
  if (wait > 0) return wait;
  if (next.every > 0) next.at = now() + next.every;
  else apply(mapDelete, timers, [nextId]);
  try {
    apply(next.action, undefined, next.values);
  } catch (thrown) {
    fail(thrown);
  }
  return 0;
}

/** Nothing is left to wait for: what the program wants done at its end. */
function end() {
  try {
    const code = made === undefined ? 0 : number(made.ended());
    if (!(code > 0 || code < 0)) return;
    outcome.error = bare(null);
    outcome.error.name = 'Exit';
    outcome.error.message = `process.exit(${code})`;
  } catch (thrown) {
    fail(thrown);
  }
}

/** Told of a promise that was rejected while nobody listened: as in Node that ends the program. */
function rejected(name, message, stack) {
  if (outcome.error !== undefined) return;
  const error = bare(null);
  error.name = short(name, 100);
  error.message = short(message, 2000);
  error.traceback = `${error.name}: ${error.message}${framesOf(short(stack, 20000), source)}`;
  outcome.error = error;
}

/** What the program left, as JSON; flushes what was printed. */
function settle() {
  flush();
  if (outcome.error === undefined && left === budget && lastIsValue && typeof last !== 'function') {
    const shown = show(last);
    const value = bare(null);
    value.head = apply(slice, shown, [0, keepChars]);
    value.tail = shown.length > keepChars ? apply(slice, shown, [-keepChars]) : '';
    value.length = shown.length;
    outcome.value = value;
  }
  return stringify(outcome);
}

return { start, turn, rejected, settle, flush };
