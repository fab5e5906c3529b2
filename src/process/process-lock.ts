/** A lock between processes that its holder cannot leave behind: the operating system releases it however the holder ends. */
import { pause } from './abort';
import { diskFull, isDiskFull } from './full-disk';
import { ProgramError } from './program-error';
import { DatabaseSync } from 'node:sqlite';

const AGAIN_MS = 250;

/**
 * Runs `body` while this process alone holds the lock file; waits as long as another one does.
 *
 * @param onWait called once when another process holds the lock
 * @throws ProgramError (3) when the disk of the file is full
 */
export async function withProcessLock<T>(file: string, body: () => Promise<T>, onWait?: () => void): Promise<T> {
  const database = new DatabaseSync(file);
  try {
    for (let waited = false; !tryLock(database, file); waited = true) {
      if (!waited) onWait?.();
      await pause(AGAIN_MS);
    }
    return await body();
  } finally {
    database.close();
  }
}

/** SQLite's exclusive transaction is a file lock on every platform; nothing is written. */
function tryLock(database: DatabaseSync, file: string): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (/locked|busy/i.test((error as Error).message)) return false;
    throw isDiskFull(error) ? new ProgramError(diskFull(file), 3) : error;
  }
}
