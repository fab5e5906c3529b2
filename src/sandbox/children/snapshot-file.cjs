'use strict';
/**
 * A snapshot of wasm memory on disk: a line of JSON, Pyodide's own header, and the parts of memory that are not zero. Parts that are
 * zero cost neither disk nor memory.
 */
const { openSync, writeSync, closeSync, readSync, fstatSync } = require('node:fs');

const PAGE = 4096;
/** Zero pages in a row from which memory is split into two parts. */
const GAP = 4;
/** Bytes within which the line of JSON ends. */
const LINE_LIMIT = 1 << 20;

/** @param whole what makeMemorySnapshot returns; its second word is where memory begins */
function writeSnapshot(path, whole) {
  const start = new Uint32Array(whole.buffer, whole.byteOffset, 2)[1];
  const memory = whole.subarray(start);
  const zero = Buffer.alloc(PAGE);
  const runs = [];
  let open;
  for (let at = 0; at < memory.length; at += PAGE) {
    const page = memory.subarray(at, at + PAGE);
    const empty = Buffer.compare(page, zero.subarray(0, page.length)) === 0;
    if (!empty && open && at - open.end <= GAP * PAGE) open.end = at + page.length;
    else if (!empty) runs.push((open = { at, end: at + page.length }));
  }
  const pairs = runs.map(({ at, end }) => [at, end - at]);
  const line = Buffer.from(`${JSON.stringify({ header: start, size: memory.length, runs: pairs })}\n`);
  const file = openSync(path, 'w');
  for (const part of [line, whole.subarray(0, start), ...pairs.map(([at, length]) => memory.subarray(at, at + length))])
    for (let done = 0; done < part.length;) done += writeSync(file, part, done);
  closeSync(file);
}

/** Reads each part into its final place, because copying costs as much as reading. */
function readSnapshot(path) {
  const file = openSync(path, 'r');
  const fill = (bytes, from) => {
    for (let done = 0; done < bytes.length;) {
      const read = readSync(file, bytes, done, bytes.length - done, from + done);
      if (read === 0) throw new Error(`The snapshot ${path} ends early.`);
      done += read;
    }
    return bytes;
  };
  const first = fill(Buffer.alloc(Math.min(LINE_LIMIT, fstatSync(file).size)), 0);
  const end = first.indexOf(10) + 1;
  const { header, size, runs } = JSON.parse(first.toString('utf8', 0, end));
  const part = (from, length) => fill(new Uint8Array(length), from).buffer;
  const length = runs.reduce((sum, [, run]) => sum + run, 0);
  const snapshot = { size, runs, header: part(end, header), data: part(end + header, length) };
  closeSync(file);
  return snapshot;
}

module.exports = { writeSnapshot, readSnapshot };
