/**
 * Compares functions with roots and logarithms on the real numbers. Their complex branches tell `\sqrt{ab}` and `\sqrt{a}\sqrt{b}` apart,
 * and nobody who writes such an answer means those.
 */
import { evaluate, freeSymbols, magnitude, realPoint, someExpr, type Expr } from './expression';

const BRANCHED = new Set(['sqrt', 'root', 'log', 'power']);
const ROUNDS = 10;
const MIN_DECIDED = 3;

/** Whether an expression has several branches in the complex plane. */
export const isBranched = (expr: Expr): boolean =>
  someExpr(expr, (part) => part.kind === 'call' && BRANCHED.has(part.name));

/**
 * Whether both have the same value wherever both are real. With one symbol they must be real at the same points, too: `\ln(x^2)` and
 * `2\ln x` differ. Several symbols are lengths and amounts, and their signs are not looked at.
 */
export function sameOnReals(a: Expr, b: Expr, tolerance: number): boolean {
  const isOneSymbol = new Set([...freeSymbols(a), ...freeSymbols(b)]).size === 1;
  let decided = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const [x, y] = [valueAt(a, round), valueAt(b, round)];
    if (isOneSymbol && Number.isFinite(x) !== Number.isFinite(y)) return false;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    if (Math.abs(x - y) > tolerance * Math.max(Math.abs(x), Math.abs(y))) return false;
    decided++;
  }
  return decided >= MIN_DECIDED;
}

/** NaN where the value, or a part of the expression, is not real. */
function valueAt(expr: Expr, round: number): number {
  const isReal = (part: Expr): boolean => {
    const value = evaluate(part, (name) => realPoint(name, round));
    return value.im === 0 && !Number.isNaN(magnitude(value)) && (part.kind !== 'call' || part.args.every(isReal));
  };
  return isReal(expr) ? evaluate(expr, (name) => realPoint(name, round)).re : NaN;
}
