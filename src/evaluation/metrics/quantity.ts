/**
 * Numbers as people and models write them, with what stands around them: sign, currency, thousands, fractions, powers of ten,
 * per cent, magnitude words, unit. Exact values.
 *
 * @module
 */
import * as Q from '../math/rational';
import type { Rational } from '../math/rational';
import { numberInWords } from './number-words';

export interface Quantity {
  /** Per cent and magnitude words included: 5 % is 1/20, 2 million is 2,000,000. */
  value: Rational;
  isPercent: boolean;
  hasMagnitude: boolean;
  /** In lower case and singular; empty when there is none. Currency signs count as units. */
  unit: string;
  /** Decimal places as written; undefined for fractions and powers of ten. */
  places: number | undefined;
  /** Significant digits as written; 0 for fractions, which are exact. */
  digits: number;
}

const MAGNITUDES: Record<string, bigint> = {
  dozen: 12n,
  hundred: 100n,
  thousand: 10n ** 3n,
  million: 10n ** 6n,
  billion: 10n ** 9n,
  trillion: 10n ** 12n,
};

/** Behind a number without a space, `mn` and `bn` also with one; a small `m` only behind money. */
const ABBREVIATED: Record<string, bigint> = { k: 10n ** 3n, m: 10n ** 6n, mn: 10n ** 6n, b: 10n ** 9n, bn: 10n ** 9n };
const MAGNITUDE = /^(?:\\text\{\s*)?(dozen|hundred|thousand|million|billion|trillion)s?\b\s*\}?\s*/i;

const DECIMAL = String.raw`(?:\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d+(?:\.\d*)?|\.\d+)`;
const EXPONENT = String.raw`(?:[eE][+-]?\d{1,4}|\s*(?:\\times|\\cdot|×|·|\*|x)\s*10\s*(?:\^|\*\*)\s*(?:\{\s*[+-]?\s*\d{1,4}\s*\}|\(?[+-]?\d{1,4}\)?))`;
const LATEX_FRACTION = String.raw`\\frac\s*(?:\{\s*([+-]?\s*${DECIMAL})\s*\}|\s?(\d))\s*(?:\{\s*([+-]?\s*${DECIMAL})\s*\}|(\d))`;

const SIGN = /^([+-]?)\s*/;
const CURRENCY = /^(?:\\?\$|€|£|¥|₹|USD\s|US\$|[Rr]s\.?(?=\s?\d))\s*/;
const CURRENCY_NAMES: Record<string, string> = {
  '€': 'euro',
  '£': 'pound',
  '¥': 'yen',
  '₹': 'rupee',
  R: 'rupee',
  r: 'rupee',
};
const MIXED_LATEX = new RegExp(String.raw`^(\d+)\s*${LATEX_FRACTION}`);
const FRACTION_LATEX = new RegExp(`^${LATEX_FRACTION}`);
const MIXED_PLAIN = /^(\d+)\s+(\d+)\s*\/\s*(\d+)/;
const FRACTION_PLAIN = new RegExp(String.raw`^(${DECIMAL})\s*\/\s*([+-]?${DECIMAL})`);
const REPEATING = /^(\d*)\.(\d*)\\(?:overline|bar)\s*(?:\{\s*(\d+)\s*\}|(\d))/;
const PLAIN = new RegExp(String.raw`^(${DECIMAL})(${EXPONENT})?`);

/** Thousands separators and fraction commands in one spelling. */
function tidy(text: string): string {
  let tidied = text
    .replace(/\\[dtc]frac/g, '\\frac')
    .replace(/(\d)\{,\}(?=\s*\d)/g, '$1,')
    .replace(/,\s*\\!\s*(?=\d{3})/g, ',')
    .replace(/(\d)(?:\\,|\\ |\\;|\\:|~)(?=\d{3}(?!\d))/g, '$1,')
    .replace(
      /^(\d{1,3})((?: \d{3})+)(?=$|\.)/,
      (_, head: string, rest: string) => `${head}${rest.replaceAll(' ', ',')}`,
    )
    .replace(/\\!/g, '')
    .replace(/(?<=[\d\s])([kcm]?m|ft|mi)([23])$/, '$1^$2');
  tidied = tidied.replace(/\\left|\\right/g, '');
  return tidied;
}

const decimal = (text: string): Rational | undefined => Q.parseDecimal(text.replaceAll(/[,\s]/g, ''));

interface Core {
  value: Rational;
  length: number;
  places: number | undefined;
  digits: number;
}

