/**
 * Globals that programs take for granted and a bare isolate lacks. Not a module: evaluated inside an isolate after text-codecs.cjs
 * and hashes.cjs, with `entropy` (random bytes in hexadecimal).
 */
const CODES = {
  InvalidCharacterError: 5,
  InvalidStateError: 11,
  AbortError: 20,
  QuotaExceededError: 22,
  TimeoutError: 23,
  DataCloneError: 25,
};
class DOMException extends Error {
  #name;
  constructor(message = '', name = 'Error') {
    super(message);
    this.#name = String(name);
  }
  get name() {
    return this.#name;
  }
  get code() {
    return CODES[this.#name] ?? 0;
  }
}

function btoa(value) {
  const text = String(value);
  if (/[^\0-\xff]/.test(text)) throw new DOMException('Invalid character', 'InvalidCharacterError');
  return toBase64(Uint8Array.from(text, (one) => one.charCodeAt(0)));
}
function atob(value) {
  const text = String(value).replace(/[\t\n\f\r ]/g, '');
  const plain = text.length % 4 === 0 ? text.replace(/={1,2}$/, '') : text;
  if (plain.length % 4 === 1 || /[^A-Za-z\d+/]/.test(plain))
    throw new DOMException('The string to be decoded is not correctly encoded.', 'InvalidCharacterError');
  return Array.from(fromBase64(plain), (byte) => String.fromCharCode(byte)).join('');
}
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
function toBase64(bytes) {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const [a, b = 0, c = 0] = [bytes[i], bytes[i + 1], bytes[i + 2]];
    const four = [a >> 2, ((a & 3) << 4) | (b >> 4), ((b & 15) << 2) | (c >> 6), c & 63]
      .map((n) => LETTERS[n])
      .join('');
    const present = Math.min(4, bytes.length - i + 1);
    text += four.slice(0, present).padEnd(4, '=');
  }
  return text;
}
/** Skips what is no letter, and takes the letters of addresses, too. */
function fromBase64(text) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const one of text.replace(/=.*$/s, '')) {
    const value = LETTERS.indexOf(one === '-' ? '+' : one === '_' ? '/' : one);
    if (value < 0) continue;
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) bytes.push((held >> (bits -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
}

const KINDS_OF_ERROR = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const TypedArray = Object.getPrototypeOf(Uint8Array);
function structuredClone(value) {
  if (arguments.length === 0) throw new TypeError('The "value" argument must be specified');
  return cloneOf(value, new Map());
}
function cloneOf(value, seen) {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const kept = (copy) => (seen.set(value, copy), copy);
  if (value instanceof Date) return kept(new Date(value.getTime()));
  if (value instanceof RegExp) return kept(new RegExp(value.source, value.flags));
  if (value instanceof Boolean || value instanceof Number || value instanceof String)
    return kept(Object(value.valueOf()));
  if (value instanceof ArrayBuffer) return kept(value.slice(0));
  if (ArrayBuffer.isView(value)) {
    const buffer = cloneOf(value.buffer, seen);
    const kind = value instanceof DataView ? DataView : globalThis[value[Symbol.toStringTag]];
    return kept(new kind(buffer, value.byteOffset, value instanceof TypedArray ? value.length : value.byteLength));
  }
  if (value instanceof Map) {
    const copy = kept(new Map());
    for (const [key, one] of [...value]) copy.set(cloneOf(key, seen), cloneOf(one, seen));
    return copy;
  }
  if (value instanceof Set) {
    const copy = kept(new Set());
    for (const one of [...value]) copy.add(cloneOf(one, seen));
    return copy;
  }
  if (value instanceof Error) {
    const copy = kept(Object.create((KINDS_OF_ERROR[value.name] ?? Error).prototype));
    for (const name of ['stack', 'message', 'cause'])
      if (Object.hasOwn(value, name))
        Object.defineProperty(copy, name, { value: cloneOf(value[name], seen), writable: true, configurable: true });
    return copy;
  }
  if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet || value instanceof WeakRef)
    throw new DOMException(`#<${value.constructor.name}> could not be cloned.`, 'DataCloneError');
  const copy = kept(Array.isArray(value) ? new Array(value.length) : {});
  for (const name of Object.keys(value)) copy[name] = cloneOf(value[name], seen);
  return copy;
}

/** The hash of a counter and of random bytes that this program alone was given. */
let drawn = 0;
function randomBytes(count) {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 32) {
    drawn += 1;
    bytes.set(HASHES.sha256(new TextEncoder().encode(`${entropy}${drawn}`)).subarray(0, Math.min(32, count - at)), at);
  }
  return bytes;
}
const crypto = {
  getRandomValues(view) {
    if (!(view instanceof TypedArray) || view instanceof Float32Array || view instanceof Float64Array)
      throw new DOMException('The data argument must be an integer-type TypedArray', 'TypeMismatchError');
    if (view.byteLength > 65536)
      throw new DOMException('The requested length exceeds 65,536 bytes', 'QuotaExceededError');
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength).set(randomBytes(view.byteLength));
    return view;
  },
  randomUUID() {
    const bytes = randomBytes(16);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return toHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
};
const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

