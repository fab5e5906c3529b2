/** The modules for files and input. Files are in memory, and there is no input. */
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

/** Files in the program's own memory; standard input is empty. */
function makeFs() {
  const { resolve, dirname } = require('path-browserify');
  const [files, folders] = [new Map(), new Set(['/', '/tmp'])];
  const at = (path) => resolve('/', String(path));
  const bytes = (data) => require('./buffer.mjs').Buffer.from(data);
  const refuse = (code, words, call, path) => {
    const message = `${code}: ${words}, ${call} '${path}'`;
    throw Object.assign(new Error(message), { code, errno: code === 'ENOENT' ? -2 : -17, syscall: call, path });
  };
  const absent = (call, path) => refuse('ENOENT', 'no such file or directory', call, path);
  const found = (call, path) =>
    path === 0 || path === '/dev/stdin' ? bytes('') : (files.get(at(path)) ?? absent(call, path));
  const inside = (folder) =>
    [...files.keys(), ...folders].filter((path) => path !== folder && dirname(path) === folder);
  const file = {
    readFileSync: (path, options) => {
      const encoding = typeof options === 'string' ? options : options?.encoding;
      return encoding ? found('open', path).toString(encoding) : bytes(found('open', path));
    },
    writeFileSync: (path, data) => {
      if (!folders.has(dirname(at(path)))) absent('open', path);
      files.set(at(path), bytes(typeof data === 'string' || ArrayBuffer.isView(data) ? data : String(data)));
    },
    appendFileSync: (path, data) => file.writeFileSync(path, (files.get(at(path)) ?? '').toString() + data),
    copyFileSync: (path, to) => file.writeFileSync(to, found('copyfile', path)),
    renameSync: (path, to) => (file.copyFileSync(path, to), file.unlinkSync(path)),
    unlinkSync: (path) => void (files.delete(at(path)) || absent('unlink', path)),
    readdirSync: (path) =>
      folders.has(at(path))
        ? inside(at(path))
            .map((one) => one.slice(one.lastIndexOf('/') + 1))
            .sort()
        : absent('scandir', path),
    mkdirSync: (path, options) => {
      if (folders.has(at(path)) && !options?.recursive) refuse('EEXIST', 'file already exists', 'mkdir', path);
      for (let folder = at(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
    },
    rmSync: (path, options) => {
      if (!files.delete(at(path)) && !folders.delete(at(path)) && !options?.force) absent('rm', path);
      for (const one of [...files.keys(), ...folders])
        if (one.startsWith(`${at(path)}/`)) files.delete(one) || folders.delete(one);
    },
    rmdirSync: (path) => void (folders.delete(at(path)) || absent('rmdir', path)),
    statSync: (path) => {
      const isFolder = folders.has(at(path));
      const size = isFolder ? 0 : found('stat', path).length;
      return { size, isFile: () => !isFolder, isDirectory: () => isFolder, mtime: new Date() };
    },
    accessSync: (path) => void (folders.has(at(path)) || found('access', path)),
  };
  const promises = {};
  for (const [name, action] of Object.entries(file)) {
    const plain = name.replace('Sync', '');
    promises[plain] = async (...values) => action(...values);
    file[plain] = (...values) => callbackify(promises[plain])(...values);
  }
  return { ...file, existsSync: (path) => folders.has(at(path)) || files.has(at(path)), promises };
}
export const fs = makeFs();
