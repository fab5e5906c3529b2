/**
 * Reads numbers as people and models write them, with sign, currency, thousands, fractions, powers of ten, per cent, magnitude words and
 * unit. Values are exact.
 */
import * as Q from './rational';
import type { Rational } from './rational';
import { numberInWords, numberWithNoun } from './number-words';
import { CONJUNCTION, DEGREE, isUnit, UNIT, unitName, unitSize, type UnitSize } from './units';
import { readNumber, tidyNumber, type WrittenNumber } from './written-number';

export interface Quantity extends Omit<WrittenNumber, 'length'> {
  /** Per cent and magnitude words included: 5 % is 1/20, 2 million is 2,000,000. */
  value: Rational;
  isPercent: boolean;
  /** In lower case and singular; empty when there is none. Currency signs count as units. */
  unit: string;
}

const MAGNITUDES: Record<string, bigint> = {
  dozen: 12n,
  hundred: 100n,
  thousand: 10n ** 3n,
  million: 10n ** 6n,
  billion: 10n ** 9n,
  trillion: 10n ** 12n,
};

/** Magnitude letters behind a number, without a space (`mn` and `bn` also with one); a small `m` only behind money. */
const ABBREVIATED: Record<string, bigint> = { k: 10n ** 3n, m: 10n ** 6n, mn: 10n ** 6n, b: 10n ** 9n, bn: 10n ** 9n };
const ABBREVIATION = /^(?:[kKMB]|\s?(?:mn|bn))(?![A-Za-z])/;
const ABBREVIATION_OF_MONEY = /^(?:[kKmMbB]|\s?(?:mn|bn))(?![A-Za-z])/;
const MAGNITUDE = /^(?:\\text\{\s*|\(in\s+)?(dozen|hundred|thousand|million|billion|trillion)s?\b\s*[})]?\s*/i;

/** Characters of a quantity. */
const MAX_LENGTH = 1_000;

