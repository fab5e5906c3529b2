/**
 * Exact match and F1 of text, after normalizing case, quotes, articles, dates and numbers.
 * F1 is the overlap of words, as in SQuAD.
 */
import { goldText, kindByGold, type OneGold, type Metric, type Verdict } from '../metric';
import { numberWithNoun } from '../values/number-words';
import { normalText, tokenF1 } from '../values/word-overlap';
import { plainCharacters } from '../values/plain-characters';
import { comparableText, parseDate, parseTime, readYesNo, sameDate, sameTime } from '../values/plain-text';
import { parseQuantity, sameQuantity } from '../values/quantity';
import { withDecimalPoint } from '../values/written-number';

/** Treats `Spider-Man` as `Spider Man` and `Catch-22` as `Catch 22`; the sign of `-5` stays. */
const unhyphened = (text: string): string =>
  text.replace(/(?<=\p{L})[-\u2010-\u2015](?=[\p{L}\p{N}])|(?<=\p{N})[-\u2010-\u2015](?=\p{L})/gu, ' ');

/** For names that consist of an article. */
const lowered = (text: string): string => text.trim().toLowerCase();

/** Treats `42-yard` as `42 yard`. */
const withSpace = (text: string): string => text.replace(/^(\d[\d,.]*)-(?=[a-z]{3,}$)/, '$1 ');

/** Letters with two dots or a stroke, as they are written without them: `Mueller`, `Goedel`. */
const SPELT_OUT: Record<string, string> = { ä: 'ae', ö: 'oe', ü: 'ue', Ä: 'Ae', Ö: 'Oe', Ü: 'Ue', ø: 'oe', å: 'aa' };
const speltOut = (text: string): string =>
  text.normalize('NFC').replace(/[äöüÄÖÜøå]/g, (letter) => SPELT_OUT[letter] as string);

/** `Six schools` is `6 schools`; `Five Guys` is a name. */
const countedInDigits = (text: string): string | undefined =>
  /^[A-Za-z][a-z-]*(?: [a-z]+)+$/.test(text) ? numberWithNoun(text) : undefined;

/** Treats `Greece and Turkey` as `Greece, Turkey`. */
const unjoined = (text: string): string => text.replace(/,?\s+(?:and|&)\s+/gi, ', ');

/** `in 1776`, `the year 1776` and `1776 AD` are the year; `from 1914 to 1918` is the range. */
const plainYears = (text: string): string =>
  text
    .trim()
    .replace(/^(?:in\s+)?(?:(?:the\s+)?year\s+)?(?:AD\s+)?(\d{3,4})(?:\s+(?:AD|CE))?$/i, '$1')
    .replace(/^(?:(?:from\s+)?(\d+)\s+(?:to|until|till|through)|between\s+(\d+)\s+and)\s+(\d+)$/i, '$1$2 to $3');

/** Before a number it changes nothing of it; `nearly` and `over` do. */
const HEDGE = /^(?:approximately|approx\.?|about|around|roughly|circa|~|≈)\s*(?=[-$€£\d])/i;

/** Why two texts are the same answer; undefined if they are not. */
function sameText(source: string, label: string): string | undefined {
  const [answer, gold] = [plainYears(source), plainYears(label)];
  const [p, g] = [comparableText(answer), comparableText(gold)];
  if (g !== '' && (p === g || comparableText(unhyphened(answer)) === comparableText(unhyphened(gold))))
    return 'same text';
  if (/,| and /.test(gold) && comparableText(unjoined(answer)) === comparableText(unjoined(gold))) return 'same text';
  if (comparableText(speltOut(answer)) === comparableText(speltOut(gold)) && g !== '') return 'same text';
  if (g === '') return lowered(answer) === lowered(gold) && lowered(gold) !== '' ? 'same text' : undefined;
  const [date, goldDate] = [parseDate(answer), parseDate(gold)];
  if (goldDate !== undefined) return date !== undefined && sameDate(date, goldDate) ? 'same date' : undefined;
  const [time, goldTime] = [parseTime(answer), parseTime(gold)];
  if (goldTime !== undefined && time !== undefined) return sameTime(time, goldTime) ? 'same time' : undefined;
  const goldYesNo = /^(?:yes|no)$/.test(g) ? g === 'yes' : undefined;
  if (goldYesNo !== undefined) return readYesNo(answer) === goldYesNo ? 'same yes or no' : undefined;
  const goldQuantity = parseQuantity(withSpace(countedInDigits(gold) ?? plainCharacters(gold)));
  const value = answer.replace(/^[A-Za-z]\w{0,20}\s*=\s*(?=[^=]+$)/, '').replace(HEDGE, '');
  const digits = (/,\d+\s?%$/.test(value) ? withDecimalPoint(value) : countedInDigits(value)) ?? value;
  const quantity = goldQuantity && parseQuantity(withSpace(digits));
  return goldQuantity && quantity && sameQuantity(quantity, goldQuantity) ? 'same quantity' : undefined;
}

