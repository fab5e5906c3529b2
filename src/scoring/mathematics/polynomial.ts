/** Expanded polynomials with coefficients in double precision or exact, bounded in size. */
import { exactValue } from './exact';
import { freeSymbols, type Expr } from './expression';
import * as Q from '../values/rational';

/** Coefficient by monomial; a monomial is its symbols with exponents, sorted. */
export type Polynomial<C = number> = Map<string, C>;

/** Arithmetic of coefficients; undefined if they become too large or too small. */
interface Ring<C> {
  of(number: Extract<Expr, { kind: 'number' }>): C | undefined;
  one: C;
  add(a: C, b: C): C | undefined;
  multiply(a: C, b: C): C | undefined;
  negate(a: C): C;
  divide(a: C, b: C): C | undefined;
  /** The value of a constant that is no product, sum or small power. */
  constant?(expr: Expr): C | undefined;
}

/** A double that became zero although no operand is. */
const unlessLost = (value: number, ...operands: number[]): number | undefined =>
  value === 0 && operands.every((operand) => operand !== 0) ? undefined : value;

const DOUBLES: Ring<number> = {
  of: ({ value, text }) => (/[1-9]/.test(text.replace(/e.*$/i, '')) ? unlessLost(value) : value),
  one: 1,
  add: (a, b) => a + b,
  multiply: (a, b) => unlessLost(a * b, a, b),
  negate: (a) => -a,
  divide: (a, b) => (b === 0 || Number.isNaN(b) ? undefined : unlessLost(a / b, a)),
};

const MAX_BITS = 4_000n;
const bounded = (value: Q.Rational | undefined): Q.Rational | undefined =>
  value !== undefined && value.n >> MAX_BITS <= 0n && -value.n >> MAX_BITS <= 0n && value.d >> MAX_BITS === 0n
    ? value
    : undefined;

/** Exact coefficients. */
export const RATIONALS: Ring<Q.Rational> = {
  of: (number) => Q.parseDecimal(number.text),
  one: { n: 1n, d: 1n },
  add: (a, b) => bounded(Q.add(a, b)),
  multiply: (a, b) => bounded(Q.multiply(a, b)),
  negate: Q.negate,
  divide: (a, b) => bounded(Q.divide(a, b)),
  constant: (expr) => (freeSymbols(expr).size === 0 ? bounded(exactValue(expr)) : undefined),
};

const MAX_TERMS = 2_000;
const MAX_DEGREE = 40;

/** Undefined if the expression is no polynomial in its symbols, or too large. Coefficients are doubles by default. */
export function polynomial(expr: Expr): Polynomial | undefined;
export function polynomial<C>(expr: Expr, ring: Ring<C>): Polynomial<C> | undefined;
export function polynomial(
  expr: Expr,
  ring: Ring<unknown> = DOUBLES as Ring<unknown>,
): Polynomial<unknown> | undefined {
  return expand(expr, ring);
}

function expand<C>(expr: Expr, ring: Ring<C>): Polynomial<C> | undefined {
  if (expr.kind === 'number') {
    const value = ring.of(expr);
    return value === undefined ? undefined : new Map([['', value]]);
  }
  if (expr.kind === 'symbol') return new Map([[`${expr.name}^1`, ring.one]]);
  const [first, second] = expr.args;
  const constant = ring.constant?.(expr);
  if (constant !== undefined) return new Map([['', constant]]);
  switch (expr.name) {
    case 'add':
      return fold(expr.args, ring, add);
    case 'multiply':
      return fold(expr.args, ring, multiply);
    case 'negate': {
      const inner = first && expand(first, ring);
      return inner && new Map([...inner].map(([monomial, c]) => [monomial, ring.negate(c)]));
    }
    case 'divide': {
      const [above, below] = [first && expand(first, ring), second && expand(second, ring)];
      const divisor = below?.size === 1 ? below.get('') : undefined;
      if (above === undefined || divisor === undefined) return undefined;
      return collect([...above].map(([monomial, c]) => [monomial, ring.divide(c, divisor)]));
    }
    case 'power': {
      const base = first && expand(first, ring);
      const exponent = second?.kind === 'number' ? second.value : NaN;
      if (base === undefined || !Number.isInteger(exponent) || exponent < 0 || exponent > MAX_DEGREE) return undefined;
      let result: Polynomial<C> | undefined = new Map([['', ring.one]]);
      for (let i = 0; i < exponent && result !== undefined; i++) result = multiply(result, base, ring);
      return result;
    }
    default:
      return undefined;
  }
}

