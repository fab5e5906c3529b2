/** `process`: there are no files, no network and no processes behind it. */
import EventEmitter from 'events';
import { atEnd, leave, print as printText } from './ports.mjs';
import { performance, timers } from './timers.mjs';

const text = String;
export const print = (stream, words) => printText(stream, text(words));

const writable = (stream, fd) =>
  Object.assign(new EventEmitter(), {
    fd,
    isTTY: false,
    writable: true,
    write(text, encoding, done = encoding) {
      print(stream, typeof text === 'string' ? text : require('./buffer.mjs').Buffer.from(text).toString());
      if (typeof done === 'function') queueMicrotask(done);
      return true;
    },
    end(text) {
      if (text !== undefined) this.write(text);
    },
  });
/** Standard input is empty: it ends when a program listens. */
class Input extends EventEmitter {
  fd = 0;
  isTTY = false;
  on(name, listener) {
    if (name === 'end' || name === 'close')
      timers.setTimeout(() => this.listeners(name).includes(listener) && listener());
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
export const process = Object.assign(new EventEmitter(), {
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
/** Runs the program's exit handlers, once. @returns the exit code */
function ended(code = process.exitCode) {
  process.exitCode = code;
  if (!exited) {
    exited = true;
    process.emit('exit', Number(code ?? 0));
  }
  return Number(process.exitCode ?? 0);
}
atEnd.action = ended;
