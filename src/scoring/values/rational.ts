/** Exact numbers, bounded in length. */

/** Numerator and positive denominator, without a common factor. */
export interface Rational {
  n: bigint;
  d: bigint;
}

/** Digits of the longest fraction or decimal that is computed with; longer ones are compared as text. */
export const MAX_DIGITS = 400;
/** The same for whole numbers, which have no common factor to look for. */
export const MAX_WHOLE_DIGITS = 20_000;
const WHOLE = /^[+-]?\d+$/;
const WHOLE_NUMBER = /^[-+]?(?:\d+|\d{1,3}(?:,\d{3})+)$/;

/** Whether a text has more characters than `most`. Of a whole number more digits are read, up to {@link MAX_WHOLE_DIGITS}. */
export const isTooLong = (text: string, most: number): boolean =>
  text.length > most && (text.length > MAX_WHOLE_DIGITS || !WHOLE_NUMBER.test(text.trim()));

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

/** Undefined for a zero denominator. */
export function rational(n: bigint, d: bigint = 1n): Rational | undefined {
  if (d === 0n) return undefined;
  const divisor = gcd(n, d) || 1n;
  const sign = d < 0n ? -1n : 1n;
  return { n: (sign * n) / divisor, d: (sign * d) / divisor };
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** The exact value of a decimal such as `-1.5`, `.5`, `3.` or `1e-3`; undefined for anything else, or if it is too long. */
export function parseDecimal(text: string): Rational | undefined {
  if (text.length > MAX_DIGITS)
    return text.length <= MAX_WHOLE_DIGITS && WHOLE.test(text)
      ? { n: BigInt(text.replace('+', '')), d: 1n }
      : undefined;
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponentText = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const exponent = Number(exponentText) - fraction.length;
  if (Math.abs(exponent) > MAX_DIGITS) return undefined;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  return exponent >= 0 ? rational(digits * 10n ** BigInt(exponent)) : rational(digits, 10n ** BigInt(-exponent));
}

export const add = (a: Rational, b: Rational): Rational => rational(a.n * b.d + b.n * a.d, a.d * b.d) as Rational;
export const negate = (a: Rational): Rational => ({ n: -a.n, d: a.d });
export const multiply = (a: Rational, b: Rational): Rational => rational(a.n * b.n, a.d * b.d) as Rational;
export const divide = (a: Rational, b: Rational): Rational | undefined => rational(a.n * b.d, a.d * b.n);
export const equal = (a: Rational, b: Rational): boolean => a.n === b.n && a.d === b.d;
export const isZero = (a: Rational): boolean => a.n === 0n;

/** The nearest double. */
export function toNumber(a: Rational): number {
  const [n, d] = [a.n < 0n ? -a.n : a.n, a.d];
  const shift = n.toString(2).length - d.toString(2).length;
  const scaled = shift < 70 ? (n << BigInt(70 - shift)) / d : n / d;
  const value = shift < 70 ? Number(scaled) / 2 ** 35 / 2 ** (35 - shift) : Number(scaled);
  return a.n < 0n ? -value : value;
}

/** Whether the value, rounded half away from zero or half to even, equals a decimal with so many places. */
export function roundsTo(value: Rational, decimal: Rational, places: number): boolean {
  const difference = add(value, negate(decimal));
  const size = difference.n < 0n ? -difference.n : difference.n;
  return 2n * size * 10n ** BigInt(places) <= difference.d;
}
