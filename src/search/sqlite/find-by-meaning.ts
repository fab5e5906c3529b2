/**
 * Finds passages by their words and by their meaning. Where queries find what has most of their words, similarity ranks, and what the words
 * rank high gains up to one standard deviation. Where they find only what has their names, words rank, and similarity is asked if words find
 * nothing.
 */
import type { DatabaseSync } from 'node:sqlite';
import { createFailure } from '../../failures';
import type { Embedder } from '../embedder';
import { formsOf, queryTerms, wordsOf, type Term } from './query-terms';
import { distinct, documentOf, type createRanker, type Ranked } from './ranker';
import { embeddedBy, openVectors, type Near } from './vectors';

/** Documents of the ranking by words that similarity ranks anew. */
const BY_WORDS = 60;

interface Found {
  database: DatabaseSync;
  loose: boolean;
  rank: ReturnType<typeof createRanker>;
  embedder: Embedder;
  /** Names the index in errors. */
  path: string;
}

type Find = (query: string, limit: number, signal?: AbortSignal) => Promise<Ranked[]>;

/** @throws ConfigurationInvalid for an index without embeddings, or with those of another model */
export function findByMeaning({ database, loose, rank, embedder, path }: Found): Find {
  const by = embeddedBy(database);
  const again = 'build it again with npx temporal-husky index, which reads search.embeddings';
  const { model, passagePrefix } = embedder;
  if (!by)
    throw createFailure(
      'ConfigurationInvalid',
      `${path} has no embeddings, and search.embeddings wants them; ${again}.`,
    );
  if (by.model !== model || by.passagePrefix !== passagePrefix) {
    const was = by.model === model ? `the passage prefix "${by.passagePrefix}"` : by.model;
    const is = by.model === model ? `"${passagePrefix}"` : model;
    throw createFailure('ConfigurationInvalid', `${path} has embeddings of ${was}, not of ${is}; ${again}.`);
  }
  const selectOne = database.prepare('SELECT rowid, title, text, url, source, license FROM documents WHERE rowid = ?');
  let compare: ((query: readonly number[]) => Near) | undefined;
  return async (query, limit, signal) => {
    if (query.trim() === '') return [];
    const terms = queryTerms(query);
    const byWords = rank(terms, loose ? BY_WORDS : limit);
    if (!loose && byWords.length > 0) return byWords;
    const [vector = []] = await embedder.embed([query], 'query', signal);
    if (vector.length !== by.dimensions)
      throw createFailure(
        'ConfigurationInvalid',
        `${model} gives embeddings of ${vector.length} numbers, and those of ${path} have ${by.dimensions}; ${again}.`,
      );
    compare ??= openVectors(database, by);
    const near = compare(vector);
    if (byWords.length === 0 && !near.standsOut) return [];
    const places = new Map(byWords.map(({ rowid }, place) => [rowid, place]));
    const nearest = near.best
      .filter((rowid) => !places.has(rowid))
      .flatMap((rowid) => selectOne.all(rowid).map(documentOf))
      .filter((document) => loose || hasNames(document, terms));
    const scoreOf = ({ rowid }: Ranked) => near.of(rowid) + 1 / (1 + (places.get(rowid) ?? Infinity));
    const scored = [...byWords, ...nearest].map((document) => ({ document, score: scoreOf(document) }));
    scored.sort((a, b) => b.score - a.score || a.document.rowid - b.document.rowid);
    return distinct(scored.map(({ document }) => document)).slice(0, limit);
  };
}

/** Whether a document has all names of a query, as that of a fact must. */
function hasNames({ title, text }: Ranked, terms: readonly Term[]): boolean {
  const words = wordsOf(`${title} ${text}`);
  const said = ` ${[...words, ...words.map((word) => word.normalize('NFKC'))].join(' ')} `;
  return terms.every((term) => term.name === undefined || formsOf(term).some((form) => said.includes(` ${form} `)));
}
