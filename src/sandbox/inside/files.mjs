/** The modules for files and input. A program has neither. */
import EventEmitter from 'events';
import { callbackify } from './node-util.mjs';
import { print } from './process.mjs';

export const readline = {
  createInterface() {
    const ends = setTimeout(() => face.close());
    const face = Object.assign(new EventEmitter(), {
      // An answer never comes: without an error the program would end with the question as its output.
      question(text) {
        print(1, text);
        throw Object.assign(new Error('EOF when reading a line'), { name: 'EOFError' });
      },
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
};

/** An empty, read-only file system; standard input is empty. */
function makeFs() {
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
      !isInput(path) ? absent('open')(path) : options === undefined ? require('./buffer.mjs').Buffer.alloc(0) : '',
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
    file[plain] = (...values) => callbackify(promises[plain])(...values);
  }
  return { ...file, existsSync: (path) => path === '/', promises };
}
export const fs = makeFs();
