/** Checks the output folder before a command begins. */
import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProgramError } from '../../process/program-error';

/** @throws ProgramError (2) when the folder cannot be made or written to */
export function checkOutFolder(folder: string): void {
  let there = resolve(folder);
  let stats = lookAt(there);
  while (!stats && there !== dirname(there)) {
    there = dirname(there);
    stats = lookAt(there);
  }
  if (!stats?.isDirectory())
    throw new ProgramError(`--out takes a folder, and ${there} is a file; name another one.`, 2);
  try {
    // Rights alone do not tell: nothing can be made in /proc, nor on a disk that is read-only.
    rmdirSync(mkdtempSync(join(there, '.husky-')));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ProgramError(
      `--out: nothing can be written to ${there} (${code}); name another folder, or correct its rights.`,
      2,
    );
  }
}

/** Whether a path is absent, also because its parent is a file. */
function lookAt(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}