function significantDigits(text: string): number {
  return text.replace(/^[0,.]+/, '').replace(/[^\d]/g, '').length;
}

function fraction(above: string, below: string): Rational | undefined {
  const [n, d] = [decimal(above), decimal(below)];
  return n !== undefined && d !== undefined ? Q.divide(n, d) : undefined;
}

function core(text: string): Core | undefined {
  const exact = (value: Rational | undefined, length: number, digits = 0): Core | undefined =>
    value && { value, length, places: undefined, digits };
  let match = MIXED_LATEX.exec(text);
  if (match !== null) {
    const part = fraction((match[2] ?? match[3]) as string, (match[4] ?? match[5]) as string);
    return part && exact(Q.add(decimal(match[1] as string) as Rational, part), match[0].length);
  }
  match = FRACTION_LATEX.exec(text);
  if (match !== null) {
    return exact(fraction((match[1] ?? match[2]) as string, (match[3] ?? match[4]) as string), match[0].length);
  }
  match = MIXED_PLAIN.exec(text);
  if (match !== null) {
    const part = fraction(match[2] as string, match[3] as string);
    const whole = decimal(match[1] as string);
    return part && whole && exact(Q.add(whole, part), match[0].length);
  }
  match = FRACTION_PLAIN.exec(text);
  if (match !== null) return exact(fraction(match[1] as string, match[2] as string), match[0].length);
  match = REPEATING.exec(text);
  if (match !== null) {
    const [whole, head = '', fixed = '', group] = match;
    const cycle = group ?? (match[4] as string);
    const first = decimal(`${head}.${fixed}0`);
    const tail = first && Q.rational(BigInt(cycle), 10n ** BigInt(fixed.length) * (10n ** BigInt(cycle.length) - 1n));
    return first && tail && exact(Q.add(first, tail), whole.length);
  }
  match = PLAIN.exec(text);
  if (match === null) return undefined;
  const [whole, mantissa = '', power] = match;
  const value = decimal(mantissa);
  if (value === undefined) return undefined;
  if (power !== undefined) {
    const digits = /10/.test(power) && !/^[eE]/.test(power) ? power.replace(/^[^]*?10/, '') : power;
    const exponent = Number(/[+-]?\s*\d+(?=[^\d]*$)/.exec(digits.replaceAll(' ', ''))?.[0]);
    if (!Number.isInteger(exponent) || Math.abs(exponent) > Q.MAX_DIGITS) return undefined;
    const ten = 10n ** BigInt(Math.abs(exponent));
    const scaled = exponent >= 0 ? Q.rational(value.n * ten, value.d) : Q.rational(value.n, value.d * ten);
    return exact(scaled, whole.length, significantDigits(mantissa));
  }
  return {
    value,
    length: whole.length,
    places: /\.(\d*)/.exec(mantissa)?.[1]?.length ?? 0,
    digits: significantDigits(mantissa),
  };
}

const FULL_UNITS: Record<string, string> = {
  feet: 'foot',
  inches: 'inch',
  m: 'meter',
  km: 'kilometer',
  cm: 'centimeter',
  mm: 'millimeter',
  metre: 'meter',
  kilometre: 'kilometer',
  centimetre: 'centimeter',
  millimetre: 'millimeter',
  litre: 'liter',
  kg: 'kilogram',
  mg: 'milligram',
  lb: 'pound',
  lbs: 'pound',
  oz: 'ounce',
  ft: 'foot',
  in: 'inch',
  mi: 'mile',
  yd: 'yard',
  hr: 'hour',
  hrs: 'hour',
  min: 'minute',
  mins: 'minute',
  sec: 'second',
  secs: 'second',
  sq: 'square',
  cu: 'cubic',
  rs: 'rupee',
  mph: 'mile per hour',
  kph: 'kilometer per hour',
};

function singular(word: string): string {
  const one = word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
  const name = Object.hasOwn(FULL_UNITS, word) ? word : one;
  return Object.hasOwn(FULL_UNITS, name) ? (FULL_UNITS[name] as string) : name;
}

/** One name for one unit, singular and in lower case: `sq. ft`, `feet^2` and `\text{ square feet}` are `foot ^2`. */
export function unitName(text: string): string {
  const words = text
    .replace(/\\(?:text|mbox|mathrm|textrm|operatorname)\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/\\[ ,;:!]|~/g, ' ')
    .toLowerCase()
    .replace(/[.]/g, '')
    .replace(/\/\s*h(?![a-z])/g, ' per hour ')
    .replace(/\/\s*s(?![a-z])/g, ' per second ')
    .replaceAll('/', ' per ')
    .replace(/²|³/g, (sign) => (sign === '²' ? ' ^2' : ' ^3'))
    .replace(/\s*\^\s*\{?\s*([23])\s*\}?/g, ' ^$1 ')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(singular)
    .join(' ');
  return words.replace(/\b(square|cubic) ([a-z]+)/g, (_, power, name) => `${name} ${power === 'square' ? '^2' : '^3'}`);
}

