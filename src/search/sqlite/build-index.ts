/** Builds an index file. A reader sees the old or the new index, never a part. */
import { createHash, randomUUID } from 'node:crypto';
import { accessSync, closeSync, constants, mkdirSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createFailure } from '../../failures';
import { onDisk } from '../../process/full-disk';
import { contentHashOf, INDEX_VERSION, writeIndex } from './index-schema';
import { forgetKept, type EmbeddedPassages } from './embed-passages';
import { countLoosely } from './loosely';
import { plainWords } from './query-terms';
import type { SearchDocument } from './search-document';
import { cutWords } from './unspaced-words';

export interface BuiltIndex {
  path: string;
  documents: number;
  /** False when the file was there already, built from the same documents. */
  built: boolean;
}

export interface BuildIndexOptions {
  /** Builds even when nothing changed. @default false */
  force?: boolean;
  /**
   * Whether a query finds the documents that have most of its words. Else it finds only those that have all of its names, so that a fact of
   * another thing is never taken for an answer. @default true where texts are long or have no titles of their own
   */
  loose?: boolean;
  /** From `embedPassages`, of the same documents: then a query also finds what means the same in other words. */
  embeddings?: EmbeddedPassages;
  /** Called with the number of documents written, every thousand. */
  onProgress?: (documents: number) => void;
}

/**
 * Writes beside the target and renames; a crash leaves the old index unchanged.
 *
 * @throws InputInvalid when a folder, or a file that is no SQLite database, has the name
 */
export function buildIndex(
  path: string,
  documents: readonly SearchDocument[],
  { force = false, loose = countLoosely(documents), embeddings, onProgress }: BuildIndexOptions = {},
): BuiltIndex {
  const by = embeddings ? ` ${JSON.stringify(embeddings.by)} ${hashOfVectors(embeddings)}` : '';
  const hash = `${hashOf(documents)}${loose ? ' loose' : ''}${by}`;
  refuseOther(path);
  if (!force && contentHashOf(path) === hash) return { path, documents: documents.length, built: false };
  mkdirSync(dirname(path), { recursive: true });
  accessSync(dirname(path), constants.W_OK);
  const temporary = join(dirname(path), `.${randomUUID()}.building`);
  try {
    const database = new DatabaseSync(temporary);
    try {
      database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;');
      onDisk(path, () => writeIndex(database, reporting(documents, onProgress), hash, loose, embeddings));
    } finally {
      database.close();
    }
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
  if (embeddings) forgetKept(path);
  return { path, documents: documents.length, built: true };
}

/** The first bytes of every SQLite database. */
const SQLITE = 'SQLite format 3\0';

/** Refuses to replace a file that is no database, such as a document. An older index may be replaced. */
function refuseOther(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isFile())
    throw createFailure('InputInvalid', `${path} is no file; an index is one file, such as facts.db.`);
  const start = Buffer.alloc(SQLITE.length);
  const file = openSync(path, 'r');
  const length = readSync(file, start);
  closeSync(file);
  if (length > 0 && start.toString('latin1', 0, length) !== SQLITE)
    throw createFailure('InputInvalid', `${path} is there and is no index; it is left as it is. Choose another name.`);
}

/** sha256 over the documents and the index version, as hex. */
export function hashOf(documents: readonly SearchDocument[]): string {
  const hash = createHash('sha256').update(`index ${INDEX_VERSION}\n`);
  for (const { title, text, url, source, license } of documents) {
    const plain = plainWords(`${title} ${text}`);
    hash.update(
      `${JSON.stringify([cutWords(title), cutWords(text), url, source, license, ...(plain ? [plain] : [])])}\n`,
    );
  }
  return hash.digest('hex');
}

function hashOfVectors({ vectors }: EmbeddedPassages): string {
  const hash = createHash('sha256');
  for (const { key, vector } of vectors) hash.update(key).update(vector);
  return hash.digest('hex');
}

function* reporting(documents: readonly SearchDocument[], onProgress?: (documents: number) => void) {
  for (const [index, document] of documents.entries()) {
    if (index > 0 && index % 1000 === 0) onProgress?.(index);
    yield document;
  }
}
