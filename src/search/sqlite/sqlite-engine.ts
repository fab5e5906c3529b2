/** The embedded engine: SQLite FTS5 through node:sqlite. No server, no key, no network. */
import { DatabaseSync } from 'node:sqlite';
import { responseOf, titled } from '../result-text';
import type { SearchEngine, SearchResult } from '../search-engine';
import { isLoose, openIndex, writeIndex } from './index-schema';
import { countLoosely } from './loosely';
import { queryTerms, wordsOf } from './query-terms';
import { createRanker } from './ranker';
import type { SearchDocument } from './search-document';

export type SqliteEngineOptions = {
  /** Results read. @default 1 */
  limit?: number;
  /** Characters of text shown. @default 2000 */
  maxChars?: number;
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
 * @throws ConfigurationInvalid when `path` is no index of this version
 */
export function createSqliteEngine(options: SqliteEngineOptions): SearchEngine {
  const { limit: defaultLimit = 1, maxChars = 2000 } = options;
  const database = 'path' in options ? openIndex(options.path) : inMemory(options.documents);
  const rank = createRanker(database, isLoose(database));
  return {
    name: 'sqlite',
    async search(query, { limit = defaultLimit, signal } = {}) {
      signal?.throwIfAborted();
      const found = rank(queryTerms(query), limit);
      const results = found.map(({ title, text, ...origin }) => ({ title, snippet: text, ...origin }));
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

/** Leaves the title out if the text contains all of it, so that a fact is one short sentence. */
function lineOf(result: SearchResult): string {
  if (result.snippet.startsWith(result.title)) return result.snippet.trim();
  const said = new Set(wordsOf(result.snippet));
  const title = queryTerms(result.title).flatMap(({ word }) => word.split('-'));
  return title.every((word) => said.has(word)) ? result.snippet.trim() : titled(result);
}
