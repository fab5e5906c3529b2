/** A document as one text: what a model is shown, and what is embedded. */
import { titled } from '../result-text';
import { queryTerms, wordsOf } from './query-terms';
import type { SearchDocument } from './search-document';

/** Leaves the title out if the text contains all of it, so that a fact is one short sentence. */
export function passageOf({ title, text }: Pick<SearchDocument, 'title' | 'text'>): string {
  if (text.startsWith(title)) return text.trim();
  const said = new Set(wordsOf(text));
  const words = queryTerms(title).flatMap(({ word }) => word.split(/[- ]/));
  return words.every((word) => said.has(word)) ? text.trim() : titled({ title, snippet: text });
}
