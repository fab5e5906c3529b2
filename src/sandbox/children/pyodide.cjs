'use strict';
/** Starts Pyodide inside an isolate: from a snapshot, or without one to make it. */
const { randomBytes } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { basename, join } = require('node:path');

const WHEEL_FOLDER = '/lib/packages';

/** Arguments of a child: addon, loader, wasm, stdlib, lock, text codecs, snapshot, any number of wheels, other words. */
function filesFrom([addon, loader, wasm, stdlib, lock, codecs, snapshotPath, ...more]) {
  const wheels = more.filter((word) => word.endsWith('.whl'));
  const words = more.filter((word) => !word.endsWith('.whl'));
  return { addon, files: { loader, wasm, stdlib, lock, codecs, wheels }, snapshotPath, words };
}

/** The bytes of a file in a buffer of its own, which can be handed over without a copy. */
function bytesOf(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
}

/**
 * @param ivm isolated-vm
 * @param files loader (patched JavaScript), wasm, stdlib, lock, codecs, wheels: paths
 * @param heapMb limit of the isolate's JavaScript heap; wasm memory is not counted by it
 * @param snapshot undefined to start from nothing
 */
async function openPyodide(ivm, { files, heapMb, print, onMemory, snapshot }) {
  const isolate = new ivm.Isolate({ memoryLimit: heapMb, onCatastrophicError: onMemory });
  const context = await isolate.createContext();
  const hand = (buffer) =>
    new ivm.ExternalCopy(buffer, { transferOut: true }).copyInto({ release: true, transferIn: true });
  const give = (name, buffer) => context.evalClosureSync('globalThis.__files[$0] = $1', [name, hand(buffer)]);
  context.evalSync('globalThis.__files = Object.create(null)');
  give('pyodide.asm.wasm', bytesOf(files.wasm));
  give('python_stdlib.zip', bytesOf(files.stdlib));
  for (const wheel of files.wheels) give(basename(wheel), bytesOf(wheel));
  const randomHex = new ivm.Callback((count) => randomBytes(Math.min(Number(count) || 0, 65536)).toString('hex'));
  const shell = [files.codecs, join(__dirname, 'shell.cjs')].map((path) => readFileSync(path, 'utf8')).join('');
  context.evalClosureSync(`const [files, randomHex] = [globalThis.__files, $0];${shell}`, [randomHex]);
  if (snapshot) {
    const { header, runs, size, data } = snapshot;
    context.evalClosureSync(
      'globalThis.__snapshot = { header: new Uint8Array($0), runs: JSON.parse($1), size: $2, data: $3 }',
      [hand(header), JSON.stringify(runs), size, hand(data)],
    );
  }
  await context.eval(readFileSync(files.loader, 'utf8'), { filename: 'pyodide.js' });
  const send = new ivm.Callback(print, { ignored: true });
  const lock = JSON.parse(readFileSync(files.lock, 'utf8'));
  const wheels = files.wheels.map((path) => basename(path));
  await context.evalClosure(
    OPEN,
    [send, JSON.stringify({ ...lock, packages: {} }), wheels.join(' '), WHEEL_FOLDER, snapshot !== undefined],
    {
      result: { promise: true },
      timeout: 300_000,
    },
  );
  return { isolate, context };
}

const OPEN = `return (async (send, lock, wheels, folder, restore) => {
  const files = globalThis.__files, snapshot = globalThis.__snapshot;
  const decoder = new TextDecoder();
  const { fromCharCode } = String;
  let budget = 4_100_000, rest = { 1: [], 2: [] };
  const whole = (stream, bytes) => {
    const all = rest[stream].length === 0 ? bytes : Uint8Array.from([...rest[stream], ...bytes]);
    let end = all.length;
    for (let back = 1; back <= 3 && back <= all.length; back += 1) {
      const byte = all[all.length - back];
      if (byte >= 0xc0) { if ((byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back) end = all.length - back; break; }
      if (byte < 0x80) break;
    }
    rest[stream] = [...all.subarray(end)];
    return decoder.decode(all.subarray(0, end));
  };
  const put = (stream) => ({ isatty: false, write: (bytes) => {
    if (budget >= 0) {
      const text = whole(stream, bytes);
      budget -= text.length;
      if (text !== '') send(stream, text);
    }
    return bytes.length;
  } });
  const py = await globalThis.__loadPyodide({
    indexURL: '/', createPyodideModule: globalThis.__createPyodide, lockFileContents: lock, packageBaseUrl: '/',
    stdin: () => null, env: { HOME: '/home/pyodide', PYTHONINSPECT: '' },
    ...(restore ? { _loadSnapshot: snapshot.header } : { _makeSnapshot: true }),
    fsInit: async (FS) => {
      FS.mkdirTree(folder);
      for (const wheel of wheels.split(' ')) FS.writeFile(folder + '/' + wheel, new Uint8Array(files[wheel]), { canOwn: true });
    },
  });
  py.setStdout(put(1));
  py.setStderr(put(2));
  globalThis.__py = py;
  globalThis.__snapshot = globalThis.__files = undefined;
})($0, $1, $2, $3, $4)`;

module.exports = { filesFrom, openPyodide, WHEEL_FOLDER };
