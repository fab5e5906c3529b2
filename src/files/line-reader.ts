/** Reads files of lines in constant memory. Only a line feed ends a line: JSON allows U+2028 within a text. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { refuseOtherEncoding } from './text-encoding';

export interface Line {
  /** Empty where there is a `fault`. */
  text: string;
  /** From 1, counted from where reading began. */
  number: number;
  /** False for a last line without its newline: its writer may have been killed, or may still write. */
  ended: boolean;
  /** The byte after the line, where the next one begins. */
  next: number;
  /** Why the line cannot be read, as the end of a sentence: `is longer than 16 MiB`. */
  fault?: string;
}

export interface LineRange {
  /** Byte at which to begin, the start of a line. @default 0 */
  from?: number;
  /** Byte before which to end. @default the end of the file */
  to?: number;
}

/** Lines of a source whose reading has begun. */
interface BegunLines {
  name: string;
  lines: AsyncIterable<Line>;
}

/** A file, or a stream such as standard input. */
export type LineSource = string | Readable | BegunLines;

const isBegun = (source: LineSource): source is BegunLines => typeof source === 'object' && 'lines' in source;

/** What messages call a source. */
export function nameOf(source: LineSource): string {
  if (typeof source === 'string') return source;
  return isBegun(source) ? source.name : 'standard input';
}

const NEWLINE = 0x0a;
const CHUNK = 1 << 20;
/** Bytes of the longest line that is read. A longer one is skipped and never held in memory. */
const MAX_LINE = 16 * 1024 * 1024;

/**
 * Lines of a UTF-8 file or stream. Blank lines are left out but counted. A byte order mark and white space around a line are removed.
 *
 * @throws InputInvalid when the file is in another encoding; the file system's error where it cannot be read
 */
export async function* readLines(
  source: LineSource,
  { from = 0, to = Infinity }: LineRange = {},
): AsyncGenerator<Line> {
  if (isBegun(source)) return yield* source.lines;
  if (to <= from) return;
  // Without a start, so that a pipe can be read.
  const range = { ...(from > 0 ? { start: from } : {}), ...(to < Infinity ? { end: to - 1 } : {}) };
  const stream = typeof source === 'string' ? createReadStream(source, { highWaterMark: CHUNK, ...range }) : source;
  let parts: Buffer[] = [];
  let length = 0;
  let number = 0;
  let next = from;
  const add = (part: Buffer) => {
    length += part.length;
    if (length > MAX_LINE) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  const take = (ended: boolean): Line => {
    number += 1;
    next += length + (ended ? 1 : 0);
    const position = { number, ended, next };
    const bytes = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    const fault = length > MAX_LINE ? 'is longer than 16 MiB' : isUtf8(bytes) ? undefined : 'is not written in UTF-8';
    [parts, length] = [[], 0];
    return fault ? { text: '', ...position, fault } : { text: bytes.toString('utf8').trim(), ...position };
  };
  let first = true;
  for await (const read of stream as AsyncIterable<Buffer | string>) {
    const chunk = Buffer.from(read as Buffer);
    if (first && from === 0) refuseOtherEncoding(chunk, nameOf(source));
    first = false;
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      start = at + 1;
      const line = take(true);
      if (line.text || line.fault) yield line;
    }
    add(chunk.subarray(start));
  }
  if (length === 0) return;
  const line = take(false);
  if (line.text || line.fault) yield line;
}
