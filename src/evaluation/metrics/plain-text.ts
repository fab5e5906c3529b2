/**
 * Text answers: one spelling for comparison, dates, yes and no, and the overlap of words.
 *
 * @module
 */
import { plainCharacters } from './answer-text';
import { parseDecimal, type Rational } from '../math/rational';

export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');

function month(name: string): number {
  const lower = name.toLowerCase().replace('.', '');
  return lower.length < 3 ? 0 : MONTHS.findIndex((full) => full === lower || full.slice(0, 3) === lower) + 1;
}

/** A whole text that is one date: `November 23, 2008`, `23 November 2008`, `2008-11-23`. */
export function parseDate(text: string): CalendarDate | undefined {
  const trimmed = text.trim().replace(/^the\s+/i, '');
  let match = /^([A-Za-z]{3,9}\.?)\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{3,4})$/.exec(trimmed);
  if (match !== null) return date(match[3], month(match[1] as string), match[2]);
  match = /^(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]{3,9}\.?),?\s+(\d{3,4})$/.exec(trimmed);
  if (match !== null) return date(match[3], month(match[2] as string), match[1]);
  match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(trimmed);
  return match === null ? undefined : date(match[1], Number(match[2]), match[3]);
}

function date(year: string | undefined, monthNumber: number, day: string | undefined): CalendarDate | undefined {
  return monthNumber === 0 ? undefined : { year: Number(year), month: monthNumber, day: Number(day) };
}

export const sameDate = (a: CalendarDate, b: CalendarDate): boolean =>
  a.year === b.year && a.month === b.month && a.day === b.day;

const YES = new Set(['yes', 'true']);
const NO = new Set(['no', 'false']);

/** The leading word decides, as a whole word: `No, it was` is no, `Notably` and `not` are neither. */
export function readYesNo(text: string): boolean | undefined {
  const plain = text.trim().replace(/^\\(?:text|mbox|mathrm)\s*\{\s*([^{}]*?)\s*\}$/, '$1');
  const first = /^[^\p{L}\p{N}]*(\p{L}+)/u.exec(plain)?.[1]?.toLowerCase() ?? '';
  if (YES.has(first) || NO.has(first)) {
    const isBoth = /^[^\p{L}]*(?:yes|no)\s+(?:and|or)\s+(?:yes|no)\b/iu.test(plain);
    return isBoth ? undefined : YES.has(first);
  }
  const last = /(?:^|[,;:.\s])(yes|no)[^\p{L}\p{N}]*$/iu.exec(plain)?.[1]?.toLowerCase();
  return last === undefined || plain.split(/\s+/).length > 3 ? undefined : last === 'yes';
}

/** Lower case, without articles and punctuation, spaces squeezed; points and signs of numbers stay. */
export function comparableText(text: string): string {
  const kept = plainCharacters(text)
    .normalize('NFC')
    .toLowerCase()
    .replace(/\\text\s*\{([^{}]*)\}/g, '$1')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/(\d)\.(?=\d)/g, '$1\u0001')
    .replace(/(^|[\s$€£(+-])\.(?=\d)/g, '$10\u0001')
    .replace(/(^|\s)-\s?(?=\d)/g, '$1\u0002')
    .replace(/%/g, ' percent ')
    .replace(/[!-/:-@[-`{-~\u2010-\u2015]/g, '')
    .replace(/(?<![\p{L}\p{N}])(?:a|an|the)(?![\p{L}\p{N}])/gu, ' ');
  return kept.split(/\s+/).filter(Boolean).map(numeral).join(' ');
}

/** 45.0 and 45 are one word. */
function numeral(word: string): string {
  const text = word.replaceAll('\u0001', '.').replaceAll('\u0002', '-');
  if (!/^-?\d+\.\d+$/.test(text)) return text;
  const value: Rational | undefined = parseDecimal(text);
  return value === undefined ? text : `${value.n}/${value.d}`.replace(/\/1$/, '');
}
