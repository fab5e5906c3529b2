/**
 * The sign and logarithm of constants, for those beyond the range of doubles: `\frac{1}{e^{2000}}` and `e^{-2001}` are both zero in double
 * precision and differ all the same.
 */
import { evaluate, type Expr } from './expression';

export interface Magnitude {
  sign: 1 | -1;
  /** Natural logarithm of the absolute value. */
  log: number;
}

/** Smaller values of a sum or a function may be the rounding error of zero. */
const SURELY_NOT_ZERO = 1e-9;
/** Rounding error of a logarithm, relative to its size. */
const NOISE = 4e-15;

const NOWHERE = { re: NaN, im: NaN };

/** Undefined if the constant is complex, may be zero, or is a sum or a function of something beyond the range of doubles. */
export function magnitudeOf(expr: Expr): Magnitude | undefined {
  if (expr.kind === 'symbol') return undefined;
  if (expr.kind === 'number') return ofDecimal(expr.text);
  const [first, second] = expr.args;
  switch (expr.name) {
    case 'negate': {
      const inner = first && magnitudeOf(first);
      return inner && { sign: inner.sign === 1 ? -1 : 1, log: inner.log };
    }
    case 'multiply':
      return product(expr.args.map(magnitudeOf));
    case 'divide':
      return product([first && magnitudeOf(first), inverse(second && magnitudeOf(second))]);
    case 'power':
      return first && second && power(first, second);
    case 'sqrt': {
      const inner = first && magnitudeOf(first);
      return inner?.sign === 1 ? { sign: 1, log: inner.log / 2 } : undefined;
    }
    case 'exp': {
      const exponent = first && realValue(first);
      return exponent === undefined ? undefined : { sign: 1, log: exponent };
    }
    case 'factorial': {
      const n = first && realValue(first);
      return n !== undefined && Number.isInteger(n) && n >= 0 ? { sign: 1, log: logFactorial(n) } : undefined;
    }
    default: {
      const value = realValue(expr);
      return value !== undefined && Math.abs(value) > SURELY_NOT_ZERO
        ? { sign: value > 0 ? 1 : -1, log: Math.log(Math.abs(value)) }
        : undefined;
    }
  }
}

/** Whether two values are equal up to the noise of their computation. */
export const sameMagnitude = (a: Magnitude, b: Magnitude, tolerance: number): boolean =>
  a.sign === b.sign &&
  (a.log === b.log ||
    Math.abs(a.log - b.log) <= Math.max(tolerance, NOISE * Math.max(Math.abs(a.log), Math.abs(b.log))));

function realValue(expr: Expr): number | undefined {
  const { re, im } = evaluate(expr, () => NOWHERE);
  return im === 0 && Number.isFinite(re) ? re : undefined;
}

/** Reads digits instead of a double, which holds 308 of them. */
function ofDecimal(text: string): Magnitude | undefined {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', part = ''] = mantissa.replace(/^[-+]/, '').split('.');
  const digits = `${whole}${part}`.replace(/^0+/, '');
  if (!/^\d+$/.test(digits)) return undefined;
  const scale = digits.length - part.length + Number(exponent);
  return { sign: text.startsWith('-') ? -1 : 1, log: Math.log(Number(`0.${digits.slice(0, 17)}`)) + scale * Math.LN10 };
}

function product(factors: (Magnitude | undefined)[]): Magnitude | undefined {
  const result: Magnitude = { sign: 1, log: 0 };
  for (const factor of factors) {
    if (factor === undefined) return undefined;
    result.sign = result.sign === factor.sign ? 1 : -1;
    result.log += factor.log;
  }
  return result;
}

const inverse = (value: Magnitude | undefined): Magnitude | undefined => value && { sign: value.sign, log: -value.log };

function power(base: Expr, exponent: Expr): Magnitude | undefined {
  const [inner, times] = [magnitudeOf(base), realValue(exponent)];
  if (inner === undefined || times === undefined || (inner.sign === -1 && !Number.isInteger(times))) return undefined;
  return { sign: inner.sign === -1 && times % 2 !== 0 ? -1 : 1, log: inner.log * times };
}

/** Stirling's series; the sum of logarithms below its range. */
function logFactorial(n: number): number {
  if (n < 64) {
    let log = 0;
    for (let i = 2; i <= n; i++) log += Math.log(i);
    return log;
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5)
  );
}
