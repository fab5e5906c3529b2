/**
 * Append-only files that survive a kill at any moment. In a file with one writer, an append names its offset: appending twice has the
 * effect of appending once, and the torn end of an earlier attempt is overwritten. In a file with several writers a line is added at the end.
 */
import { appendFile, mkdir, open, type FileHandle } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { createFailure } from '../failures';
import { isDiskFull } from '../process/full-disk';
import { ProgramError } from '../process/program-error';

const NEWLINE = 0x0a;

/**
 * The offset of the next line. A torn last line is cut off first. Creates the file and its folder.
 *
 * @returns the offset in bytes, and how many bytes of a torn line were cut
 */
export async function openAppend(path: string): Promise<{ offset: number; tornBytes: number }> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const offset = await endOfLastLine(file, size);
    if (offset < size) await file.truncate(offset);
    return { offset, tornBytes: size - offset };
  } finally {
    await file.close();
  }
}

/**
 * Writes lines at `offset` and cuts what an interrupted attempt left there. If the same bytes are there already, nothing is written,
 * so a late repetition of an earlier append is harmless.
 *
 * @param lines without newlines
 * @returns the offset for the next append
 * @throws InputInvalid when the file is shorter than `offset`, or gone; TrainingDiskFull when the disk is full
 */
export async function appendAt(path: string, offset: number, lines: readonly string[]): Promise<number> {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'utf8');
  const file = await open(path, 'r+').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw createFailure('InputInvalid', `${path} is gone: something removed it while it was written.`);
  });
  try {
    const { size } = await file.stat();
    if (size < offset)
      throw createFailure(
        'InputInvalid',
        `${basename(path)} has ${size} bytes where ${offset} were written: something shortened it.`,
      );
    if (!(await holds(file, offset, bytes))) {
      await file.truncate(offset);
      await writeAll(file, bytes, offset);
      await file.datasync();
    }
    return offset + bytes.length;
  } catch (error) {
    if (isDiskFull(error))
      throw createFailure('TrainingDiskFull', `The disk that holds ${path} is full.`, { cause: error as Error });
    throw error;
  } finally {
    await file.close();
  }
}

/** One append at a time for each file of this process. */
const writing = new Map<string, Promise<void>>();

/**
 * Adds one line to a file that several processes append to. A line torn by a kill is ended first; readers leave it out
 * (formats/json-lines.ts, `torn: 'any'`).
 *
 * @throws ProgramError (3) when the disk is full; the caller tries again
 */
export function appendLine(path: string, line: string): Promise<void> {
  const next = (writing.get(path) ?? Promise.resolve())
    .catch(() => undefined)
    .then(async () => appendFile(path, `${(await isTorn(path)) ? '\n' : ''}${line}\n`))
    .catch((error: unknown) => {
      throw isDiskFull(error) ? new ProgramError(`The disk that holds ${path} is full; free some space`, 3) : error;
    });
  writing.set(path, next);
  void next.catch(() => undefined).then(() => writing.get(path) === next && writing.delete(path));
  return next;
}

async function isTorn(path: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, 'a+');
  try {
    const { size } = await file.stat();
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return bytesRead > 0 && buffer[0] !== NEWLINE;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}

async function holds(file: FileHandle, offset: number, bytes: Buffer): Promise<boolean> {
  const there = Buffer.alloc(bytes.length);
  const { bytesRead } = await file.read(there, 0, bytes.length, offset);
  return bytesRead === bytes.length && there.equals(bytes);
}

async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(1 << 16);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const at = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}
