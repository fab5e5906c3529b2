/**
 * Journals in files: one file for each attempt of an activity, one line for each finished call, written to disk before the next call
 * begins. Attempts never share a file, so an attempt that was given up and still runs does no harm.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { sha256 } from '../files/fingerprint';
import { createFailure } from '../failures';
import { userFolder } from '../files/user-folders';

/** Which activity a journal belongs to. */
export interface JournalOwner {
  namespace: string;
  workflowId: string;
  runId: string;
  activityId: string;
}

export interface JournalFile {
  /** Results of earlier attempts, oldest first: from the files or from the caller, whichever has more. */
  readonly entries: readonly unknown[];
  /** Resolves when the result is on disk. @throws the file system's error; the file is then no longer used */
  append(result: unknown): Promise<void>;
  /** Drops the entries from this one on; call it before the first append. */
  forget(from: number): void;
  /** @param needed whether a later attempt may need the file; otherwise it is removed when the server surely knows of the activity's end */
  close(needed: boolean): Promise<void>;
}

const VERSION = 1;
const SUFFIX = '.journal';
/** The file of an ended activity is kept that long, because the server may be down when it returns, and start it again later. */
const GRACE_MS = 10 * 60_000;
/** A file without a write is kept that long, because an activity waits for a model that is down. */
const DEAD_MS = 7 * 24 * 3_600_000;

/** `$XDG_DATA_HOME/temporal-husky/journals`, or below `~/.local/share`. */
export function defaultJournalFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(userFolder('data', env), 'journals');
}

export class JournalFolder {
  private readonly ended: { at: number; paths: string[] }[] = [];

  private constructor(private readonly folder: string) {}

  /** Makes the folder if needed, and removes files that were left behind. @throws ConfigurationInvalid if it cannot be written */
  static async open(folder: string): Promise<JournalFolder> {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const oldest = Date.now() - DEAD_MS;
      for (const name of await readdir(folder)) {
        if (!name.endsWith(SUFFIX)) continue;
        const path = join(folder, name);
        const written = await stat(path).catch(() => undefined);
        if (written && written.mtimeMs < oldest) await rm(path, { force: true });
      }
    } catch (error) {
      throw createFailure(
        'ConfigurationInvalid',
        `journal: file keeps journals in ${folder}, which cannot be used (${(error as Error).message}); name another folder in journalFolder.`,
      );
    }
    return new JournalFolder(folder);
  }

  /**
   * Opens the journal of one attempt. The first line creates its file.
   *
   * @param attempt from 1; the first attempt has no earlier files, so none are read
   * @param atServer results that the server knows of
   */
  async openFile(owner: JournalOwner, attempt: number, atServer: readonly unknown[]): Promise<JournalFile> {
    const header = lineOf({ version: VERSION, ...owner });
    const stem = sha256(header).slice(0, 32);
    const earlier = attempt > 1 ? await this.earlierFiles(stem) : [];
    const kept = await Promise.all(earlier.map((path) => readEntries(path, header)));
    const entries = [...kept, atServer]
      .reduce<readonly unknown[]>((longest, other) => (other.length > longest.length ? other : longest), [])
      .slice();
    const path = join(this.folder, `${stem}-${attempt}-${randomUUID()}${SUFFIX}`);
    let file: FileHandle | undefined;
    let failed: unknown;
    return {
      entries,
      append: async (result) => {
        if (failed) throw failed;
        try {
          const first = file === undefined;
          file ??= await open(path, 'ax', 0o600);
          await file.appendFile(first ? [header, ...entries.map(lineOf), lineOf(result)].join('') : lineOf(result));
          await file.datasync();
          if (first) await Promise.all(earlier.map((old) => rm(old, { force: true })));
        } catch (error) {
          failed = error;
          throw error;
        }
      },
      forget: (from) => void entries.splice(from),
      close: async (needed) => {
        await file?.close();
        if (!needed) this.ended.push({ at: Date.now(), paths: [...earlier, ...(file ? [path] : [])] });
        await this.sweep(GRACE_MS);
      },
    };
  }

  /** Removes files of ended activities at once. For a drained worker, of whose activities the server knows. */
  async close(): Promise<void> {
    await this.sweep(0);
  }

  private async sweep(graceMs: number): Promise<void> {
    const latest = Date.now() - graceMs;
    while ((this.ended[0]?.at ?? Infinity) <= latest) {
      const { paths } = this.ended.shift() as { paths: string[] };
      // A file that cannot be removed now is removed later, when it is old.
      await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
    }
  }

  private async earlierFiles(stem: string): Promise<string[]> {
    const names = await readdir(this.folder);
    return names.filter((name) => name.startsWith(`${stem}-`)).map((name) => join(this.folder, name));
  }
}

/** A line is a checksum and JSON, so that a torn line is recognized. */
function lineOf(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null';
  return `${checksum(json)} ${json}\n`;
}

const checksum = (text: string) => crc32(text).toString(16).padStart(8, '0');

/** The results up to the first torn line; none if the file belongs to another owner. */
async function readEntries(path: string, header: string): Promise<unknown[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (!text.startsWith(header)) return [];
  const entries: unknown[] = [];
  for (let at = header.length; ;) {
    const end = text.indexOf('\n', at);
    if (end < 0) return entries;
    const json = text.slice(at + 9, end);
    if (text.slice(at, at + 8) !== checksum(json)) return entries;
    entries.push(JSON.parse(json));
    at = end + 1;
  }
}
