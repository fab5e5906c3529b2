/**
 * Gives Pyodide's loader the parts of a JavaScript shell that it expects, inside a bare isolate. This is no module: it is evaluated after
 * the bundle text-codecs as the body of a function with `files` (name to ArrayBuffer) and `randomHex` (count).
 */
'use strict';
const { TextDecoder, TextEncoder } = codecs;
const file = (path) => {
  const found = files[path.split('/').pop()];
  if (!found) throw new Error(`no file ${path}`);
  return found;
};
const fillRandom = (view) => {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  const hex = randomHex(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return view;
};
const soon = (action, _delay, ...values) => {
  void Promise.resolve().then(() => action(...values));
  return 1;
};
const base64 = (bytes) => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = bytes.slice(i, i + 3);
    text += letters[a >> 2] + letters[((a & 3) << 4) | (b >> 4)];
    text += i + 1 < bytes.length ? letters[((b & 15) << 2) | (c >> 6)] : '=';
    text += i + 2 < bytes.length ? letters[c & 63] : '=';
  }
  return text;
};
const nothing = () => undefined;
Object.assign(globalThis, {
  self: globalThis,
  load: () => {
    throw new Error('nothing to load');
  },
  read: (path, mode) => (mode === 'binary' ? new Uint8Array(file(path)) : new TextDecoder().decode(file(path))),
  readbuffer: file,
  TextDecoder,
  TextEncoder,
  performance: { now: () => Date.now(), timeOrigin: Date.now() },
  crypto: { getRandomValues: fillRandom },
  setTimeout: soon,
  clearTimeout: nothing,
  setInterval: () => 0,
  clearInterval: nothing,
  queueMicrotask: soon,
  URL: class {
    constructor(path) {
      this.href = this.pathname = String(path);
    }
    toString() {
      return this.href;
    }
  },
  location: undefined,
  AbortController: class {
    signal = { addEventListener: nothing };
    abort() {}
  },
  AbortSignal: class {},
  // The loader asks the shell for random bytes: head -c N /dev/urandom | base64.
  os: { system: (_command, words) => base64(fillRandom(new Uint8Array(Number(/head -c(\d+)/.exec(words[1])[1])))) },
  console: { log: nothing, warn: nothing, error: nothing, info: nothing, debug: nothing },
});
const { Module, Instance } = WebAssembly;
WebAssembly.compile = async (bytes) => new Module(bytes);
WebAssembly.instantiate = async (source, imports) => {
  if (source instanceof Module) return new Instance(source, imports);
  const module = new Module(source);
  return { module, instance: new Instance(module, imports) };
};
