/** Cuts text, with a marker where something was cut, and takes it down to its words. */

/**
 * Keeps the start of a text; the marker names the full length.
 *
 * @param limit characters kept, the marker not counted
 */
export function cutEnd(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, wholeCharacters(text, limit))} [... cut, ${text.length} characters in all]`;
}

/** Keeps start and end of a text and cuts its middle; the marker names the full length. */
export function cutMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const tailStart = text.length - half;
  const tail = text.slice(isLowSurrogate(text, tailStart) ? tailStart + 1 : tailStart);
  return `${text.slice(0, wholeCharacters(text, limit - half))}\n[... cut, ${text.length} characters in all ...]\n${tail}`;
}

/** The text as one line of at most `limit` characters, for summaries. */
export function oneLine(text: string, limit: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= limit ? line : `${line.slice(0, wholeCharacters(line, limit - 1))}…`;
}

/** The text as a sentence, with a point where it ends in none. */
export const withPoint = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** Letters and digits in lower case, with one space between words: texts that differ in marks alone become the same. */
export const wordsOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Latin letters without their accents; in other scripts such marks are letters. */
export const withoutAccents = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC');

/** Where a cut at `end` leaves all characters whole. */
export function wholeCharacters(text: string, end: number): number {
  return isLowSurrogate(text, end) ? end - 1 : end;
}

function isLowSurrogate(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
