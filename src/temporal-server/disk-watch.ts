/** Tells a person when the disk of the local server's database is full: the server then takes no results, and solutions stand still. */
import { statfsSync } from 'node:fs';

const LOOK_MS = 2000;
/** Bytes with which SQLite no longer gets on. */
const TOO_LITTLE = 256 * 1024;

/** @param tell called once each time that the disk becomes full. @returns ends the watch */
export function watchDisk(folder: string, tell: (line: string) => void): () => void {
  let told = false;
  const look = () => {
    const full = freeBytes(folder) < TOO_LITTLE;
    if (full && !told)
      tell(
        `   ! The disk that holds ${folder}, the Temporal server's database, is full. Free some space: until then nothing gets on, and nothing is lost.`,
      );
    told = full;
  };
  const timer = setInterval(look, LOOK_MS).unref();
  return () => clearInterval(timer);
}

function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
