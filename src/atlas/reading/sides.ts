/** Which of several things stands on which side of a comparison. @module */
import type { Named } from './names';
import { wordsOf } from './words';

const LESS = wordsOf('smaller');
/** "How many times does the first go into the second?" */
export const FITS = /§0.*\b(?:fits?|go(?:es)? (?:in|into))\b.*§1/;

/** What stands on each side of the comparison; the second side is empty where none is drawn. */
export function sides(text: string, things: readonly Named[]): [Named[], Named[]] {
  const first = text.indexOf('§0');
  const than = [
    /\bthan\b/,
    /\bexceeds?\b/,
    /\bas\b(?! (?:many|deep|tall|high|long|large|big|much))/,
    /\bcompared\b/,
    /\bover\b/,
  ]
    .map((sign) => text.slice(Math.max(0, first)).search(sign))
    .find((at) => at >= 0);
  if (than === undefined) {
    const isAhead = /\bthan\b|\bas \w+ as (?:the )?$/.test(text.slice(0, first));
    // "How much larger than A is B?" and "How many times as large as A is B?"
    return isAhead && things.length === 2 ? [things.slice(1), things.slice(0, 1)] : [[...things], []];
  }
  const at = first + than;
  const isBefore = (number: number) => text.indexOf(`§${number}`) < at;
  return [things.filter((_, number) => isBefore(number)), things.filter((_, number) => !isBefore(number))];
}

/** The greater one first, as far as the words tell. */
export function ordered(text: string, things: readonly Named[]): Named[] {
  const [before, after] = sides(text, things);
  const isTurned = /subtract|than §0/.test(text.replace(/the /g, '')) && after.length === 0;
  const pair = after.length > 0 ? [...before, ...after] : [...things];
  return isTurned !== LESS.test(text) ? pair.reverse() : pair;
}

/** "What percent of A is B" and "B is what percent of A", of two things. */
export function wholeAndPart(text: string, [x, y]: readonly Named[]): [whole: Named, part: Named] {
  const isWholeFirst = (wordsOf('percent').exec(text)?.index ?? 0) < text.indexOf('§0');
  return isWholeFirst ? [x!, y!] : [y!, x!];
}