type Combine = <C>(a: Polynomial<C>, b: Polynomial<C>, ring: Ring<C>) => Polynomial<C> | undefined;

function fold<C>(args: Expr[], ring: Ring<C>, combine: Combine): Polynomial<C> | undefined {
  let result: Polynomial<C> | undefined;
  for (const arg of args) {
    const next = expand(arg, ring);
    if (next === undefined) return undefined;
    result = result === undefined ? next : combine(result, next, ring);
    if (result === undefined) return undefined;
  }
  return result;
}

function collect<C>(terms: [string, C | undefined][]): Polynomial<C> | undefined {
  return terms.some(([, c]) => c === undefined) ? undefined : new Map(terms as [string, C][]);
}

const add: Combine = (a, b, ring) => {
  const sum = new Map(a);
  for (const [monomial, c] of b) {
    const before = sum.get(monomial);
    const total = before === undefined ? c : ring.add(before, c);
    if (total === undefined) return undefined;
    sum.set(monomial, total);
  }
  return sum;
};

const multiply: Combine = <C>(a: Polynomial<C>, b: Polynomial<C>, ring: Ring<C>) => {
  if (a.size * b.size > MAX_TERMS) return undefined;
  const product: Polynomial<C> = new Map();
  for (const [m, c] of a) {
    for (const [n, d] of b) {
      const monomial = join(m, n);
      const [before, term] = [product.get(monomial), ring.multiply(c, d)];
      const total = before === undefined || term === undefined ? term : ring.add(before, term);
      if (total === undefined) return undefined;
      product.set(monomial, total);
    }
  }
  return product;
};

function join(a: string, b: string): string {
  if (a === '') return b;
  if (b === '') return a;
  const exponents = new Map<string, number>();
  for (const factor of [...a.split('\u0000'), ...b.split('\u0000')]) {
    const cut = factor.lastIndexOf('^');
    const name = factor.slice(0, cut);
    exponents.set(name, (exponents.get(name) ?? 0) + Number(factor.slice(cut + 1)));
  }
  return [...exponents]
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .map(([name, exponent]) => `${name}^${exponent}`)
    .join('\u0000');
}

/** Whether a comparison holds for the coefficients of all monomials of either. @param zero of those that are absent */
export const everyCoefficient = <C>(
  a: Polynomial<C>,
  b: Polynomial<C>,
  zero: C,
  holds: (x: C, y: C) => boolean,
): boolean =>
  [...new Set([...a.keys(), ...b.keys()])].every((monomial) => holds(a.get(monomial) ?? zero, b.get(monomial) ?? zero));

/** Whether all coefficients are exactly equal. */
export const polynomialDifferenceIsZero = (a: Polynomial, b: Polynomial): boolean =>
  everyCoefficient(a, b, 0, (x, y) => x === y);

/** Whether coefficients are equal up to the noise of double precision: 1 beside 10^12 counts, 10^-15 of the largest does not. */
export function samePolynomial(a: Polynomial, b: Polynomial): boolean {
  const largest = [...a.values(), ...b.values()].reduce(
    (most, coefficient) => Math.max(most, Math.abs(coefficient)),
    0,
  );
  return everyCoefficient(
    a,
    b,
    0,
    (x, y) => Math.abs(x - y) <= Math.max(1e-13 * Math.max(Math.abs(x), Math.abs(y)), 1e-14 * largest),
  );
}
