/**
 * The parts of Node that programs of calculation use: `process`, `Buffer`, `require` with a few modules. All of it is plain
 * JavaScript within the isolate: there are no files, no network and no processes behind it. Not a module: evaluated inside an isolate after
 * web.cjs, with `inspect`, `format`, `print` (stream, text) and `leave` (exit code), which does not come back.
 */
class Buffer extends Uint8Array {
  static from(value, encoding) {
    if (typeof value === 'string') return asBuffer(bytesFrom(value, encoding));
    if (value instanceof ArrayBuffer) return asBuffer(new Uint8Array(value));
    if (value?.type === 'Buffer') return asBuffer(Uint8Array.from(value.data));
    return asBuffer(Uint8Array.from(value));
  }
  static alloc(size, fill = 0) {
    return asBuffer(new Uint8Array(size)).fill(fill);
  }
  static allocUnsafe(size) {
    return Buffer.alloc(size);
  }
  static concat(list, length = list.reduce((sum, one) => sum + one.length, 0)) {
    const whole = Buffer.alloc(length);
    let at = 0;
    for (const one of list) {
      whole.set(one.subarray(0, length - at), at);
      at += Math.min(one.length, length - at);
    }
    return whole;
  }
  static byteLength(value, encoding) {
    return typeof value === 'string' ? bytesFrom(value, encoding).length : value.byteLength;
  }
  static isBuffer(value) {
    return value instanceof Buffer;
  }
  static compare(a, b) {
    for (let i = 0; i < Math.min(a.length, b.length); i += 1) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
    return Math.sign(a.length - b.length);
  }
  equals(other) {
    return Buffer.compare(this, other) === 0;
  }
  compare(other) {
    return Buffer.compare(this, other);
  }
  slice(start, end) {
    return this.subarray(start, end);
  }
  fill(value, ...range) {
    if (typeof value !== 'string') return super.fill(value, ...range);
    const bytes = bytesFrom(value);
    for (let i = 0; i < this.length; i += 1) this[i] = bytes[i % bytes.length] ?? 0;
    return this;
  }
  write(text, at = 0) {
    const bytes = bytesFrom(text).subarray(0, this.length - at);
    this.set(bytes, at);
    return bytes.length;
  }
  toString(encoding = 'utf8', start = 0, end = this.length) {
    return textFrom(this.subarray(start, end), encoding);
  }
  toJSON() {
    return { type: 'Buffer', data: [...this] };
  }
  [Symbol.for('nodejs.util.inspect.custom')]() {
    const shown = [...this.subarray(0, 50)].map((byte) => ` ${byte.toString(16).padStart(2, '0')}`).join('');
    return `<Buffer${shown}${this.length > 50 ? ` ... ${this.length - 50} more bytes` : ''}>`;
  }
}
for (const [name, method, size] of [
  ['UInt8', 'Uint8', 1],
  ['Int8', 'Int8', 1],
  ['UInt16', 'Uint16', 2],
  ['Int16', 'Int16', 2],
  ['UInt32', 'Uint32', 4],
  ['Int32', 'Int32', 4],
  ['Float', 'Float32', 4],
  ['Double', 'Float64', 8],
])
  for (const order of size === 1 ? [''] : ['LE', 'BE']) {
    const viewOf = (buffer) => new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    Object.defineProperty(Buffer.prototype, `read${name}${order}`, {
      value(at = 0) {
        return viewOf(this)[`get${method}`](at, order === 'LE');
      },
    });
    Object.defineProperty(Buffer.prototype, `write${name}${order}`, {
      value(value, at = 0) {
        viewOf(this)[`set${method}`](at, value, order === 'LE');
        return at + size;
      },
    });
  }
const asBuffer = (bytes) => new Buffer(bytes.buffer, bytes.byteOffset, bytes.byteLength);
function bytesFrom(text, encoding = 'utf8') {
  const name = String(encoding).toLowerCase();
  if (name === 'hex')
    return Uint8Array.from(/^([\da-f]{2})*/i.exec(text)[0].match(/../g) ?? [], (pair) => parseInt(pair, 16));
  if (name.startsWith('base64')) return fromBase64(text);
  if (['latin1', 'binary', 'ascii'].includes(name)) return Uint8Array.from(text, (one) => one.charCodeAt(0));
  if (/^(utf-?16le|ucs-?2)$/.test(name))
    return new Uint8Array(Uint16Array.from(text.split(''), (one) => one.charCodeAt(0)).buffer);
  return new TextEncoder().encode(text);
}
function textFrom(bytes, encoding = 'utf8') {
  const name = String(encoding).toLowerCase();
  if (name === 'hex') return toHex(bytes);
  if (name === 'base64') return toBase64(bytes);
  if (name === 'base64url') return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  if (['latin1', 'binary', 'ascii'].includes(name))
    return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return new TextDecoder(/^(utf-?16le|ucs-?2)$/.test(name) ? 'utf-16le' : 'utf-8', { ignoreBOM: true }).decode(bytes);
}

