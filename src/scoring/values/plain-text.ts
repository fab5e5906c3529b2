/** Normalizes text answers: spelling, dates, times, yes and no. */
import { withoutAccents } from '../../trajectory/bounded-text';
import { plainCharacters } from './plain-characters';
import { parseDecimal, type Rational } from './rational';
import { wordInDigits } from './number-words';

export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');

/** From 1; 0 for any other word. */
function monthNumber(name: string): number {
  const lower = name.toLowerCase().replace('.', '');
  return lower.length < 3 ? Number(lower) || 0 : MONTHS.findIndex((full) => full.startsWith(lower)) + 1;
}

/** `on Thursday, July 4, 1776` */
const BEFORE_DATE = /^(?:on\s+)?(?:the\s+)?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+(?:the\s+)?)?/i;

const MONTH = String.raw`(?<month>[A-Za-z]{3,9}\.?)`;
const DAY = String.raw`(?<day>\d{1,2})(?:st|nd|rd|th)?`;
const YEAR = String.raw`(?:,?\s+(?<year>\d{3,4}))?`;
const DATES = [
  String.raw`${MONTH}\s+${DAY}${YEAR}`,
  String.raw`${DAY}\s+(?:of\s+)?${MONTH}${YEAR}`,
  String.raw`${MONTH},?\s+(?<year>\d{4})`,
  String.raw`(?<year>\d{4})([-/])(?<month>\d{2})\2(?<day>\d{2})`,
].map((form) => new RegExp(`^${form}$`));

/** A whole text that is one date: `November 23, 2008`, `23 November 2008`, `2008-11-23`; of `November 2008` the day is 0, of `November 23` the year. */
export function parseDate(text: string): CalendarDate | undefined {
  const trimmed = text.trim().replace(BEFORE_DATE, '');
  const groups = DATES.map((form) => form.exec(trimmed)?.groups).find(Boolean);
  const month = monthNumber(groups?.month ?? '');
  return month === 0 ? undefined : { year: Number(groups?.year ?? 0), month, day: Number(groups?.day ?? 0) };
}

export const sameDate = (a: CalendarDate, b: CalendarDate): boolean =>
  a.year === b.year && a.month === b.month && a.day === b.day;

const CLOCK = /^(?:at\s+)?(\d{1,2})(?::([0-5]\d))?(?::00)?\s*(?:([ap])\.?\s?m\.?)?$/i;
const NAMED_TIME = /^(?:at\s+)?(?:12\s+)?(noon|midnight)$/i;

export interface ClockTime {
  hour: number;
  minute: number;
  /** Before or after noon; undefined if the text does not say. */
  half: 'a' | 'p' | undefined;
}

/** `2:30 pm`, `02:30 P.M.`, `14:30`, `2 pm`; undefined for a number alone. */
export function parseTime(text: string): ClockTime | undefined {
  const name = NAMED_TIME.exec(text.trim())?.[1]?.toLowerCase();
  if (name !== undefined) return { hour: 0, minute: 0, half: name === 'noon' ? 'p' : 'a' };
  const match = CLOCK.exec(text.trim());
  if (match === null || (match[2] === undefined && match[3] === undefined)) return undefined;
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)];
  const named = match[3]?.toLowerCase() as 'a' | 'p' | undefined;
  if (named === undefined)
    return hour > 23 ? undefined : { hour: hour % 12, minute, half: hour > 12 ? 'p' : undefined };
  return hour < 1 || hour > 12 ? undefined : { hour: hour % 12, minute, half: named };
}

/** Whether two times show the same on a clock, and the same half of the day if both name it. */
export function sameTime(a: ClockTime, b: ClockTime): boolean {
  return (
    a.hour === b.hour && a.minute === b.minute && (a.half === undefined || b.half === undefined || a.half === b.half)
  );
}

const YES = new Set(['yes', 'true', 'yeah', 'yep']);
const NO = new Set(['no', 'false', 'nope', 'nah']);
/** Words that mean yes or no only where they are all of the answer, or what it says of a statement. */
const ALONE =
  /^(?:(?:so|thus|therefore|hence|overall|in conclusion)\b,? )?(?:(?:(?:the|this|that) )?(?:statement|claim|assertion|it|this|that) is )?(?:(y|1|(?:likely )?(?:correct|true|right)|absolutely|definitely|certainly|of course|indeed|是|对)|(n|0|(?:probably|certainly|definitely|of course|absolutely|likely|surely) not|not really|not at all|unlikely|not (?:true|correct|right|likely)|incorrect|false|wrong|不是|否|不))[^\p{L}\p{N}]*$/iu;
/** A verdict on a statement, and then the statement. */
const VERDICT =
  /^(?:(?:so|thus|therefore|hence),? )?(?:(correct,|right,|it(?:'s| is) (?:true|correct|the case) that\b)|(incorrect,|wrong,|it(?:'s| is) (?:not (?:true|the case)|false) that\b))/i;
/** In other languages, before a comma or alone. */
const FOREIGN =
  /^[^\p{L}]*(?:(oui|ja|sí|sim|да|是的|对的|はい|예)|(non|nein|nee|não|нет|不是|いいえ|아니요))(?=\s*(?:[,.!*，。、]|$))/iu;