class Event {
  #type;
  constructor(type, { cancelable = false } = {}) {
    this.#type = String(type);
    this.cancelable = Boolean(cancelable);
    this.defaultPrevented = false;
    this.target = null;
  }
  get type() {
    return this.#type;
  }
  preventDefault() {
    this.defaultPrevented = this.cancelable;
  }
  stopImmediatePropagation() {
    this.stopped = true;
  }
}
class CustomEvent extends Event {
  constructor(type, options = {}) {
    super(type, options);
    this.detail = options.detail ?? null;
  }
}
class EventTarget {
  #listeners = new Map();
  addEventListener(type, listener, options) {
    const all = this.#listeners.get(String(type)) ?? [];
    if (listener && !all.some((one) => one.listener === listener))
      this.#listeners.set(String(type), [...all, { listener, once: Boolean(options?.once) }]);
  }
  removeEventListener(type, listener) {
    const all = this.#listeners.get(String(type)) ?? [];
    this.#listeners.set(
      String(type),
      all.filter((one) => one.listener !== listener),
    );
  }
  dispatchEvent(event) {
    event.target = this;
    for (const { listener, once } of this.#listeners.get(event.type) ?? []) {
      if (once) this.removeEventListener(event.type, listener);
      if (typeof listener === 'function') listener.call(this, event);
      else listener.handleEvent(event);
      if (event.stopped) break;
    }
    this[`on${event.type}`]?.(event);
    return !event.defaultPrevented;
  }
}
const OURS = Symbol('ours');
class AbortSignal extends EventTarget {
  #reason;
  #aborted = false;
  constructor(key) {
    super();
    if (key !== OURS) throw new TypeError('Illegal constructor');
  }
  static abort(reason) {
    const signal = new AbortSignal(OURS);
    signal.end(OURS, reason);
    return signal;
  }
  static timeout(wait) {
    const signal = new AbortSignal(OURS);
    const over = () => signal.end(OURS, new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    setTimeout(over, wait).unref();
    return signal;
  }
  static any(signals) {
    const signal = new AbortSignal(OURS);
    for (const one of signals) {
      if (one.aborted) signal.end(OURS, one.reason);
      else one.addEventListener('abort', () => signal.end(OURS, one.reason), { once: true });
    }
    return signal;
  }
  get aborted() {
    return this.#aborted;
  }
  get reason() {
    return this.#reason;
  }
  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }
  end(key, reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (key !== OURS || this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.dispatchEvent(new Event('abort'));
  }
}
class AbortController {
  #signal = new AbortSignal(OURS);
  get signal() {
    return this.#signal;
  }
  abort(reason) {
    this.#signal.end(OURS, reason);
  }
}