const SIGN = /^([+-]?)\s*/;
const CURRENCY = /^(?:\\?\$|€|£|¥|₹|(?:USD|EUR|GBP|JPY|INR)\s|US\$|[Rr]s\.?(?=\s?\d))\s*/;
const CURRENCY_BEHIND = /^\s*(?:\\?\$|€|£|¥|₹|¢)(?=\s|$)/;
/** By the first character of the sign or the code. */
const CURRENCY_NAMES: Record<string, string> = {
  '€': 'euro',
  '£': '£',
  '¥': 'yen',
  '₹': 'rupee',
  '¢': 'cent',
  E: 'euro',
  G: '£',
  J: 'yen',
  I: 'rupee',
  R: 'rupee',
  r: 'rupee',
};
const currencyName = (sign: string): string => CURRENCY_NAMES[sign.charAt(0)] ?? 'dollar';
const PERCENT =
  /^(?:\\?%|(?:\\text\{\s*|\\mbox\{\s*|\\ )*(?:per\s?cent(?:age)?(?:\s+points?)?|pct\.?|(basis\s+points?))\s*\}?)\s*/i;
const TEMPERATURE = /^(?:degree )?(c|f|k)(?:elsius|entigrade|ahrenheit|elvin)?$/;
const TEMPERATURES: Record<string, string> = { c: 'celsius', f: 'fahrenheit', k: 'kelvin' };
const CURRENCY_UNIT = /^(?:dollar|usd|us dollar)$/;
/**
 * Reads a whole text as one quantity: `$1,234.50`, `-2\frac{1}{3}`, `3.5 × 10^-1`, `12.8 million`, `45 yards`, `30\%`, `twenty-one`,
 * `2 hours and 30 minutes`. Undefined if anything other than a unit is left.
 */
export const parseQuantity = (source: string): Quantity | undefined => oneQuantity(source) ?? compound(source);

const JOINT = /,?\s+and\s+|,\s+|(?<=[a-z.])\s+(?=\d)/i;
const MAX_COMPOUND = 80;

/** `ten dollars and fifty cents`, `5 ft 10 in`: each part has a smaller unit of the same kind, and less than the part before has one of. */
function compound(source: string): Quantity | undefined {
  const plain =
    source.length > MAX_COMPOUND ? '' : source.replace(/\\text\s*\{([^{}]*)\}/g, ' $1 ').replace(/\s+/g, ' ');
  const parts = plain.trim().split(JOINT);
  let whole: Quantity | undefined;
  let last: UnitSize | undefined;
  for (const written of parts.length > 3 ? [] : parts) {
    const part = written.replace(/^(\d+)([hms])$/, '$1 $2');
    const quantity = oneQuantity(/\d/.test(part) ? part : (numberWithNoun(part) ?? part));
    const unit = quantity && unitSize(quantity.unit);
    if (quantity === undefined || unit === undefined) return undefined;
    if (whole === undefined) whole = { ...quantity, places: undefined, digits: 0 };
    else {
      const share = Q.multiply(quantity.value, Q.divide(unit.size, (last as UnitSize).size) as Rational);
      const isPart = unit.kind === last?.kind && share.n >= 0n && share.n < share.d && whole.value.n > 0n;
      if (!isPart) return undefined;
      const inFirst = Q.divide(unit.size, (unitSize(whole.unit) as UnitSize).size) as Rational;
      whole.value = Q.add(whole.value, Q.multiply(quantity.value, inFirst));
    }
    last = unit;
  }
  return whole;
}

function oneQuantity(source: string): Quantity | undefined {
  if (Q.isTooLong(source, MAX_LENGTH)) return undefined;
  const text = /\d/.test(source) ? source.trim() : numberInWords(source);
  if (text === undefined) return undefined;
  let rest = tidyNumber(text.replace(/^(?:minus|negative)\s+/i, '-'));
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest);
    rest = rest.slice(found?.[0].length);
    return found;
  };
  let isNegative = false;
  let unit = '';
  for (let i = 0; i < 2; i++) {
    if (take(SIGN)?.[1] === '-') isNegative = !isNegative;
    const currency = take(CURRENCY);
    if (currency === null) break;
    unit = currencyName(currency[0]);
  }
  rest = rest.replace(/^\(\s*([^()]*)\s*\)$/, '$1');
  const number = readNumber(rest);
  if (number === undefined) return undefined;
  rest = rest.slice(number.length);
  const abbreviated = take(unit === '' ? ABBREVIATION : ABBREVIATION_OF_MONEY);
  const behind = unit === '' ? take(CURRENCY_BEHIND) : null;
  if (behind !== null) unit = currencyName(behind[0].trim());
  const isUnitAttached = /^[A-Za-z]/.test(rest);
  rest = rest.trim();
  const magnitude = take(MAGNITUDE);
  const percent = take(PERCENT);
  const degree = take(DEGREE);
  if (degree !== null) unit = 'degree';
  rest = rest.trim();
  if (rest !== '') {
    const isQualified = magnitude !== null || percent !== null || degree !== null;
    // A power belongs to the number, not to a unit.
    const isOfUnit = isQualified ? UNIT.test(rest) && !CONJUNCTION.test(rest) : isUnit(rest, isUnitAttached);
    if (rest.startsWith('^') || !isOfUnit) return undefined;
    const name = unitName(rest);
    unit = CURRENCY_UNIT.test(name) ? 'dollar' : [unit === 'dollar' ? '' : unit, name].filter(Boolean).join(' ');
  }
  const scale = (table: Record<string, bigint>, name = ''): bigint => table[name.trim().toLowerCase()] ?? 1n;
  const n = scale(ABBREVIATED, abbreviated?.[0]) * scale(MAGNITUDES, magnitude?.[1]);
  const d = percent === null ? 1n : percent[1] === undefined ? 100n : 10_000n;
  return {
    value: Q.multiply(isNegative ? Q.negate(number.value) : number.value, { n, d }),
    isPercent: percent !== null,
    unit: unit.replace(TEMPERATURE, (_, letter: string) => TEMPERATURES[letter] as string),
    places: number.places,
    digits: number.digits,
  };
}

