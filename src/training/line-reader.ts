/**
 * Reading files of lines in constant memory, however long they are.
 *
 * @module
 */
import { createReadStream } from 'node:fs';

export interface Line {
  text: string;
  /** From 1. */
  number: number;
  /** False for a last line without its newline: its writer may have been killed, or be at it. */
  ended: boolean;
}

const NEWLINE = 0x0a;
const CHUNK = 1 << 20;

/** Lines of a UTF-8 file; blank ones are left out but counted. A byte order mark and carriage returns are taken off. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let number = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      number += 1;
      const text = decode(rest, chunk, from, at, number);
      rest = [];
      from = at + 1;
      if (text) yield { text, number, ended: true };
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length === 0) return;
  const text = decode(rest, Buffer.alloc(0), 0, 0, number + 1);
  if (text) yield { text, number: number + 1, ended: false };
}

function decode(before: Buffer[], chunk: Buffer, from: number, to: number, number: number): string {
  const whole =
    before.length === 0
      ? chunk.toString('utf8', from, to)
      : Buffer.concat([...before, chunk.subarray(from, to)]).toString('utf8');
  const text = number === 1 && whole.startsWith('\ufeff') ? whole.slice(1) : whole;
  return text.trim();
}
