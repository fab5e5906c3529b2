/** Compares special notations of numbers: a numeral in a base, a ratio, a time of day. */
import { numberInWords } from '../values/number-words';
import { parseTime, sameTime, type ClockTime } from '../values/plain-text';
import { equal, parseDecimal, type Rational } from '../values/rational';
import { expression } from './answer-expression';
import { DIFFERENT, type Comparison } from './comparison';
import { exactValue } from './exact';
import { withoutText } from './latex-text';

const BASE =
  /^\(?\s*(-?[0-9A-Z]+(?:\.[0-9A-Z]+)?)\s*\)?\s*(?:_\s*\{?\s*\(?\s*(\d+|[a-z]+)\s*\)?\s*\}?|\(?\s*(?:in\s+)?base[\s-]+(\d+|[a-z]+)\s*\)?)$/;

/** `101_2`, `(101)_{2}`, `101_{\text{two}}`, `101 base 2`, `101 (\text{base }2)`. */
export const compareBases: Comparison = (p, g, depth, same) => {
  const right = BASE.exec(withoutText(g));
  if (right === null) return undefined;
  const left = BASE.exec(withoutText(p));
  if (left === null && right[2] === '10') return same(p, right[1] as string, depth) ?? DIFFERENT;
  const parts = (match: RegExpExecArray): string => {
    const base = (match[2] ?? match[3]) as string;
    return `${(match[1] as string).replace(/^0+(?=.)/, '')} in ${numberInWords(base) ?? base}`;
  };
  return left !== null && parts(left) === parts(right) ? 'same number in the same base' : DIFFERENT;
};

/** Longer texts are not parsed as expressions. */
const LONG = /^[-+]?\d{400,}$/;

/** Compares a whole number of many digits with another, or with the expression that makes it: `2^{20000}`. */
export const compareLongNumbers: Comparison = (p, g) => {
  if (!LONG.test(p) && !LONG.test(g)) return undefined;
  const [left, right] = [p, g].map((text) => (LONG.test(text) ? parseDecimal(text) : exact(text)));
  return left && right && equal(left, right) ? 'same number' : DIFFERENT;
};

function exact(text: string): Rational | undefined {
  const parsed = expression(text);
  return parsed && exactValue(parsed);
}

const RATIO = /^\d+(?:\s*:\s*\d+)+$/;
const AS_RATIO =
  /^(?:(\d+)\s*(?::|\/|to|\\text\s*\{\s*to\s*\}|\\colon)\s*(\d+)|\\frac\s*(?:\{(\d+)\}|(\d))\s*(?:\{(\d+)\}|(\d)))$/;

const TIME = /^\d{1,2}:[0-5]\d$/;

/** Whether the answers are times of day: the minutes begin with 0, or the gold answer is no ratio in lowest terms. */
function isTime(text: string, isGold: boolean): boolean {
  const plain = text.replaceAll(' ', '');
  if (!TIME.test(plain)) return false;
  const [hours, minutes] = plain.split(':').map(Number) as [number, number];
  return /:0/.test(plain) || (isGold && [2, 3, 5, 7, 11, 13].some((n) => hours % n === 0 && minutes % n === 0));
}

/** Compares `3:4` with `6:8`, `3 to 4` or a fraction. */
export const compareRatios: Comparison = (p, g) => {
  if (!RATIO.test(p) && !RATIO.test(g)) return undefined;
  if (isTime(p, false) || isTime(g, true)) return DIFFERENT;
  if (RATIO.test(p) && RATIO.test(g)) return sameProportions(p, g) ? 'same ratio' : DIFFERENT;
  const [left, right] = [AS_RATIO.exec(p), AS_RATIO.exec(g)];
  if (left === null || right === null) return DIFFERENT;
  const [[a, b], [c, d]] = [left, right].map(([, one, two, over, digit, under, other]) => [
    one ?? over ?? digit,
    two ?? under ?? other,
  ]) as [string[], string[]];
  return BigInt(a as string) * BigInt(d as string) === BigInt(b as string) * BigInt(c as string)
    ? 'same ratio'
    : DIFFERENT;
};

function sameProportions(p: string, g: string): boolean {
  const [left, right] = [p, g].map((text) => text.split(':').map((part) => BigInt(part.trim()))) as [
    bigint[],
    bigint[],
  ];
  const [a = 0n, b = 0n] = [left[0], right[0]];
  return left.length === right.length && left.every((part, i) => part * b === (right[i] as bigint) * a);
}

function time(text: string): ClockTime | undefined {
  return parseTime(withoutText(text).replace(/\s*:\s*/, ':'));
}

/** A time with its half of the day; others may be ratios. */
export const compareTimes: Comparison = (p, g) => {
  const gold = time(g);
  if (gold?.half === undefined) return undefined;
  const found = time(p);
  return found !== undefined && sameTime(found, gold) ? 'same time' : DIFFERENT;
};
