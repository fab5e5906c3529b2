/**
 * Ranks the documents for a query. FTS5's bm25 finds candidates. They are ranked by how much of the query they cover, with rare terms
 * counting more, and by how much of their title the query names. So `area of Washington in square miles` finds Washington, whose whole
 * title it names, and not Mount Washington.
 */
import type { DatabaseSync } from 'node:sqlite';
import { formsOf, matchAny, queryTerms, type Term } from './query-terms';
import type { SearchDocument } from './search-document';
import { withoutMarks } from './unspaced-words';

/** Candidates read from FTS5. */
const CANDIDATES = 60;
/** bm25 weights: a word in a title counts more than one in a text. */
const TITLE_WEIGHT = 5;
/** Score of a completely named title; a completely covered query scores 1. */
const TITLE_BONUS = 0.5;
/** Score of a document that has `C++` or `C#` as the query writes it. */
const SIGN_BONUS = 1;
/** Score of a document that writes `US` or `U.S.` as a name, before one that says `us` and covers as much. */
const CAPITAL_BONUS = 0.001;
/** Share of a query without names that a document must cover. */
const ENOUGH_COVERED = 0.6;
/**
 * Share of the known words of a query that a document or a statement must have: with one of its names, where it has no names, and
 * without any of its names. `npm run bench:search` measures what these numbers do.
 */
const LOOSELY_COVERED = { named: 0.3, nameless: 0.4, otherwise: 0.5 };

/** What a document or a statement gains if it has all names of the query. */
const NAME_BONUS = 0.25;

/** A document with its place in the index. */
export type Ranked = SearchDocument & { rowid: number };

type Candidate = Ranked & { bm25: number };

/**
 * @param loose for documents and statements, as opposed to facts: a query finds what has enough of its words that the index knows. `What is
 * Acme's vacation policy?` then finds a paragraph on vacation, whether it names Acme or not
 */
