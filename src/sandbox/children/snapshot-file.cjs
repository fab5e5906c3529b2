'use strict';
/**
 * A snapshot of wasm memory on disk: a line of JSON, Pyodide's own header, and the parts of memory that are not zero, so
 * that the zero parts cost neither disk nor memory when it is restored.
 */
const { openSync, writeSync, closeSync, readFileSync } = require('node:fs');

const PAGE = 4096;
/** Zero pages between two parts that are worth two parts. */
const GAP = 4;

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

function readSnapshot(path) {
  const bytes = readFileSync(path);
  const end = bytes.indexOf(10) + 1;
  const { header, size, runs } = JSON.parse(bytes.toString('utf8', 0, end));
  const { buffer, byteOffset, byteLength } = bytes;
  const first = byteOffset + end;
  return {
    size,
    runs,
    header: buffer.slice(first, first + header),
    data: buffer.slice(first + header, byteOffset + byteLength),
  };
}

module.exports = { writeSnapshot, readSnapshot };
