/** `require`. Its modules come from libraries and from this folder; each is loaded when a program first asks for it. */
import { ports } from './ports.mjs';
import { performance, timers } from './timers.mjs';

const waited = (wait, value) => new Promise((go) => timers.setTimeout(go, wait, value));
const MODULES = {
  assert: () => require('assert'),
  'assert/strict': () => require('assert').strict,
  buffer: () => ({ ...require('./buffer.mjs'), ...require('./base64.mjs') }),
  crypto: () => require('./crypto.mjs').nodeCrypto,
  events: () => require('events'),
  fs: () => require('./files.mjs').fs,
  'fs/promises': () => require('./files.mjs').fs.promises,
  os: () => ({
    ...{ EOL: '\n', platform: () => 'linux', type: () => 'Linux', arch: () => 'x64', hostname: () => 'sandbox' },
    ...{ cpus: () => [], tmpdir: () => '/tmp', homedir: () => '/', totalmem: () => 2 ** 27, freemem: () => 2 ** 26 },
  }),
  path: () => require('path-browserify'),
  perf_hooks: () => ({ performance }),
  process: () => require('./process.mjs').process,
  readline: () => require('./files.mjs').readline,
  timers: () => timers,
  'timers/promises': () => ({
    setTimeout: waited,
    setImmediate: (value) => waited(0, value),
    scheduler: { wait: waited },
  }),
  url: () => require('./url.mjs'),
  util: () => ({
    ...require('./node-util.mjs'),
    ...require('./text-codecs.mjs'),
    isDeepStrictEqual: require('assert/build/internal/util/comparisons.js').isDeepStrictEqual,
  }),
};
const loaded = new Map();

export function requireModule(name) {
  const plain = String(name).replace(/^node:/, '');
  if (loaded.has(plain)) return loaded.get(plain);
  if (Object.hasOwn(MODULES, plain)) {
    const made = MODULES[plain]();
    loaded.set(plain, made);
    return made;
  }
  const absent = () => {
    const message = `Cannot find module '${name}': this sandbox has no packages, files or network, only ${Object.keys(MODULES).join(', ')}`;
    throw Object.assign(new Error(message), { code: 'MODULE_NOT_FOUND' });
  };
  // A program may catch this and go another way.
  return ports.source.includes('try') ? absent() : standIn(absent);
}
/** Stands for an absent module and its members: importing it works, using it throws. */
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
export const module = { exports: {}, id: '.', filename: '/program.js', loaded: false, children: [], paths: [] };
Object.defineProperty(requireModule, 'name', { value: 'require' });
Object.assign(requireModule, { main: module, cache: {}, resolve: (name) => name });

/** `import()`. */
export const importModule = async (name) => {
  const made = requireModule(name);
  return { ...made, default: made };
};