export function createRanker(
  database: DatabaseSync,
  loose = false,
): (terms: readonly Term[], limit: number) => Ranked[] {
  const total = Number(database.prepare('SELECT count(*) AS n FROM documents').get()?.n ?? 0);
  const selectCandidates = database.prepare(
    `SELECT rowid, title, text, url, source, license, bm25(documents, ${TITLE_WEIGHT}, 1) AS bm25
     FROM documents WHERE documents MATCH ? ORDER BY bm25 LIMIT ${CANDIDATES}`,
  );
  const countMatches = database.prepare('SELECT count(*) AS n FROM documents WHERE documents MATCH ?');
  const selectAmong = database.prepare(
    'SELECT rowid FROM documents WHERE documents MATCH ? AND rowid IN (SELECT value FROM json_each(?))',
  );

  const among = (expression: string, rowids: string) =>
    new Set(selectAmong.all(expression, rowids).map(({ rowid }) => Number(rowid)));

  /** Robertson and Sparck Jones's inverse document frequency, kept positive as Lucene does. */
  const rarity = (matches: number) => Math.log(1 + (total - matches + 0.5) / (matches + 0.5));

  return (terms, limit) => {
    if (terms.length === 0 || total === 0) return [];
    const expression = matchAny(terms.flatMap(formsOf));
    const candidates = new Map<number, Candidate>();
    // Documents with a named title must be candidates even if their other words are common.
    for (const wanted of [expression, `title : (${expression})`])
      for (const row of selectCandidates.all(wanted)) candidates.set(Number(row.rowid), candidateOf(row));
    const rowids = JSON.stringify([...candidates.keys()]);
    const measured = terms.map((term) => {
      const { name, mayBeName, signed, letters } = term;
      const quoted = `(${matchAny(formsOf(term))})`;
      const matches = Number(countMatches.get(quoted)?.n ?? 0);
      return {
        name,
        mayBeName: name !== undefined || (mayBeName && matches > 0),
        signed,
        initialism: letters === undefined ? undefined : initialismOf(letters),
        indexed: matches > 0,
        weight: rarity(matches),
        found: among(quoted, rowids),
        inTitle: among(`title : ${quoted}`, rowids),
      };
    });
    const sumOf = (some: readonly { weight: number }[]) => some.reduce((sum, { weight }) => sum + weight, 0);
    const whole = sumOf(measured);
    // Where words count loosely, those that the index does not know are passed over, unless they are names.
    const known = sumOf(measured.filter(({ indexed, name }) => indexed || name !== undefined));
    const names = measured.filter(({ name }) => name !== undefined);
    const likelyNames = measured.filter(({ mayBeName }) => mayBeName);
    // Terms about the named thing that the index knows: a document without any of them is about something else.
    const asked = measured.filter(({ name, indexed }) => name === undefined && indexed);

    const scored = [...candidates.values()].flatMap((candidate) => {
      const { rowid } = candidate;
      const hasNoTitle = isStatement(candidate);
      const isLoose = loose || hasNoTitle;
      const covered = sumOf(measured.filter(({ found }) => found.has(rowid))) / (isLoose ? known : whole);
      const { named: withName, nameless, otherwise } = LOOSELY_COVERED;
      const namesFound = likelyNames.filter(({ found }) => found.has(rowid)).length;
      const enough = likelyNames.length === 0 ? nameless : namesFound > 0 ? withName : otherwise;
      const name = isLoose && namesFound > 0 ? (NAME_BONUS * namesFound) / likelyNames.length : 0;
      const titleWords = queryTerms(withoutRemark(candidate.title)).length;
      const named = measured.filter(({ inTitle }) => inTitle.has(rowid)).length;
      const title = hasNoTitle || titleWords === 0 ? 0 : Math.min(1, named / titleWords);
      const isNamed =
        names.every(({ found }) => found.has(rowid)) ||
        (title === 1 && names.some(({ name }) => names.every((one) => one.name !== name || one.inTitle.has(rowid))));
      const hasSign = ({ signed }: { signed?: string }) =>
        signed !== undefined && `${candidate.title} ${candidate.text}`.toLowerCase().includes(signed);
      const sign = measured.some(hasSign) ? SIGN_BONUS : 0;
      const text = `${candidate.title} ${candidate.text}`;
      const capital = measured.some(({ initialism }) => initialism?.test(text)) ? CAPITAL_BONUS : 0;
      const saysSome = asked.length === 0 || asked.some(({ found }) => found.has(rowid));
      const isAbout = isLoose
        ? covered >= enough
        : names.length > 0
          ? isNamed && saysSome
          : title === 1 || covered >= ENOUGH_COVERED;
      return isAbout ? [{ candidate, score: covered + name + TITLE_BONUS * title + sign + capital }] : [];
    });
    scored.sort(
      (a, b) => b.score - a.score || a.candidate.bm25 - b.candidate.bm25 || a.candidate.rowid - b.candidate.rowid,
    );
    const ranked = scored.map(({ candidate: { bm25: _, ...document } }) => document);
    return distinct(ranked).slice(0, limit);
  };
}

/** `U.S.`, `US`, `AT&T` and `A T T`, in capitals, of `US` and `ATT`. */
const initialismOf = (letters: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])${[...letters].join('[. &]{0,2}')}(?![\\p{L}\\p{N}])`, 'u');

/** A sentence without a subject of its own: it has no title, or one that is much of itself. */
const isStatement = ({ title, text }: SearchDocument) =>
  title === '' || (text.startsWith(title) && title.length >= Math.min(60, text.length / 2));

/** `Georgia (country)` is named by `Georgia`. */
const withoutRemark = (title: string) => title.replace(/\s*\([^)]*\)\s*$/, '') || title;

/** Leaves out what says the same as one before it. */
export function distinct<Document extends SearchDocument>(documents: readonly Document[]): Document[] {
  const seen = new Set<string>();
  return documents.filter(({ text }) => !seen.has(text) && seen.add(text));
}

const candidateOf = (row: Record<string, unknown>): Candidate => ({ ...documentOf(row), bm25: Number(row.bm25) });

/** @param row of the table `documents`, with its rowid */
export function documentOf(row: Record<string, unknown>): Ranked {
  const optional = (name: 'url' | 'source' | 'license') => (row[name] === null ? {} : { [name]: String(row[name]) });
  return {
    rowid: Number(row.rowid),
    title: withoutMarks(String(row.title)),
    text: withoutMarks(String(row.text)),
    ...optional('url'),
    ...optional('source'),
    ...optional('license'),
  };
}
