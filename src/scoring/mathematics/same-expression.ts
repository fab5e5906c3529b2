/**
 * Decides whether two expressions are the same function of their symbols: rational constants exactly, polynomials by their coefficients,
 * all others by values at several points in general position. That is right except on a set of measure zero (Schwartz, 1980), and its
 * time is bounded, unlike simplification.
 */
import { exactValue } from './exact';
import { divide, evaluate, freeSymbols, magnitude, samplePoint, someExpr, type Complex, type Expr } from './expression';
import { magnitudeOf, sameMagnitude } from './magnitude';
import { everyCoefficient, polynomial, RATIONALS, samePolynomial, type Polynomial } from './polynomial';
import { isBranched, sameOnReals } from './same-on-reals';
import { equal } from '../values/rational';

/** Relative tolerance: 1 beside 10^8 is a difference, the noise of 15 decimals is not. */
const TOLERANCE = 1e-10;
/** The rounding error of a constant that is zero, such as sin(pi). */
const ZERO = 1e-12;
const NOWHERE: Complex = { re: NaN, im: NaN };
const ROUNDS = 6;
const MIN_DECIDED = 2;

/** Undefined if both have a value at no point. */
export function sameExpression(a: Expr, b: Expr): boolean | undefined {
  const isConstant = freeSymbols(a).size === 0 && freeSymbols(b).size === 0;
  if (!isConstant) {
    const [p, q] = [polynomial(a), polynomial(b)];
    if (p !== undefined && q !== undefined && isFinitePolynomial(p) && isFinitePolynomial(q))
      return samePolynomial(p, q) && !(isLarge(p) && sameExactly(a, b) === false);
    const exact = sameExactly(a, b);
    if (exact !== undefined) return exact;
  }
  if (isConstant) {
    const [p, q] = [exactValue(a), exactValue(b)];
    if (p !== undefined && q !== undefined) return equal(p, q);
    const [x, y] = [magnitudeOf(a), magnitudeOf(b)];
    if (x !== undefined && y !== undefined) return sameMagnitude(x, y, TOLERANCE);
    if (p?.n === 0n || q?.n === 0n)
      return (x ?? y) === undefined && magnitude(evaluate(p?.n === 0n ? b : a, () => NOWHERE)) <= ZERO;
  }
  let decided = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const point = (name: string): Complex => samplePoint(name, round);
    const [x, y] = [evaluate(a, point), evaluate(b, point)];
    if (isConstant && isInfinite(x) && isInfinite(y) && isUnbounded(a) && isUnbounded(b)) return x.re === y.re;
    const size = Math.max(magnitude(x), magnitude(y));
    if (!Number.isFinite(size)) continue;
    if (Math.hypot(x.re - y.re, x.im - y.im) > TOLERANCE * size)
      return !isConstant && (isBranched(a) || isBranched(b)) && sameOnReals(a, b, TOLERANCE);
    decided++;
    if (isConstant) return true;
  }
  if (decided >= MIN_DECIDED) return true;
  return hasFactorial(a) || hasFactorial(b) ? sameOnReals(a, b, TOLERANCE) || undefined : undefined;
}

/** Factorials have no value at a complex point here. */
const hasFactorial = (expr: Expr): boolean =>
  someExpr(expr, (part) => part.kind === 'call' && (part.name === 'factorial' || part.name === 'binomial'));

/** Beside a coefficient this large, a small one would be lost in the tolerance. */
const LARGE = 1e12;
const isLarge = (terms: Polynomial): boolean => [...terms.values()].some((c) => Math.abs(c) > LARGE);

/** Compares coefficients exactly; undefined if there are none, or decimals, whose digits may be noise. */
function sameExactly(a: Expr, b: Expr): boolean | undefined {
  if ([a, b].some((expr) => someExpr(expr, (part) => part.kind === 'number' && part.isFloat))) return undefined;
  const [p, q] = [polynomial(a, RATIONALS), polynomial(b, RATIONALS)];
  return p && q && everyCoefficient(p, q, { n: 0n, d: 1n }, equal);
}

const isFinitePolynomial = (terms: Polynomial): boolean => [...terms.values()].every(Number.isFinite);
/** Without an infinity in the expression, an infinite value is only too large. */
const isUnbounded = (expr: Expr): boolean => someExpr(expr, (part) => part.kind === 'call' && part.name === 'infinity');
const isInfinite = (value: Complex): boolean => Math.abs(value.re) === Infinity && value.im === 0;

/** Whether one is a multiple of the other by a constant that is not zero. Two forms of one equation, each brought to one side, are. */
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