/** As {@link sameText}; a list as gold answer may come in any order, separated by commas, semicolons, lines or "and". */
export function sameAnswer(answer: string, gold: OneGold): string | undefined {
  // Removing articles may remove an element of a list.
  const losesElement = typeof gold === 'object' && gold.some((element) => comparableText(String(element)) === '');
  const whole = losesElement ? undefined : sameText(answer, goldText(gold));
  if (whole !== undefined || typeof gold !== 'object') return whole;
  const hasAll = (text: string) => SEPARATORS.some((separator) => hasElements(text, separator, gold));
  const scaled = withScale(answer);
  if (hasAll(answer) || (scaled !== undefined && hasAll(scaled)) || isJoined(answer, gold))
    return 'same list in some order';
  return undefined;
}

/** Gives each number of a list the scale that stands once behind it: `12.5 and 3.1 million`, `12.5, 3.1 (in millions)`. */
function withScale(list: string): string | undefined {
  const [all, named, sign] =
    /\s*(?:\(?(?:in\s+)?(thousand|million|billion|percent)s?\)?|(%))[.\s]*$/i.exec(list.slice(-40)) ?? [];
  if (all === undefined) return undefined;
  const scale = sign ?? ` ${named}`;
  return list
    .slice(0, -all.length)
    .replace(/\d(?:[\d.]|,\d{3}(?!\d))*(?![\d%]|\s*(?:thousand|million|billion|percent))/gi, `$&${scale}`);
}

/** Separators of elements; the first leaves commas that may separate thousands. */
const SEPARATORS = [/\s*(?:,(?!\d{3}(?!\d))|[;\n]|\band\b|\s&\s)\s*/, /\s*(?:[,;\n]|\band\b|\s&\s)\s*/];

function hasElements(answer: string, separator: RegExp, gold: readonly (string | number)[]): boolean {
  const left = answer
    .replace(/^\[|\]$/g, '')
    .split(separator)
    .map((part) => part.replace(/^['"]|['"]$/g, ''))
    .filter(Boolean);
  const rest = gold.map(String);
  for (const part of left) {
    const at = rest.findIndex((candidate) => sameText(part, candidate) !== undefined);
    if (at < 0) return false;
    rest.splice(at, 1);
  }
  return rest.every((element) => element.trim() === '');
}

/** Whether a text is the elements of a list and only "and" between them: elements with commas or "and" of their own. */
function isJoined(answer: string, gold: readonly (string | number)[]): boolean {
  const elements = gold.map((element) => comparableText(String(element))).filter(Boolean);
  let rest = ` ${comparableText(answer)} `;
  for (const element of elements.sort((a, b) => b.length - a.length)) {
    if (!rest.includes(` ${element} `)) return false;
    rest = rest.replace(` ${element} `, '  ');
  }
  return elements.length > 1 && /^(?:\s|and\b)*$/.test(rest);
}

export function textVerdict(reason: string | undefined, f1: number): Verdict {
  if (reason !== undefined) return { scores: { em: 1, f1: 1 }, correct: true, reason };
  return {
    scores: { em: 0, f1: Math.min(f1, 0.999) },
    correct: false,
    reason: f1 > 0 ? 'some words in common' : 'another answer',
  };
}

export const exactMatch: Metric = {
  name: 'exact-match',
  none: { em: 0, f1: 0 },
  kindOf: kindByGold,
  score({ answer, gold }): Verdict {
    const f1 = tokenF1(normalText(answer), normalText(goldText(gold)));
    return textVerdict(sameAnswer(answer, gold), f1);
  },
};
