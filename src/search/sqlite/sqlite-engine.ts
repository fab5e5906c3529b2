/** The embedded engine: SQLite FTS5 through node:sqlite. No server, no key, no network. */
import { DatabaseSync } from 'node:sqlite';
import type { Embedder } from '../embedder';
import { responseOf } from '../result-text';
import type { SearchEngine } from '../search-engine';
import { isLoose, openIndex, writeIndex } from './index-schema';
import { countLoosely } from './loosely';
import { findByMeaning } from './find-by-meaning';
import { passageOf } from './passage';
import { queryTerms } from './query-terms';
import { createRanker } from './ranker';
import type { SearchDocument } from './search-document';

export type SqliteEngineOptions = {
  /** Results read. @default 1 */
  limit?: number;
  /** Characters of text shown. @default 2000 */
  maxChars?: number;
  /** The model of the embeddings that the index has: it then also finds what means the same in other words. @default words alone */
  embedder?: Embedder;
} & (
  | {
      /** An index built by `husky index` or {@link ./build-index}. */
      path: string;
    }
  | {
      /** Documents of an index in memory; building one takes 30 ms for five thousand facts. */
      documents: Iterable<SearchDocument>;
    }
);

/**
 * The engine is closed by `close`; searching afterwards throws.
 *
 * @throws ConfigurationInvalid when `path` is no index of this version, or has no embeddings of the embedder's model
 */
export function createSqliteEngine(options: SqliteEngineOptions): SearchEngine {
  const { limit: defaultLimit = 1, maxChars = 2000, embedder } = options;
  const database = 'path' in options ? openIndex(options.path) : inMemory(options.documents);
  const loose = isLoose(database);
  const rank = createRanker(database, loose);
  const find = embedder
    ? findByMeaning({ database, loose, rank, embedder, path: 'path' in options ? options.path : 'It' })
    : async (query: string, limit: number) => rank(queryTerms(query), limit);
  return {
    name: 'sqlite',
    async search(query, { limit = defaultLimit, signal } = {}) {
      signal?.throwIfAborted();
      const found = await find(query, limit, signal);
      const results = found.map(({ rowid: _, title, text, ...origin }) => ({ title, snippet: text, ...origin }));
      const lineOf = ({ title, snippet }: { title: string; snippet: string }) => passageOf({ title, text: snippet });
      return responseOf(results, { limit, maxChars, lineOf });
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
}

function inMemory(documents: Iterable<SearchDocument>): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  const all = [...documents];
  writeIndex(database, all, '', countLoosely(all));
  return database;
}
