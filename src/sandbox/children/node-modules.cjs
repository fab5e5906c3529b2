/** `require`. Not a module: evaluated inside an isolate after node-like.cjs. */
function deepEqual(a, b, strict = true, seen = new Map()) {
  if (strict ? Object.is(a, b) : a == b || (a !== a && b !== b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a) !== Array.isArray(b) || (Array.isArray(a) && a.length !== b.length)) return false;
  if (a instanceof Date || b instanceof Date)
    return a instanceof Date && b instanceof Date && a.getTime() === b.getTime();
  if (a instanceof RegExp || b instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && (!(b instanceof Error) || a.message !== b.message || a.name !== b.name)) return false;
  if (a instanceof Map || a instanceof Set) {
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b) || a.size !== b.size) return false;
    const rest = [...b];
    return [...a].every((one) => {
      const at = rest.findIndex((other) => deepEqual(one, other, strict));
      if (at >= 0) rest.splice(at, 1);
      return at >= 0;
    });
  }
  if (Object(a) !== a.valueOf() && !Object.is(a.valueOf(), b.valueOf())) return false;
  const keys = (value) =>
    Reflect.ownKeys(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key));
  const [ours, theirs] = [keys(a), keys(b)];
  return (
    ours.length === theirs.length &&
    ours.every((key) => theirs.includes(key) && deepEqual(a[key], b[key], strict, seen))
  );
}

class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message);
    Object.assign(this, { generatedMessage: false, code: 'ERR_ASSERTION', actual, expected, operator });
  }
  get name() {
    return 'AssertionError';
  }
}
function makeAssert() {
  const fail = (given, message, parts) => {
    if (given instanceof Error) throw given;
    throw new AssertionError({ ...parts, message: given ?? message });
  };
  const ok = (value, given) => {
    if (!value)
      fail(given, 'The expression evaluated to a falsy value', { actual: value, expected: true, operator: '==' });
  };
  const comparing = (operator, holds, words) => (actual, expected, given) => {
    if (!holds(actual, expected))
      fail(given, `${words}\n\n${inspect(actual)} ${words.includes('not') ? '===' : '!=='} ${inspect(expected)}\n`, {
        actual,
        expected,
        operator,
      });
  };
  const matches = (error, expected) => {
    if (expected === undefined || typeof expected === 'string') return true;
    if (expected instanceof RegExp) return expected.test(String(error));
    if (typeof expected === 'object')
      return Object.keys(expected).every((key) =>
        expected[key] instanceof RegExp ? expected[key].test(error?.[key]) : deepEqual(error?.[key], expected[key]),
      );
    if (expected.prototype !== undefined && error instanceof expected) return true;
    return Error.isPrototypeOf(expected) ? false : expected.call({}, error) === true;
  };
  const refuse = (error, expected, given) => {
    if (matches(error, expected)) return;
    if (typeof expected === 'function') throw error;
    fail(given, 'The error does not match what was expected', { actual: error, expected, operator: 'throws' });
  };
  const missing = (name, given, expected) =>
    fail(typeof expected === 'string' ? expected : given, `Missing expected ${name}.`, { operator: name });
  const assert = Object.assign((value, given) => ok(value, given), {
    ok,
    AssertionError,
    equal: comparing('==', (a, b) => a == b || (a !== a && b !== b), 'Expected values to be loosely equal:'),
    notEqual: comparing('!=', (a, b) => a != b, 'Expected "actual" to be loosely unequal to (not):'),
    strictEqual: comparing('strictEqual', Object.is, 'Expected values to be strictly equal:'),
    notStrictEqual: comparing(
      'notStrictEqual',
      (a, b) => !Object.is(a, b),
      'Expected "actual" to be strictly unequal to (not):',
    ),
    deepEqual: comparing('deepEqual', (a, b) => deepEqual(a, b, false), 'Expected values to be loosely deep-equal:'),
    deepStrictEqual: comparing(
      'deepStrictEqual',
      (a, b) => deepEqual(a, b),
      'Expected values to be strictly deep-equal:',
    ),
    notDeepEqual: comparing('notDeepEqual', (a, b) => !deepEqual(a, b, false), 'Expected values not to be deep-equal:'),
    notDeepStrictEqual: comparing(
      'notDeepStrictEqual',
      (a, b) => !deepEqual(a, b),
      'Expected values not to be deep-equal:',
    ),
    match: (text, pattern, given) =>
      pattern.test(text) || fail(given, `The input did not match the regular expression ${pattern}`, { actual: text }),
    doesNotMatch: (text, pattern, given) =>
      pattern.test(text) && fail(given, `The input was expected to not match ${pattern}`, { actual: text }),
    fail: (given) => fail(given, 'Failed', { operator: 'fail' }),
    ifError: (value) => {
      if (value !== null && value !== undefined) throw value;
    },
    throws: (action, expected, given) => {
      try {
        action();
      } catch (error) {
        return refuse(error, expected, given);
      }
      missing('exception', given, expected);
    },
    doesNotThrow: (action) => void action(),
    rejects: async (action, expected, given) => {
      try {
        await (typeof action === 'function' ? action() : action);
      } catch (error) {
        return refuse(error, expected, given);
      }
      missing('rejection', given, expected);
    },
    doesNotReject: async (action) => void (await (typeof action === 'function' ? action() : action)),
  });
  return assert;
}
function makeStrictAssert() {
  const assert = load('assert');
  const { strictEqual, notStrictEqual, deepStrictEqual, notDeepStrictEqual } = assert;
  const strict = Object.assign((value, given) => assert(value, given), assert, {
    equal: strictEqual,
    notEqual: notStrictEqual,
    deepEqual: deepStrictEqual,
    notDeepEqual: notDeepStrictEqual,
  });
  return Object.assign(strict, { strict });
}

