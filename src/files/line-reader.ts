/**
 * Reading files of lines in constant memory, however long they are.
 *
 * @module
 */
import { createReadStream } from 'node:fs';

export interface Line {
  text: string;
  /** From 1, counted from where reading began. */
  number: number;
  /** False for a last line without its newline: its writer may have been killed, or be at it. */
  ended: boolean;
  /** The byte after the line, where the next one begins. */
  next: number;
}

const NEWLINE = 0x0a;
const CHUNK = 1 << 20;

/**
 * Lines of a UTF-8 file; blank ones are left out but counted. A byte order mark and white space around a line are taken off.
 *
 * @param from byte at which to begin, the start of a line. @default 0
 * @param to byte before which to end. @default the end of the file
 */
export async function* readLines(path: string, from = 0, to = Infinity): AsyncGenerator<Line> {
  if (to <= from) return;
  let before: Buffer[] = [];
  let number = 0;
  let base = from;
  const stream = createReadStream(path, { highWaterMark: CHUNK, start: from, end: to - 1 });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      number += 1;
      const text = decode(before, chunk, start, at);
      before = [];
      start = at + 1;
      if (text) yield { text, number, ended: true, next: base + start };
    }
    if (start < chunk.length) before.push(chunk.subarray(start));
    base += chunk.length;
  }
  const text = decode(before, Buffer.alloc(0), 0, 0);
  if (text) yield { text, number: number + 1, ended: false, next: base };
}

/** String.trim takes a byte order mark off, too. */
function decode(before: Buffer[], chunk: Buffer, from: number, to: number): string {
  if (before.length === 0) return chunk.toString('utf8', from, to).trim();
  return Buffer.concat([...before, chunk.subarray(from, to)])
    .toString('utf8')
    .trim();
}