const CURRENCY_UNIT = /^(?:dollar|usd|us dollar)$/;
const DEGREE = /^(?:\^\s*\{?\s*\\?(?:circ|degree)\s*\}?|°|\\degree)/;
const UNIT =
  /^(?:[\p{L}.'²³/ -]|\\(?:text|mbox|mathrm|textrm|operatorname)\s*\{[^{}]*\}|\\[ ,;:!]|~|\^\s*\{?[23]\}?|\([\p{L} ]{3,}\))*$/u;
/** Words that everyone reads as a unit although they are as short as products of variables. */
const SHORT_UNIT =
  /^(?:cm|mm|km|nm|kg|mg|lbs?|oz|ft|in|mi|yds?|hrs?|mins?|secs?|ml|am|pm|sq|cu|kw|mw|gb|mb|tb|kb|hz|pt|qt|mph|kph)$/i;
const ONE_LETTER_UNIT = /^[mgshlLVAWJNKCF](?:\s*[\^/²³].*)?$/;
/** What follows is no unit of the number but another part of the answer. */
const CONJUNCTION = /(?<!\p{L})(?:and|or|plus|minus|times|versus|not)(?!\p{L})/iu;
const FUNCTION_NAME = /^(?:sin|cos|tan|cot|csc|log|ln|exp|sqrt)/;

/** In mathematics letters behind a number are variables: `3s^2`, `2xy` and `-2n^2 - n` hold no unit. */
function isUnit(text: string, isAttached: boolean): boolean {
  if (!UNIT.test(text) || CONJUNCTION.test(text) || /(?<!\p{L})-|-(?!\p{L})/u.test(text)) return false;
  const words =
    text.replace(/\\(?:text|mbox|mathrm|textrm|operatorname)\s*\{[^{}]*\}/g, ' ').match(/[\p{L}.']+/gu) ?? [];
  const [first = ''] = words;
  if (first === '' || !/^[\p{L}.']/u.test(text)) return words.every((word) => word.length > 2 || SHORT_UNIT.test(word));
  const name = first.replace(/\.$/, '');
  if (SHORT_UNIT.test(name)) return true;
  if (name.length === 1) return !isAttached && ONE_LETTER_UNIT.test(text);
  if (isAttached) return name.length > 3 && !FUNCTION_NAME.test(name);
  return (
    name.length > 2 && words.slice(1).every((word) => word.length > 1 || /^[aA]$/.test(word) || text.includes('/'))
  );
}

/**
 * Reads a whole text as one quantity: `$1,234.50`, `-2\frac{1}{3}`, `3.5 × 10^-1`, `12.8 million`, `45 yards`, `30\%`, `twenty-one`.
 * Undefined when anything is left that is no unit.
 */
export function parseQuantity(source: string): Quantity | undefined {
  if (source.length > 1_000) return undefined;
  const text = /\d/.test(source) ? source.trim() : numberInWords(source);
  if (text === undefined) return undefined;
  let rest = tidy(text.replace(/^(?:minus|negative)\s+/i, '-'));
  let isNegative = false;
  let unit = '';
  for (let i = 0; i < 2; i++) {
    const sign = SIGN.exec(rest) as RegExpExecArray;
    if (sign[1] === '-') isNegative = !isNegative;
    rest = rest.slice(sign[0].length);
    const currency = CURRENCY.exec(rest);
    if (currency === null) break;
    unit = CURRENCY_NAMES[currency[0].charAt(0)] ?? 'dollar';
    rest = rest.slice(currency[0].length);
  }
  const parenthesised = /^\(\s*([^()]*)\s*\)$/.exec(rest);
  if (parenthesised !== null) rest = parenthesised[1] as string;
  const number = core(rest);
  if (number === undefined) return undefined;
  let value = isNegative ? Q.negate(number.value) : number.value;
  rest = rest.slice(number.length);
  const attached = (
    unit === '' ? /^(?:[kKMB]|\s?(?:mn|bn))(?![A-Za-z])/ : /^(?:[kKmMbB]|\s?(?:mn|bn))(?![A-Za-z])/
  ).exec(rest);
  if (attached !== null) {
    value = Q.multiply(value, { n: ABBREVIATED[attached[0].trim().toLowerCase()] as bigint, d: 1n });
    rest = rest.slice(attached[0].length);
  }
  const isUnitAttached = /^[A-Za-z]/.test(rest);
  rest = rest.trim();
  let isPercent = false;
  let hasMagnitude = false;
  const magnitude = MAGNITUDE.exec(rest);
  if (magnitude !== null) {
    hasMagnitude = true;
    value = Q.multiply(value, { n: MAGNITUDES[(magnitude[1] as string).toLowerCase()] as bigint, d: 1n });
    rest = rest.slice(magnitude[0].length);
  }
  const percent = /^(?:\\?%|(?:\\text\{\s*|\\mbox\{\s*|\\ )*per\s?cent(?:age)?(?:\s+points?)?\s*\}?)\s*/i.exec(rest);
  if (percent !== null) {
    isPercent = true;
    value = Q.divide(value, { n: 100n, d: 1n }) as Rational;
    rest = rest.slice(percent[0].length);
  }
  const degree = DEGREE.exec(rest);
  if (degree !== null) {
    unit = 'degree';
    rest = rest.slice(degree[0].length).trim();
  }
  if (rest !== '') {
    const isQualified = isPercent || hasMagnitude || degree !== null;
    // A power of the number itself is no unit.
    if (
      rest.startsWith('^') ||
      !(isQualified ? UNIT.test(rest) && !CONJUNCTION.test(rest) : isUnit(rest, isUnitAttached))
    )
      return undefined;
    const name = unitName(rest);
    unit = CURRENCY_UNIT.test(name) ? 'dollar' : [unit === 'dollar' ? '' : unit, name].filter(Boolean).join(' ');
  }
  return { value, isPercent, hasMagnitude, unit, places: number.places, digits: number.digits };
}

/** Decimals that must agree when a number was rounded: fewer are an approximation, not the answer. */
const ROUNDED_PLACES = 6;
const NOISE = 1e-12;
/** Fewer digits are no print of a double with its noise. */
const NOISY_DIGITS = 12;

/**
 * Same number: exactly, up to the noise of double precision where one of them is written with that many digits, or the one
 * correctly rounded from the other with at least six decimals and four digits.
 */
function sameNumber(prediction: Quantity, gold: Quantity): boolean {
  if (Q.equal(prediction.value, gold.value)) return true;
  const { places = 0, digits } = prediction;
  const isWhole = prediction.places === 0 && gold.places === 0;
  if (!isWhole && Math.max(digits, gold.digits) >= NOISY_DIGITS) {
    const [p, g] = [Q.toNumber(prediction.value), Q.toNumber(gold.value)];
    if (Math.abs(p - g) <= NOISE * Math.max(Math.abs(p), Math.abs(g))) return true;
  }
  return (
    places >= ROUNDED_PLACES && digits >= 4 && !prediction.isPercent && Q.roundsTo(gold.value, prediction.value, places)
  );
}

/** Units agree, or one of the two has none to compare; per cent is a unit beside another one. */
function sameUnit(prediction: Quantity, gold: Quantity): boolean {
  if (prediction.isPercent !== gold.isPercent) return prediction.unit === '' && gold.unit === '';
  return prediction.unit === '' || gold.unit === '' || prediction.unit === gold.unit;
}

const HUNDRED: Rational = { n: 100n, d: 1n };
const times = (quantity: Quantity, factor: Rational): Quantity => ({
  ...quantity,
  value: Q.multiply(quantity.value, factor),
});

/** Cents beside dollars are counted in dollars. */
function inDollars(quantity: Quantity, other: Quantity): Quantity {
  if (quantity.unit !== 'cent' || other.unit !== 'dollar') return quantity;
  return { ...times(quantity, { n: 1n, d: 100n }), unit: 'dollar' };
}

/** Same quantity: a missing unit is no error, another one is; a per cent sign that only one of them has is read either way. */
export function sameQuantity(left: Quantity, right: Quantity): boolean {
  const [prediction, gold] = [inDollars(left, right), inDollars(right, left)];
  if (!sameUnit(prediction, gold)) return false;
  if (sameNumber(prediction, gold)) return true;
  if (gold.isPercent === prediction.isPercent) return false;
  if (gold.isPercent) return sameNumber(prediction, times(gold, HUNDRED));
  return gold.unit === '' && Q.equal(Q.multiply(prediction.value, HUNDRED), gold.value);
}
