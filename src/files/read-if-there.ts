/** Reads files that may not exist yet. */
import { readFile } from 'node:fs/promises';

/**
 * A file's text; undefined if there is no file. Any other error is thrown: if a file that cannot be read just now (permissions, too
 * many open files) counted as absent, finished work would be done again.
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