/** Decimals that a rounded number must have: fewer are an approximation, not the answer. */
const ROUNDED_PLACES = 6;
const ROUNDED_DIGITS = 4;
/** The same for a gold answer that is itself rounded. */
const ROUNDED_GOLD_DIGITS = 12;
/** Digits from which a number is a printed double with its noise. */
const NOISY_DIGITS = 15;

/** Relative rounding error of a computation with many steps. */
const noise = (size: number): number => Math.min(1e-10 * size, 1e-11 + 1e-12 * size, 1e-6);
const isNoisy = ({ digits, places }: Quantity): boolean => digits >= NOISY_DIGITS && places !== 0;

/**
 * Whether two numbers are the same: exactly; up to the noise of double precision, if one is written with that many digits; or if one is
 * the other correctly rounded, with at least six decimals and four digits.
 */
function sameNumber(prediction: Quantity, gold: Quantity): boolean {
  if (Q.equal(prediction.value, gold.value)) return true;
  if (isNoisy(prediction) || isNoisy(gold)) {
    const [p, g] = [Q.toNumber(prediction.value), Q.toNumber(gold.value)];
    if (Math.abs(p - g) <= noise(Math.max(Math.abs(p), Math.abs(g)))) return true;
  }
  return isRounded(prediction, gold, ROUNDED_DIGITS) || isRounded(gold, prediction, ROUNDED_GOLD_DIGITS);
}

function isRounded(rounded: Quantity, exact: Quantity, minDigits: number): boolean {
  const { digits, isPercent, places = 0 } = rounded;
  if (places < ROUNDED_PLACES || digits < minDigits) return false;
  return Q.roundsTo(exact.value, rounded.value, isPercent ? places + 2 : places);
}

/** Whether units agree or one is missing. Per cent counts as a unit if the other side has one. */
function sameUnit(prediction: Quantity, gold: Quantity): boolean {
  if (prediction.isPercent !== gold.isPercent) return prediction.unit === '' && gold.unit === '';
  if (prediction.unit === 'degree' && unitSize(gold.unit)?.kind === 'temperature') return true;
  return prediction.unit === '' || gold.unit === '' || inWords(prediction.unit) === inWords(gold.unit);
}

/** `£5` is five pounds; five pounds may be money or mass, `5 lbs` is no money. */
const inWords = (unit: string): string => unit.replace('£', 'pound');

const ZERO: Rational = { n: 0n, d: 1n };
const HUNDRED: Rational = { n: 100n, d: 1n };
const times = (quantity: Quantity, factor: Rational): Quantity => ({
  ...quantity,
  value: Q.multiply(quantity.value, factor),
});

/** Converts a quantity if the other one has another unit for the same: 500 cm beside 5 m. */
function inUnitOf(other: Quantity, quantity: Quantity): Quantity {
  const [own, wanted] = quantity.unit === other.unit ? [] : [unitSize(quantity.unit), unitSize(other.unit)];
  if (own === undefined || own.kind !== wanted?.kind) return quantity;
  if (Q.equal(own.size, wanted.size) && own.zero === wanted.zero) return { ...quantity, unit: other.unit };
  const factor = Q.divide(own.size, wanted.size) as Rational;
  const shift = Q.divide(Q.add(own.zero ?? ZERO, Q.negate(wanted.zero ?? ZERO)), wanted.size) as Rational;
  const value = Q.add(Q.multiply(quantity.value, factor), shift);
  return { ...quantity, value, unit: other.unit, places: undefined, digits: 0 };
}

/**
 * Whether two quantities are the same. A missing unit is accepted, a different one is not, unless it measures the same and the values
 * are exactly equal. If only one side has a per cent sign, both readings count.
 */
export function sameQuantity(left: Quantity, gold: Quantity): boolean {
  const prediction = inUnitOf(gold, left);
  if (!sameUnit(prediction, gold)) return false;
  if (sameNumber(prediction, gold)) return true;
  if (gold.isPercent === prediction.isPercent) return false;
  if (gold.isPercent) return sameNumber(prediction, times(gold, HUNDRED));
  return gold.unit === '' && sameNumber({ ...times(prediction, HUNDRED), isPercent: false }, gold);
}
