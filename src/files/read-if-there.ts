/**
 * Files whose absence means that there is nothing yet.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';

/**
 * A file's text; undefined where there is none. Any other trouble is thrown: a file that cannot be read just now, for want of file
 * handles or of permission, must not pass for one that was never written, or finished work is done again.
 */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
