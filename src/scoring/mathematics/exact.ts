/** The exact values of constant expressions without roots and functions, bounded in size. */
import type { Expr } from './expression';
import * as Q from '../values/rational';
import type { Rational } from '../values/rational';

const MAX_DIGITS = 6_000;
/** Whole numbers need no common factor and may be longer. */
const MAX_WHOLE_DIGITS = 16_000;
const MAX_FACTORIAL = 4_000;
/** A decimal with this many digits is a printed double, with its rounding noise. */
const NOISY_DIGITS = 12;

const digits = (value: Rational): number => Math.max(value.n.toString().length, value.d.toString().length);
const bounded = (value: Rational | undefined): Rational | undefined =>
  value !== undefined && digits(value) <= (value.d === 1n ? MAX_WHOLE_DIGITS : MAX_DIGITS) ? value : undefined;

/** The exact value; undefined if it is not rational, not exact, or too large. */
export function exactValue(expr: Expr): Rational | undefined {
  if (expr.kind === 'symbol') return undefined;
  if (expr.kind === 'number') {
    const isNoisy = expr.isFloat && expr.text.replace(/e.*$/i, '').replace(/\D/g, '').length >= NOISY_DIGITS;
    return isNoisy ? undefined : Q.parseDecimal(expr.text);
  }
  const args: Rational[] = [];
  for (const arg of expr.args) {
    const value = exactValue(arg);
    if (value === undefined) return undefined;
    args.push(value);
  }
  const [a, b] = args;
  if (a === undefined) return undefined;
  switch (expr.name) {
    case 'add':
      return fold(args, Q.add);
    case 'multiply':
      return fold(args, Q.multiply);
    case 'negate':
      return Q.negate(a);
    case 'divide':
      return b && digits(a) <= MAX_DIGITS && digits(b) <= MAX_DIGITS ? bounded(Q.divide(a, b)) : undefined;
    case 'power':
      return b && power(a, b);
    case 'factorial':
      return isCount(a) ? { n: product(1n, a.n), d: 1n } : undefined;
    case 'binomial':
      return b && isCount(a) && isCount(b) && b.n <= a.n ? { n: binomial(a.n, b.n), d: 1n } : undefined;
    default:
      return undefined;
  }
}

function fold(args: readonly Rational[], combine: (a: Rational, b: Rational) => Rational): Rational | undefined {
  let result: Rational | undefined;
  for (const arg of args) {
    result = bounded(result === undefined ? arg : combine(result, arg));
    if (result === undefined) return undefined;
  }
  return result;
}

const log10 = (n: bigint): number =>
  n > -1_000_000n && n < 1_000_000n ? Math.log10(Math.abs(Number(n)) || 1) : n.toString().length;

function power(base: Rational, exponent: Rational): Rational | undefined {
  if (exponent.d !== 1n || digits(exponent) > 7) return undefined;
  const size = exponent.n < 0n ? -exponent.n : exponent.n;
  const digitsEach = Math.max(log10(base.n), log10(base.d));
  const most = exponent.n > 0n && base.d === 1n ? MAX_WHOLE_DIGITS : MAX_DIGITS;
  if (digitsEach * Number(size) > most || (base.n === 0n && exponent.n < 0n)) return undefined;
  return exponent.n < 0n ? Q.rational(base.d ** size, base.n ** size) : Q.rational(base.n ** size, base.d ** size);
}

const isCount = ({ n, d }: Rational): boolean => d === 1n && n >= 0n && n <= BigInt(MAX_FACTORIAL);

/** The product of the whole numbers from `first` to `last`; 1 if there are none. */
function product(first: bigint, last: bigint): bigint {
  let result = 1n;
  for (let i = first; i <= last; i++) result *= i;
  return result;
}

function binomial(n: bigint, k: bigint): bigint {
  const smaller = 2n * k > n ? n - k : k;
  return product(n - smaller + 1n, n) / product(1n, smaller);
}