class EventEmitter {
  #listeners = new Map();
  on(name, listener) {
    this.#listeners.set(name, [...this.listeners(name), listener]);
    return this;
  }
  once(name, listener) {
    const first = (...values) => {
      this.off(name, first);
      listener.apply(this, values);
    };
    first.listener = listener;
    return this.on(name, first);
  }
  off(name, listener) {
    const all = this.listeners(name);
    const at = all.findLastIndex((one) => one === listener || one.listener === listener);
    if (at >= 0) this.#listeners.set(name, all.toSpliced(at, 1));
    return this;
  }
  emit(name, ...values) {
    const all = this.listeners(name);
    if (name === 'error' && all.length === 0)
      throw values[0] instanceof Error ? values[0] : new Error(`Unhandled error. (${inspect(values[0])})`);
    for (const listener of all) listener.apply(this, values);
    return all.length > 0;
  }
  listeners(name) {
    return this.#listeners.get(name) ?? [];
  }
  listenerCount(name) {
    return this.listeners(name).length;
  }
  eventNames() {
    return [...this.#listeners.keys()].filter((name) => this.listenerCount(name) > 0);
  }
  removeAllListeners(name) {
    if (name === undefined) this.#listeners.clear();
    else this.#listeners.delete(name);
    return this;
  }
  setMaxListeners() {
    return this;
  }
}
Object.assign(EventEmitter.prototype, {
  addListener: EventEmitter.prototype.on,
  removeListener: EventEmitter.prototype.off,
});
Object.assign(EventEmitter, { EventEmitter, default: EventEmitter });

const writable = (stream, fd) =>
  Object.assign(new EventEmitter(), {
    fd,
    isTTY: false,
    writable: true,
    write(text, encoding, done = encoding) {
      print(stream, typeof text === 'string' ? text : textFrom(text));
      if (typeof done === 'function') queueMicrotask(done);
      return true;
    },
    end(text) {
      if (text !== undefined) this.write(text);
    },
  });
/** There is no input: it ends as soon as somebody listens. */
class Input extends EventEmitter {
  fd = 0;
  isTTY = false;
  on(name, listener) {
    if (name === 'end' || name === 'close') setTimeout(() => this.listeners(name).includes(listener) && listener());
    return super.on(name, listener);
  }
  setEncoding() {
    return this;
  }
  resume() {
    return this;
  }
  pause() {
    return this;
  }
  read() {
    return null;
  }
  async *[Symbol.asyncIterator]() {}
}
const process = Object.assign(new EventEmitter(), {
  title: 'node',
  argv: ['node', 'program.js'],
  execArgv: [],
  env: {},
  exitCode: undefined,
  pid: 1,
  platform: 'linux',
  arch: 'x64',
  version: 'v24.0.0',
  versions: { node: '24.0.0' },
  stdout: writable(1, 1),
  stderr: writable(2, 2),
  stdin: new Input(),
  cwd: () => '/',
  uptime: () => performance.now() / 1000,
  nextTick: (action, ...values) => queueMicrotask(() => action(...values)),
  memoryUsage: () => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }),
  cpuUsage: () => ({ user: Math.round(1000 * performance.now()), system: 0 }),
  emitWarning: (warning) =>
    print(2, `(node:1) ${warning instanceof Error ? String(warning) : `Warning: ${warning}`}\n`),
  hrtime: Object.assign(
    ([seconds, nanos] = [0, 0]) => {
      const past = BigInt(Math.round(1e6 * performance.now())) - (BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
      return [Number(past / 1_000_000_000n), Number(past % 1_000_000_000n)];
    },
    { bigint: () => BigInt(Math.round(1e6 * performance.now())) },
  ),
  exit(code = process.exitCode) {
    leave(ended(code));
  },
});
let exited = false;
/** What the program wants done at its end, once. @returns the exit code */
function ended(code = process.exitCode) {
  process.exitCode = code;
  if (!exited) {
    exited = true;
    process.emit('exit', Number(code ?? 0));
  }
  return Number(process.exitCode ?? 0);
}
