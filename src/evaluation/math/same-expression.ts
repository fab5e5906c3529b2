/**
 * Are two expressions the same function of their symbols? Polynomials by their coefficients, all else by values at several points in general position: right for
 * all that differ anywhere but in a set of measure zero (Schwartz, 1980), and bounded where simplification is not.
 *
 * @module
 */
import { divide, evaluate, freeSymbols, magnitude, samplePoint, type Complex, type Expr } from './expression';
import { polynomial, samePolynomial, type Polynomial } from './polynomial';

/** Relative; a term of 1 beside 10^8 still shows, the noise of 15 decimals does not. */
const TOLERANCE = 1e-10;
const ROUNDS = 6;
const MIN_DECIDED = 2;

/** Undefined when no point gives both a value. */
export function sameExpression(a: Expr, b: Expr): boolean | undefined {
  const isConstant = freeSymbols(a).size === 0 && freeSymbols(b).size === 0;
  if (!isConstant) {
    const [p, q] = [polynomial(a), polynomial(b)];
    if (p !== undefined && q !== undefined && isFinitePolynomial(p) && isFinitePolynomial(q))
      return samePolynomial(p, q);
  }
  let decided = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const point = (name: string): Complex => samplePoint(name, round);
    const [x, y] = [evaluate(a, point), evaluate(b, point)];
    if (isConstant && isInfinite(x) && isInfinite(y)) return x.re === y.re && x.im === y.im;
    const size = Math.max(magnitude(x), magnitude(y));
    if (!Number.isFinite(size)) continue;
    if (Math.hypot(x.re - y.re, x.im - y.im) > TOLERANCE * Math.max(size, 1e-30)) return false;
    decided++;
    if (isConstant) return true;
  }
  return decided >= MIN_DECIDED ? true : undefined;
}

const isFinitePolynomial = (terms: Polynomial): boolean => [...terms.values()].every(Number.isFinite);
const isInfinite = (value: Complex): boolean => Math.abs(value.re) === Infinity && value.im === 0;

/** Is one a constant multiple of the other, the constant not zero? So are two forms of one equation, brought to one side. */
export function sameUpToFactor(a: Expr, b: Expr): boolean {
  const symbols = [freeSymbols(a), freeSymbols(b)].map((names) => [...names].sort().join());
  if (symbols[0] !== symbols[1]) return false;
  let ratio: Complex | undefined;
  let decided = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const point = (name: string): Complex => samplePoint(name, round);
    const [x, y] = [evaluate(a, point), evaluate(b, point)];
    if (!Number.isFinite(magnitude(x)) || !Number.isFinite(magnitude(y)) || magnitude(x) === 0 || magnitude(y) === 0)
      continue;
    const here = divide(x, y);
    ratio ??= here;
    if (Math.hypot(here.re - ratio.re, here.im - ratio.im) > 1e-9 * magnitude(ratio)) return false;
    decided++;
  }
  return decided >= MIN_DECIDED;
}
