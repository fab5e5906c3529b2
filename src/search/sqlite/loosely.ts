/** Tells documents from facts. A fact has a subject, its title; a document or a bare statement is found by most of the words of a query. */
import type { SearchDocument } from './search-document';

/** Characters of a text; facts are shorter. */
const LONG_TEXT = 200;
/** Documents that share a title, on average, where titles are the names of files. */
const SHARED_TITLE = 10;

/** Whether the words of queries count loosely in an index of these documents: their texts are long, or they have no titles of their own. */
export function countLoosely(documents: readonly SearchDocument[]): boolean {
  const characters = documents.reduce((sum, { text }) => sum + text.length, 0);
  const titles = new Set(documents.flatMap(({ title }) => title || []));
  if (documents.length === 0) return false;
  return characters > LONG_TEXT * documents.length || documents.length >= SHARED_TITLE * titles.size;
}
