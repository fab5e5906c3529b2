/** Renders results as the text that a model is shown. */
import { cutEnd } from '../trajectory/bounded-text';
import type { SearchResponse, SearchResult } from './search-engine';

export interface ResponseOptions {
  limit: number;
  /** Characters kept of the text; a marker names the full length. */
  maxChars: number;
  /** A direct answer of the service; it replaces the first result. */
  answer?: string;
  /** A result as a line. @default {@link titled} */
  lineOf?: (result: SearchResult) => string;
}

/** One line a result. Undefined when no result has text. */
export function responseOf(
  found: readonly SearchResult[],
  { limit, maxChars, answer, lineOf = titled }: ResponseOptions,
): SearchResponse {
  const results = found.filter(({ snippet }) => snippet.trim() !== '').slice(0, limit);
  const direct = answer?.trim() ? [answer.trim()] : [];
  const lines = [...direct, ...results.map(lineOf)].slice(0, limit);
  return { text: lines.length > 0 ? cutEnd(lines.join('\n').toWellFormed(), maxChars) : undefined, results };
}

/** `title: snippet`, as Husky-v1 reads an organic result. */
export function titled({ title, snippet }: SearchResult): string {
  return title.trim() === '' ? snippet.trim() : `${title.trim()}: ${snippet.trim()}`;
}