const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
const types = Object.fromEntries(
  [
    'Date',
    'RegExp',
    'Map',
    'Set',
    'Promise',
    'WeakMap',
    'WeakSet',
    'ArrayBuffer',
    'DataView',
    'Uint8Array',
    'GeneratorFunction',
    'AsyncFunction',
  ].map((name) => [`is${name}`, (value) => tagOf(value) === name]),
);
const makeUtil = () => ({
  ...{ inspect, format, formatWithOptions, stripVTControlCharacters, TextDecoder, TextEncoder },
  types: {
    ...types,
    isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
    isNativeError: (value) => value instanceof Error,
  },
  isDeepStrictEqual: (a, b) => deepEqual(a, b),
  isArray: Array.isArray,
  inherits: (child, parent) => void Object.setPrototypeOf(child.prototype, parent.prototype),
  deprecate: (action) => action,
  promisify: (action) =>
    action === setTimeout
      ? load('timers/promises').setTimeout
      : (...values) =>
          new Promise((go, stop) => action(...values, (error, value) => (error ? stop(error) : go(value)))),
  callbackify:
    (action) =>
    (...values) => {
      const done = values.pop();
      action(...values).then((value) => done(null, value), done);
    },
});

const makeReadline = () => ({
  createInterface() {
    const ends = setTimeout(() => face.close());
    const face = Object.assign(new EventEmitter(), {
      question: (text, options, answer = options) => void (print(1, text), typeof answer === 'function' && undefined),
      setPrompt: () => undefined,
      prompt: () => print(1, '> '),
      write: () => undefined,
      close: () => {
        clearTimeout(ends);
        if (!face.closed) face.emit('close');
        face.closed = true;
      },
      async *[Symbol.asyncIterator]() {},
    });
    return face;
  },
});

