/**
 * Expanded polynomials with coefficients in double precision, bounded in size.
 *
 * @module
 */
import type { Expr } from './expression';

/** Coefficient by monomial; a monomial is its symbols with exponents, sorted. */
export type Polynomial = Map<string, number>;

const MAX_TERMS = 2_000;
const MAX_DEGREE = 40;

/** Undefined where the expression is no polynomial in its symbols, or too large. */
export function polynomial(expr: Expr): Polynomial | undefined {
  if (expr.kind === 'number') return new Map([['', expr.value]]);
  if (expr.kind === 'symbol') return new Map([[`${expr.name}^1`, 1]]);
  const [first, second] = expr.args;
  switch (expr.name) {
    case 'add':
      return fold(expr.args, add);
    case 'multiply':
      return fold(expr.args, multiply);
    case 'negate': {
      const inner = first && polynomial(first);
      return inner && new Map([...inner].map(([monomial, c]) => [monomial, -c]));
    }
    case 'divide': {
      const [above, below] = [first && polynomial(first), second && polynomial(second)];
      const divisor = below?.size === 1 ? below.get('') : undefined;
      if (above === undefined || !divisor) return undefined;
      return new Map([...above].map(([monomial, c]) => [monomial, c / divisor]));
    }
    case 'power': {
      const base = first && polynomial(first);
      const exponent = second?.kind === 'number' ? second.value : NaN;
      if (base === undefined || !Number.isInteger(exponent) || exponent < 0 || exponent > MAX_DEGREE) return undefined;
      let result: Polynomial | undefined = new Map([['', 1]]);
      for (let i = 0; i < exponent && result !== undefined; i++) result = multiply(result, base);
      return result;
    }
    default:
      return undefined;
  }
}

function fold(args: Expr[], combine: (a: Polynomial, b: Polynomial) => Polynomial | undefined): Polynomial | undefined {
  let result: Polynomial | undefined;
  for (const arg of args) {
    const next = polynomial(arg);
    if (next === undefined) return undefined;
    result = result === undefined ? next : combine(result, next);
    if (result === undefined) return undefined;
  }
  return result;
}

function add(a: Polynomial, b: Polynomial): Polynomial {
  const sum = new Map(a);
  for (const [monomial, c] of b) sum.set(monomial, (sum.get(monomial) ?? 0) + c);
  return sum;
}

function multiply(a: Polynomial, b: Polynomial): Polynomial | undefined {
  if (a.size * b.size > MAX_TERMS) return undefined;
  const product: Polynomial = new Map();
  for (const [m, c] of a) {
    for (const [n, d] of b) {
      const monomial = join(m, n);
      product.set(monomial, (product.get(monomial) ?? 0) + c * d);
    }
  }
  return product;
}

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

/** Equal to the last bit. */
export function polynomialDifferenceIsZero(a: Polynomial, b: Polynomial): boolean {
  const monomials = new Set([...a.keys(), ...b.keys()]);
  return [...monomials].every((monomial) => (a.get(monomial) ?? 0) === (b.get(monomial) ?? 0));
}

/**
 * Equal up to the noise of double precision: a term of 1 beside coefficients of 10^12 counts, one of 10^-15 of the largest does not.
 */
export function samePolynomial(a: Polynomial, b: Polynomial): boolean {
  let largest = 0;
  for (const coefficient of [...a.values(), ...b.values()]) largest = Math.max(largest, Math.abs(coefficient));
  return [...new Set([...a.keys(), ...b.keys()])].every((monomial) => {
    const [x, y] = [a.get(monomial) ?? 0, b.get(monomial) ?? 0];
    return Math.abs(x - y) <= Math.max(1e-13 * Math.max(Math.abs(x), Math.abs(y)), 1e-14 * largest);
  });
}
