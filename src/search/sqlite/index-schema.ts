/** The tables of an index and its version. An index of another version must be built again. */
import { DatabaseSync } from 'node:sqlite';
import { createFailure } from '../../failures';
import type { SearchDocument } from './search-document';
import { initialsOf, plainWords } from './query-terms';
import { cutWords } from './unspaced-words';
import { writeVectors } from './vectors';
import type { EmbeddedPassages } from './embed-passages';

/** Raised when the tables, the tokenizer or the cutting of documents change. */
export const INDEX_VERSION = 1;

/** `plain` holds words as they are often typed, and older indexes lack it. `porter` so that `mountains` finds `mountain`; diacritics fold so that `Bogota` finds `Bogotá`. */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE VIRTUAL TABLE documents USING fts5(
    title, text, plain, url UNINDEXED, source UNINDEXED, license UNINDEXED,
    tokenize = 'porter unicode61 remove_diacritics 2'
  );
`;

const META = { version: 'version', contentHash: 'contentHash', loose: 'loose' } as const;

/**
 * Fills an empty database; everything in one transaction.
 *
 * @param loose whether a query may find what has only a part of its words, see ranker.ts
 * @param embeddings of the documents, in their order
 * @returns documents written
 */
export function writeIndex(
  database: DatabaseSync,
  documents: Iterable<SearchDocument>,
  contentHash: string,
  loose = false,
  embeddings?: EmbeddedPassages,
): number {
  database.exec(`BEGIN; ${TABLES}`);
  const insert = database.prepare(
    'INSERT INTO documents (title, text, plain, url, source, license) VALUES (?, ?, ?, ?, ?, ?)',
  );
  let count = 0;
  for (const { title, text, url = null, source = null, license = null } of documents) {
    const plain = plainWords(`${title} ${text}`);
    const typed = loose ? `${plain} ${initialsOf(title)} ${initialsOf(text)}` : plain;
    insert.run(cutWords(title), cutWords(text), typed, url, source, license);
    count += 1;
  }
  const note = database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)');
  note.run(META.version, String(INDEX_VERSION));
  note.run(META.contentHash, contentHash);
  if (loose) note.run(META.loose, '1');
  if (embeddings) writeVectors(database, embeddings);
  database.exec("INSERT INTO documents(documents) VALUES ('optimize'); COMMIT;");
  return count;
}

export const isLoose = (database: DatabaseSync): boolean => meta(database, META.loose) !== undefined;

/** The hash that an index was built from; undefined when the file is no index of this version. */
export function contentHashOf(path: string): string | undefined {
  try {
    const database = new DatabaseSync(path, { readOnly: true });
    try {
      return meta(database, META.version) === String(INDEX_VERSION) ? meta(database, META.contentHash) : undefined;
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  }
}

/** @throws ConfigurationInvalid when the file is absent, no index, or of another version */
export function openIndex(path: string): DatabaseSync {
  const problem = (reason: string, cause?: unknown) =>
    createFailure(
      'ConfigurationInvalid',
      `${path} ${reason}; build it with npx temporal-husky index FILES --out ${path}.`,
      {
        cause: cause instanceof Error ? cause : undefined,
      },
    );
  let database: DatabaseSync;
  try {
    database = new DatabaseSync(path, { readOnly: true });
  } catch (cause) {
    throw problem('cannot be opened as a search index', cause);
  }
  let version: string | undefined;
  try {
    version = meta(database, META.version);
  } catch (cause) {
    database.close();
    throw problem('is no search index', cause);
  }
  if (version !== String(INDEX_VERSION)) {
    database.close();
    throw problem(`is a search index of version ${version ?? 'unknown'}, and this is version ${INDEX_VERSION}`);
  }
  return database;
}

function meta(database: DatabaseSync, key: string): string | undefined {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(key);
  return row === undefined ? undefined : String(row.value);
}
