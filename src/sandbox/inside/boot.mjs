/**
 * What a program finds, made once as a snapshot: globals that a bare isolate lacks, `require`, and the frame that runs the program.
 * Everything in it is plain JavaScript within the isolate; nothing is shared with the host. The child calls `__boot` once, before
 * any program.
 */
import { console } from './console.mjs';
import { importModule, module, requireModule } from './modules.mjs';
import { process } from './process.mjs';
import { flush, openPorts } from './ports.mjs';
import { rejected, settle, start, turn } from './program.mjs';
import { performance, timers } from './timers.mjs';

const { apply, deleteProperty, defineProperty, ownKeys } = Reflect;
const { then } = Promise.prototype;

const globals = {
  ...{ console, module, process, performance, require: requireModule, __import: importModule },
  ...{ global: globalThis, __filename: '/program.js', __dirname: '/' },
  ...timers,
  queueMicrotask: (action) => void apply(then, Promise.resolve(), [() => action()]),
};
for (const name of ownKeys(globals))
  defineProperty(globalThis, name, { value: globals[name], writable: true, configurable: true });
defineProperty(globalThis, 'exports', { get: () => module.exports, configurable: true });

/** Evaluated when a program first uses them, inside its own isolate: changing them affects no other program. */
const LATER = [
  [() => require('./base64.mjs'), ['atob', 'btoa']],
  [() => require('./buffer.mjs'), ['Buffer']],
  [() => require('./crypto.mjs'), ['crypto']],
  [() => require('./dom-exception.mjs'), ['DOMException']],
  [() => require('./events.mjs'), ['AbortController', 'AbortSignal', 'CustomEvent', 'Event', 'EventTarget']],
  [() => require('./structured-clone.mjs'), ['structuredClone']],
  [() => require('./text-codecs.mjs'), ['TextDecoder', 'TextEncoder']],
  [() => require('./url.mjs'), ['URL', 'URLSearchParams']],
];
for (const [load, names] of LATER)
  for (const name of names)
    defineProperty(globalThis, name, {
      get: () => load()[name],
      set: (value) => void defineProperty(globalThis, name, { value, writable: true, configurable: true }),
      configurable: true,
    });

/** @param given send (stream, text), exit (code), budget (characters that may be printed), keepChars */
defineProperty(globalThis, '__boot', {
  value: (given) => {
    // V8 puts these into every new context.
    for (const name of ['__boot', 'WebAssembly', 'SharedArrayBuffer', 'Atomics']) deleteProperty(globalThis, name);
    openPorts(given);
    return { start, turn, rejected, settle, flush };
  },
  configurable: true,
});
