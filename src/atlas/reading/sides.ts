/** Which of several quantities stands on which side of a comparison. */
import type { Asking } from './asking';
import { EARLY, LESS } from './cues';
import { planFor } from './composed';
import type { Plan } from './plans';
import { quantityOf, type Quantity } from './quantity';

const BETWEEN = /\b(?:than|minus|exceeds?|as|before|after|when|compared|fit|outnumbers?|outlived?|over)\b/;

/** What stands before the comparison and what behind it; of two one each, and of more all before it, where nothing tells. */
export function sidesOf({ text, asked, marked }: Asking): [Quantity[], Quantity[]] {
  const numberOf = ({ thing }: Quantity) => marked.things.findIndex((meanings) => meanings.includes(thing));
  const place = (quantity: Quantity) => text.indexOf(`§${numberOf(quantity)}`);
  const first = Math.max(0, Math.min(...asked.map(place)));
  const at = first + text.slice(first).search(BETWEEN);
  const before = asked.filter((one) => place(one) < at);
  const after = asked.filter((one) => place(one) >= at);
  if (before.length > 0 && after.length > 0) return [before, after];
  return asked.length === 2 ? [[asked[0]!], [asked[1]!]] : [[...asked], []];
}

/** What fits into something is smaller. */
export const FITS = /\bfit (?:in|into|inside|within)\b/;

/** Whether the words ask for the lesser amount, or the earlier year. Who is younger than 40 has lived less. */
export function isLess(text: string, isYear: boolean): boolean {
  if (/\bat least\b|\bpass(?:es)? (?:under|below|beneath)\b/.test(text)) return false;
  if (isYear && /\byet\b/.test(text)) return true;
  if (isYear) return EARLY.test(text) && !/\blater than\b|\bafter\b/.test(text);
  return LESS.test(text) || FITS.test(text) || /\byoung(?:er)?\b/.test(text);
}

const TOGETHER =
  /\bat the same time\b|\boverlap|\bboth\b[^?]*\b(?:alive|living|lived)\b|\b(?:have|ever) (?:met|shaken hands|known)\b|\bcontemporaries\b/;

/** The years in which both of two persons lived; below zero where there were none. */
export function livedTogether({ text, asked }: Asking): Plan | undefined {
  if (!TOGETHER.test(text) || !asked.every(({ thing }) => thing.kind === 'person')) return undefined;
  const ends = ['death year', 'birth year'].map((end) => asked.map(({ thing }) => quantityOf(thing, end)));
  const pairs = ends.map((years) => years.map(({ formula }) => formula));
  return planFor(ends.flat(), '{smaller} - {larger 1}', { pairs });
}
