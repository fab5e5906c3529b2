/**
 * What Pyodide's loader expects of a JavaScript shell, inside an isolate that has nothing: files given as buffers, text
 * codecs, random bytes. Not a module: evaluated as the body of a function with `files` (name to ArrayBuffer) and `randomHex` (count).
 */
'use strict';
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
class TextDecoder {
  constructor(encoding = 'utf-8') {
    this.wide = String(encoding).toLowerCase().startsWith('utf-16');
  }
  decode(input) {
    if (input === undefined) return '';
    const bytes =
      input instanceof ArrayBuffer
        ? new Uint8Array(input)
        : new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    let text = '';
    let units = [];
    const put = (unit) => {
      units.push(unit);
      if (units.length > 4096) {
        text += String.fromCharCode.apply(null, units);
        units = [];
      }
    };
    if (this.wide) for (let i = 0; i + 1 < bytes.length; i += 2) put(bytes[i] | (bytes[i + 1] << 8));
    else decodeUtf8(bytes, put);
    return text + String.fromCharCode.apply(null, units);
  }
}
/** Malformed bytes become U+FFFD, one for each byte that starts nothing. */
function decodeUtf8(bytes, put) {
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i];
    i += 1;
    if (first < 0x80) {
      put(first);
      continue;
    }
    const more =
      first >= 0xf0 && first <= 0xf4 ? 3 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xc2 && first < 0xe0 ? 1 : 0;
    let point = more === 3 ? first & 7 : more === 2 ? first & 15 : first & 31;
    let seen = 0;
    while (seen < more && (bytes[i + seen] & 0xc0) === 0x80) {
      point = (point << 6) | (bytes[i + seen] & 63);
      seen += 1;
    }
    const least = [0, 0x80, 0x800, 0x10000][more];
    if (more === 0 || seen < more || point < least || point > 0x10ffff) {
      put(0xfffd);
      continue;
    }
    i += more;
    if (point > 0xffff) {
      put(0xd800 | ((point - 0x10000) >> 10));
      put(0xdc00 | ((point - 0x10000) & 1023));
    } else put(point);
  }
}
class TextEncoder {
  encode(value) {
    const source = String(value);
    const bytes = new Uint8Array(source.length * 3);
    return bytes.slice(0, this.encodeInto(source, bytes).written);
  }
  encodeInto(source, bytes) {
    let read = 0;
    let written = 0;
    while (read < source.length) {
      const unit = source.codePointAt(read);
      const point = unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit;
      const size = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      if (written + size > bytes.length) break;
      if (size === 1) bytes[written] = point;
      else {
        bytes[written] = [0, 0, 0xc0, 0xe0, 0xf0][size] | (point >> (6 * (size - 1)));
        for (let k = 1; k < size; k += 1) bytes[written + k] = 0x80 | ((point >> (6 * (size - 1 - k))) & 63);
      }
      written += size;
      read += unit > 0xffff ? 2 : 1;
    }
    return { read, written };
  }
}
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
