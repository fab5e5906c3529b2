/** Writes files of lines with few large writes, many files at once. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createFailure } from '../failures';
import { isDiskFull } from '../process/full-disk';

/** Bytes gathered before a write. */
const BUFFERED = 1 << 20;
/** No UTF-16 unit takes more bytes in UTF-8. */
const BYTES_PER_UNIT = 3;

/** A new file of lines; an existing one is overwritten. */
export class LineFile {
  private readonly descriptor: number;
  private readonly buffer = Buffer.allocUnsafe(BUFFERED);
  private used = 0;

  constructor(private readonly path: string) {
    mkdirSync(dirname(path), { recursive: true });
    this.descriptor = openSync(path, 'w');
  }

  write(line: string): void {
    const most = line.length * BYTES_PER_UNIT + 1;
    if (most > BUFFERED - this.used) this.flush();
    if (most > BUFFERED) return writeAll(this.path, this.descriptor, Buffer.from(`${line}\n`, 'utf8'));
    this.used += this.buffer.write(line, this.used, 'utf8');
    this.buffer[this.used] = 0x0a;
    this.used += 1;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.descriptor);
    }
  }

  private flush(): void {
    writeAll(this.path, this.descriptor, this.buffer.subarray(0, this.used));
    this.used = 0;
  }
}

function writeAll(path: string, descriptor: number, bytes: Buffer): void {
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  } catch (error) {
    if (!isDiskFull(error)) throw error;
    throw createFailure('TrainingDiskFull', `The disk that holds ${path} is full.`, { cause: error as Error });
  }
}
