/**
 * The reference's last comparison: both texts are read as expressions, which are equal if their difference simplifies to zero or their
 * values differ by at most 0.001. Here values at several points in general position replace the simplification.
 */
import {
  evaluate,
  exprText,
  freeSymbols,
  magnitude,
  samplePoint,
  someExpr,
  type Complex,
  type Expr,
} from '../mathematics/expression';
import { polynomial, polynomialDifferenceIsZero } from '../mathematics/polynomial';
import type * as LatexExpression from './latex-expression';
import { readPython, type PythonValue } from './python-expression';
import { isClose } from '../../trajectory/python-text';

type Reading = Expr | LatexExpression.Relation | PythonValue;

/** Reads LaTeX, else Python, else the text itself, as the reference does. */
function read(text: string): Reading {
  try {
    // Loaded on demand, since most verdicts do not need it.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return (require('./latex-expression') as typeof LatexExpression).readLatex(text);
  } catch {
    try {
      return readPython(text);
    } catch {
      return { kind: 'string', text };
    }
  }
}

const isExpr = (reading: Reading): reading is Expr =>
  reading.kind === 'number' || reading.kind === 'symbol' || reading.kind === 'call';

export function symbolicEqual(a: string, b: string): boolean {
  const [left, right] = [read(a), read(b)];
  if (isExpr(left) && isExpr(right) && differenceIsZero(left, right)) return true;
  const [x, y] = [constant(left), constant(right)];
  return x !== undefined && y !== undefined && isClose(x, y);
}

const ROUNDS = 4;

function differenceIsZero(a: Expr, b: Expr): boolean {
  if (exprText(a) === exprText(b)) return true;
  const symbols = new Set([...freeSymbols(a), ...freeSymbols(b)]);
  const isFloat = (expr: Expr): boolean => expr.kind === 'number' && expr.isFloat;
  if (symbols.size > 0 && (someExpr(a, isFloat) || someExpr(b, isFloat))) {
    // The reference keeps decimals while simplifying, so a rounding error is a difference.
    const [p, q] = [polynomial(a), polynomial(b)];
    if (p !== undefined && q !== undefined) return polynomialDifferenceIsZero(p, q);
  }
  let decided = false;
  for (let round = 0; round < ROUNDS; round++) {
    const point = (name: string): Complex => samplePoint(name, round);
    const [x, y] = [evaluate(a, point), evaluate(b, point)];
    const [size, distance] = [Math.max(magnitude(x), magnitude(y)), Math.hypot(x.re - y.re, x.im - y.im)];
    if (!Number.isFinite(size)) continue;
    if (distance > 1e-9 * size) return false;
    decided = true;
    if (symbols.size === 0) break;
  }
  return decided;
}

/** The real value of a constant; undefined for anything else. */
function constant(reading: Reading): number | undefined {
  if (reading.kind === 'string') return stringConstant(reading.text);
  if (!isExpr(reading) || freeSymbols(reading).size > 0) return undefined;
  if (someExpr(reading, (expr) => expr.kind === 'call' && /[?:]/.test(expr.name))) return undefined;
  const value = evaluate(reading, () => ({ re: NaN, im: NaN }));
  return Math.abs(value.im) > 1e-12 * Math.abs(value.re) ? undefined : value.re;
}

function stringConstant(text: string): number | undefined {
  try {
    const reading = readPython(text, true);
    return reading.kind === 'string' ? undefined : constant(reading);
  } catch {
    return undefined;
  }
}
