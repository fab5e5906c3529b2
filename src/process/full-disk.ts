/** Recognizes a full disk, and says what to do about it. */
import { ProgramError } from './program-error';

const SQLITE_FULL = 13;
const CODES: readonly unknown[] = ['ENOSPC', 'EDQUOT'];

/** Whether an error, or one of its causes, says that a disk or a user's share of it is full. */
export function isDiskFull(error: unknown): boolean {
  return chainOf(error).some(({ code, errcode }) => CODES.includes(code) || errcode === SQLITE_FULL);
}

/** Whether a program's last words say that a disk is full: Go's, Python's and SQLite's. */
export const saysDiskFull = (text: string): boolean =>
  /database or disk is full|no space left on device|disk quota exceeded/i.test(text);

/** Whether another program, such as a server, answered that its disk is full. */
export function isTheirDiskFull(error: unknown): boolean {
  return chainOf(error).some(({ message }) => saysDiskFull(message));
}

type Link = Partial<NodeJS.ErrnoException> & { errcode?: number; message: string };

/** An error and its causes. */
function chainOf(error: unknown): Link[] {
  const isLink = typeof error === 'object' && error !== null && 'message' in error;
  return isLink ? [error as Link, ...chainOf((error as Error).cause)] : [];
}

/** @param path of a file or a folder on the disk */
export const diskFull = (path: string): string =>
  `The disk that holds ${path} is full. Free some space and run the same command again: it goes on from what is recorded.`;

/**
 * Runs `write`, which writes below `path`: the errors of Node and of SQLite do not say which disk is full.
 *
 * @throws ProgramError (3) when it is; any other error as it is
 */
export function onDisk<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw isDiskFull(error) ? new ProgramError(diskFull(path), 3) : error;
  }
}
