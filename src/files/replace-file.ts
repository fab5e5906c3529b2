/** Replaces files as a whole: a reader sees the old text or the new one, never a part. */
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { onDisk } from '../process/full-disk';

/**
 * Writes beside the file, waits for the disk, and renames. The file's folder is made where it is absent.
 *
 * @param mode permissions of the file. @default those of the process
 * @throws ProgramError (3) when the disk is full
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.new`;
  try {
    onDisk(path, () => writeFileSync(draft, text, { flush: true, mode }));
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Replaces a file with a value as indented JSON. */
export function replaceJson(path: string, value: unknown): void {
  replaceFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
