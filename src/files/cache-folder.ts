/** Folders that are built once per machine: one process builds, others wait, and the folder appears only when it is complete. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createFailure } from '../failures';
import { withProcessLock } from '../process/process-lock';
import { userFolder } from './user-folders';

/** Milliseconds without use after which a folder of another version is removed. */
const UNUSED_MS = 30 * 24 * 3_600_000;

/** The folder of the user's cache that belongs to the sandbox. */
export function cacheRoot(): string {
  return join(userFolder('cache'), 'sandbox');
}

/**
 * The folder `name` of the cache. `build` fills a temporary folder, which is renamed when it is complete.
 *
 * @throws SandboxRefused when the cache cannot be written, and what `build` throws
 */
export async function buildOnce(
  name: string,
  build: (folder: string) => Promise<void>,
  onWait?: () => void,
): Promise<string> {
  const folder = join(cacheRoot(), name);
  if (existsSync(folder)) {
    await markUsed(folder);
    return folder;
  }
  await makeFolder(dirname(folder));
  const partial = `${folder}.partial-${process.pid}`;
  return withProcessLock(
    `${folder}.lock`,
    async () => {
      if (existsSync(folder)) return folder;
      await removeParts(folder);
      try {
        await mkdir(partial, { recursive: true });
        await build(partial);
        await rename(partial, folder);
        await prune(folder);
        return folder;
      } finally {
        await rm(partial, { recursive: true, force: true });
      }
    },
    onWait,
  );
}

/** What a process that was killed had built of the folder. Under the lock nobody else builds it. */
async function removeParts(folder: string): Promise<void> {
  for (const name of await readdir(dirname(folder)))
    if (name.startsWith(`${basename(folder)}.partial-`))
      await rm(join(dirname(folder), name), { recursive: true, force: true });
}

/** The folder's modification time records its last use. */
async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
}

/** Removes folders that other versions built, when they were not used for long. */
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
