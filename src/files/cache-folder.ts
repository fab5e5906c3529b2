/**
 * Things made once per machine: built by one process while others wait, and there only when they are whole.
 *
 * @module
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createFailure } from '../failures';
import { pause } from '../process/abort';
import { alive } from '../process/alive';
import { userFolder } from './user-folders';

const WAIT_MS = 300;
/** Milliseconds without use after which what another version made is removed. */
const UNUSED_MS = 30 * 24 * 3_600_000;

/** The folder of the user's cache that belongs to the sandbox. */
export function cacheRoot(): string {
  return join(userFolder('cache'), 'sandbox');
}

/**
 * The folder `name` of the cache; `build` fills a temporary folder, which becomes the real one when it is whole.
 *
 * @throws SandboxRefused when the cache cannot be written, and what `build` throws
 */
export async function buildOnce(
  name: string,
  build: (folder: string) => Promise<void>,
  onWait: (pid: number) => void = () => undefined,
): Promise<string> {
  const folder = join(cacheRoot(), name);
  if (existsSync(folder)) {
    await markUsed(folder);
    return folder;
  }
  await makeFolder(dirname(folder));
  const lock = `${folder}.lock`;
  let told = false;
  while (!(await claim(lock))) {
    if (existsSync(folder)) return folder;
    const owner = await ownerOf(lock);
    if (owner !== undefined && !alive(owner)) {
      // Moved away first, so that of two processes that see a dead owner only one frees the lock.
      await rename(lock, `${lock}.${process.pid}`).catch(() => undefined);
      await rm(`${lock}.${process.pid}`, { force: true });
      continue;
    }
    if (!told && owner !== undefined) onWait(owner);
    told ||= owner !== undefined;
    await pause(WAIT_MS);
  }
  const partial = `${folder}.partial-${process.pid}`;
  try {
    if (existsSync(folder)) return folder;
    await mkdir(partial, { recursive: true });
    await build(partial);
    await rename(partial, folder);
    await prune(folder);
    return folder;
  } finally {
    await rm(partial, { recursive: true, force: true });
    await rm(lock, { force: true });
  }
}

/** A folder's time of change is when it was last used. */
async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
}

/** Removes what other versions made of the same thing, when nobody has used it for long. */
async function prune(folder: string): Promise<void> {
  const kind = basename(folder).replace(/-[^-]+$/, '-');
  for (const other of await readdir(dirname(folder))) {
    if (!other.startsWith(kind) || !/^[0-9a-f]+$/.test(other.slice(kind.length)) || other === basename(folder))
      continue;
    const path = join(dirname(folder), other);
    const used = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - used > UNUSED_MS) await rm(path, { recursive: true, force: true });
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw createFailure(
      'SandboxRefused',
      `The sandbox keeps its Python in the user's cache folder and cannot write there (${(error as Error).message}); set XDG_CACHE_HOME to a folder that can be written.`,
    );
  }
}

async function claim(lock: string): Promise<boolean> {
  try {
    const file = await open(lock, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw createFailure(
      'SandboxRefused',
      `The lock of the sandbox's cache cannot be made (${(error as Error).message}).`,
    );
  }
}

async function ownerOf(lock: string): Promise<number | undefined> {
  const text = await readFile(lock, 'utf8').catch(() => '');
  return text === '' ? undefined : Number(text);
}