const makePath = () => {
  const normalize = (path) => {
    const kept = [];
    for (const part of path.split('/'))
      if (part === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
      else if (part !== '' && part !== '.' && !(part === '..' && path.startsWith('/'))) kept.push(part);
    return (
      (path.startsWith('/') ? '/' : '') + kept.join('/') + (path.endsWith('/') && kept.length > 0 ? '/' : '') || '.'
    );
  };
  const basename = (path, end = '') => {
    const last = path.replace(/\/+$/, '').split('/').pop();
    return end !== '' && last !== end && last.endsWith(end) ? last.slice(0, -end.length) : last;
  };
  const extname = (path) => /[^.](\.[^.]*)$/.exec(basename(path))?.[1] ?? '';
  const dirname = (path) => /^(.*[^/])\/+[^/]+\/*$/.exec(path)?.[1] ?? (path.startsWith('/') ? '/' : '.');
  const resolve = (...paths) => {
    const from = paths.findLastIndex((path) => path.startsWith('/'));
    return normalize(['/', ...paths.slice(Math.max(from, 0))].join('/')).replace(/(.)\/$/, '$1');
  };
  const path = { sep: '/', delimiter: ':', normalize, basename, extname, dirname, resolve };
  path.join = (...paths) => normalize(paths.filter((one) => one !== '').join('/'));
  path.isAbsolute = (one) => one.startsWith('/');
  path.parse = (one) => ({
    root: one.startsWith('/') ? '/' : '',
    dir: one.includes('/') ? dirname(one) : '',
    base: basename(one),
    ext: extname(one),
    name: basename(one, extname(one)),
  });
  return Object.assign(path, { posix: path });
};

const makeCrypto = () => ({
  ...{ webcrypto: crypto, randomUUID: crypto.randomUUID, getRandomValues: crypto.getRandomValues },
  randomBytes: (count) => asBuffer(randomBytes(count)),
  randomInt: (least, most) => {
    const [low, high] = most === undefined ? [0, least] : [least, most];
    const bytes = new DataView(randomBytes(8).buffer);
    return low + Number(bytes.getBigUint64(0) % BigInt(high - low));
  },
  getHashes: () => Object.keys(HASHES),
  createHash: (name) => {
    const hash = HASHES[String(name).toLowerCase().replace('-', '')];
    if (!hash) throw new Error(`Digest method not supported: the sandbox has ${Object.keys(HASHES).join(', ')}`);
    const parts = [];
    return {
      update(data, encoding) {
        parts.push(typeof data === 'string' ? bytesFrom(data, encoding) : data);
        return this;
      },
      digest: (encoding) => {
        const bytes = asBuffer(hash(Buffer.concat(parts)));
        return encoding === undefined ? bytes : bytes.toString(encoding);
      },
    };
  },
});

/** A file system with nothing in it that cannot be written; standard input is empty. */
const makeFs = () => {
  const refused = (code, words, call) => (path) => {
    const message = `${code}: ${words}, ${call} '${path}'`;
    throw Object.assign(new Error(message), { code, errno: code === 'ENOENT' ? -2 : -30, syscall: call, path });
  };
  const [absent, fixed] = [
    (call) => refused('ENOENT', 'no such file or directory', call),
    (call) => refused('EROFS', 'read-only file system', call),
  ];
  const isInput = (path) => path === 0 || path === '/dev/stdin';
  const file = {
    readFileSync: (path, options) =>
      !isInput(path) ? absent('open')(path) : options === undefined ? Buffer.alloc(0) : '',
    readdirSync: absent('scandir'),
    statSync: absent('stat'),
    writeFileSync: fixed('open'),
    appendFileSync: fixed('open'),
    mkdirSync: fixed('mkdir'),
    unlinkSync: fixed('unlink'),
    rmSync: fixed('rm'),
  };
  const promises = {};
  for (const [name, action] of Object.entries(file)) {
    const plain = name.replace('Sync', '');
    promises[plain] = async (...values) => action(...values);
    file[plain] = (...values) => load('util').callbackify(promises[plain])(...values);
  }
  return { ...file, existsSync: (path) => path === '/', promises };
};

const waited = (wait, value) => new Promise((go) => setTimeout(go, wait, value));
const MODULES = {
  assert: makeAssert,
  'assert/strict': makeStrictAssert,
  buffer: () => ({ Buffer, atob, btoa }),
  crypto: makeCrypto,
  events: () => EventEmitter,
  fs: makeFs,
  'fs/promises': () => load('fs').promises,
  os: () => ({ EOL: '\n', platform: () => 'linux', type: () => 'Linux', cpus: () => [], tmpdir: () => '/tmp' }),
  path: makePath,
  perf_hooks: () => ({ performance }),
  process: () => process,
  readline: makeReadline,
  timers: () => ({ setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate }),
  'timers/promises': () => ({
    setTimeout: waited,
    setImmediate: (value) => waited(0, value),
    scheduler: { wait: waited },
  }),
  url: () => ({ URL, URLSearchParams }),
  util: makeUtil,
};
const loaded = new Map();
function load(name) {
  if (!loaded.has(name)) {
    const made = MODULES[name]();
    if (name === 'assert') Object.defineProperty(made, 'strict', { get: () => load('assert/strict') });
    loaded.set(name, made);
  }
  return loaded.get(name);
}
function require(name) {
  const plain = String(name).replace(/^node:/, '');
  if (Object.hasOwn(MODULES, plain)) return load(plain);
  const absent = () => {
    const message = `Cannot find module '${name}': this sandbox has no packages, files or network, only ${Object.keys(MODULES).join(', ')}`;
    throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
  };
  // A program that catches what is thrown here has another way.
  return catches ? absent() : standIn(absent);
}
/** For a module that is not there, and for its parts: imported without harm, and missed where it is used. */
function standIn(absent) {
  const used = Object.fromEntries(
    ['apply', 'construct', 'set', 'has', 'ownKeys', 'getPrototypeOf', 'getOwnPropertyDescriptor'].map((trap) => [
      trap,
      absent,
    ]),
  );
  const get = (_, key) => (typeof key === 'symbol' || key in Object.prototype ? absent() : standIn(absent));
  return new Proxy(function () {}, { ...used, get });
}
const module = { exports: {}, id: '.', filename: '/program.js', loaded: false, children: [], paths: [] };
Object.assign(require, { main: module, cache: {}, resolve: (name) => name });