/** The end of an argument, or its last sentence. */
const CONCLUSION = /(?:\b(?:so|thus|hence|therefore)\b[,:]?\s+(?:the answer is\b[,:]?\s+)?|[.!?]\s+)(?:(yes)|no)\W*$/i;

/** Reads the first whole word: `No, it was` is no, `Notably` and `not` are neither. */
export function readYesNo(text: string): boolean | undefined {
  const plain = text.trim().replace(/^\\(?:text(?:bf|it|rm)?|mbox|math(?:bf|rm))\s*\{\s*([^{}]*?)\s*\}$/, '$1');
  for (const form of [ALONE, VERDICT, FOREIGN, CONCLUSION]) {
    const [told, yes] = form.exec(plain) ?? [];
    if (told !== undefined) return yes !== undefined;
  }
  const first =
    /^[^\p{L}\p{N}]*(?:(?:(?:most |very )?likely(?: to be)?|probably|technically|definitely|certainly|clearly)\s+["'*]*)?(\p{L}+)(?!\p{N}|\s(?:one|idea|answer|information)\b)/iu
      .exec(plain)?.[1]
      ?.toLowerCase() ?? '';
  if (YES.has(first) || NO.has(first)) {
    const isBoth = /^[^\p{L}]*(?:yes|no|true|false)\s+(?:and|or)\s+(?:yes|no|true|false)\b/iu.test(plain);
    return isBoth ? undefined : YES.has(first);
  }
  const last = /(?:^|[,;:.\s])(yes|no)[^\p{L}\p{N}]*$/iu.exec(plain)?.[1]?.toLowerCase();
  return last === undefined || plain.split(/\s+/).length > 3 || /\bnot\b/i.test(plain) ? undefined : last === 'yes';
}

const LATIN: Record<string, string> = { ł: 'l', ø: 'o', đ: 'd', ß: 'ss', æ: 'ae', œ: 'oe', ı: 'i' };

/** Latin letters as they are written without accents. */
const inPlainLetters = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : withoutAccents(text).replace(/[łøđßæœı]/g, (letter) => LATIN[letter] as string);

/** `Vitamin A` ends in a letter, not in an article. */
const ARTICLE = /(?<![\p{L}\p{N}])(?:(?<![\p{L}\p{N}]\s+)a|a(?=\s+[\p{L}\p{N}])|an|the)(?![\p{L}\p{N}])/gu;

/** Lower case, without accents, articles and punctuation, numbers in digits, spaces squeezed; points and signs of numbers stay. */
export function comparableText(text: string): string {
  const joined = plainCharacters(text)
    .replace(/(?<=(?:^|[\s.])\p{L}\.)\s+(?=\p{L}\.)/gu, '')
    .replace(/(?<=\d)(?:-|\s-\s|\s*[\u2010-\u2015]\s*)(?=\d)/g, ' to ');
  const letters = joined.normalize('NFC').replace(/[\ufb00-\ufb06]/g, (ligature) => ligature.normalize('NFKD'));
  const kept = inPlainLetters(letters.toLowerCase())
    .replace(/(?<=\d)\s*°\s*(?=[cf]?(?![a-z]))/g, ' degree ')
    .replace(/\\text\s*\{([^{}]*)\}/g, '$1')
    .replace(/[₀-₉]/g, (digit) => digit.normalize('NFKC'))
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/(?<=\d),(?=\d)/g, ' ')
    .replace(/(\d)\.(?=\d)/g, '$1\u0001')
    .replace(/(?<=\d)\s?[/:]\s?(?=\d)/g, (sign) => (sign.includes('/') ? '\u0003' : '\u0004'))
    .replace(/(^|[\s$€£(+-])\.(?=\d)/g, '$10\u0001')
    .replace(/(^|\s)-\s?(?=\d)/g, '$1\u0002')
    .replace(/%/g, ' percent ')
    .replace(/&/g, ' and ')
    .replace(/(?<=[a-z])(?:\+\+|#)/g, (sign) => (sign === '#' ? 'sharp' : 'plusplus'))
    .replace(/[!-/:-@[-`{-~\u2010-\u2015]/g, '')
    .replace(ARTICLE, ' ');
  const plain = kept.split(/\s+/).filter(Boolean).map(numeral).join(' ');
  return COUNTRIES.get(plain) ?? plain;
}

/** Countries that are best known by their initials. */
const COUNTRIES = new Map([
  ['us', 'united states'],
  ['usa', 'united states'],
  ['united states of america', 'united states'],
  ['uk', 'united kingdom'],
  ['uae', 'united arab emirates'],
  ['ussr', 'soviet union'],
]);

/** Words that are written in two ways. */
const SHORT: Record<string, string> = {
  saint: 'st',
  mount: 'mt',
  bce: 'bc',
  degrees: 'degree',
  celsius: 'c',
  fahrenheit: 'f',
};

/** Gives 45.0 and 45, or ninth and 9th, one spelling. */
function numeral(source: string, at: number): string {
  const word = wordInDigits(SHORT[source] ?? source, at === 0);
  const text = word.replace(/[\u0001-\u0004]/g, (mark) => '.-/:'.charAt(mark.charCodeAt(0) - 1));
  if (!/^-?\d+\.\d+$/.test(text)) return text;
  const value: Rational | undefined = parseDecimal(text);
  return value === undefined ? text : `${value.n}/${value.d}`.replace(/\/1$/, '');
}
