/** Mathematical expressions as data, and their values at a point: complex numbers in double precision, every step bounded. */

export type Expr =
  | { kind: 'number'; value: number; text: string; isFloat: boolean }
  | { kind: 'symbol'; name: string }
  | { kind: 'call'; name: string; args: Expr[] };

export interface Complex {
  re: number;
  im: number;
}

export const number = (text: string): Expr => ({
  kind: 'number',
  value: Number(text),
  text,
  isFloat: /[.e]/i.test(text),
});
export const integer = (value: number): Expr => ({ kind: 'number', value, text: String(value), isFloat: false });
export const symbol = (name: string): Expr => ({ kind: 'symbol', name });
export const call = (name: string, ...args: Expr[]): Expr => ({ kind: 'call', name, args });

/** Names of the free symbols; constants such as pi are calls without arguments. */
export function freeSymbols(expr: Expr, found: Set<string> = new Set()): Set<string> {
  if (expr.kind === 'symbol') found.add(expr.name);
  if (expr.kind === 'call') for (const arg of expr.args) freeSymbols(arg, found);
  return found;
}

export function someExpr(expr: Expr, test: (expr: Expr) => boolean): boolean {
  return test(expr) || (expr.kind === 'call' && expr.args.some((arg) => someExpr(arg, test)));
}

/** A text that is equal for equal trees. */
export function exprText(expr: Expr): string {
  if (expr.kind === 'number') return expr.text;
  if (expr.kind === 'symbol') return expr.name;
  return `${expr.name}(${expr.args.map(exprText).join(',')})`;
}

const NAN: Complex = { re: NaN, im: NaN };
const real = (re: number): Complex => ({ re, im: 0 });

const add = (a: Complex, b: Complex): Complex => ({ re: a.re + b.re, im: a.im + b.im });
const subtract = (a: Complex, b: Complex): Complex => ({ re: a.re - b.re, im: a.im - b.im });

function multiply(a: Complex, b: Complex): Complex {
  if (a.im === 0 && b.im === 0) return real(a.re * b.re);
  return { re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re };
}

export function divide(a: Complex, b: Complex): Complex {
  if (b.im === 0) return b.re === 0 ? NAN : { re: a.re / b.re, im: a.im / b.re };
  const size = b.re * b.re + b.im * b.im;
  return { re: (a.re * b.re + a.im * b.im) / size, im: (a.im * b.re - a.re * b.im) / size };
}

export const magnitude = (a: Complex): number => Math.hypot(a.re, a.im);

function exponential(a: Complex): Complex {
  const size = Math.exp(a.re);
  return a.im === 0 ? real(size) : { re: size * Math.cos(a.im), im: size * Math.sin(a.im) };
}

function logarithm(a: Complex): Complex {
  if (a.re === 0 && a.im === 0) return NAN;
  return { re: Math.log(magnitude(a)), im: Math.atan2(a.im, a.re) };
}

function power(base: Complex, exponent: Complex): Complex {
  if (exponent.im === 0) {
    if (exponent.re === 0) return real(1);
    if (base.im === 0 && (base.re >= 0 || Number.isInteger(exponent.re))) {
      return base.re === 0 && exponent.re < 0 ? NAN : real(base.re ** exponent.re);
    }
    if (Number.isInteger(exponent.re) && Math.abs(exponent.re) <= 64) {
      let result: Complex = real(1);
      for (let i = 0; i < Math.abs(exponent.re); i++) result = multiply(result, base);
      return exponent.re < 0 ? divide(real(1), result) : result;
    }
    if (exponent.re === 0.5 && base.im === 0) return { re: 0, im: Math.sqrt(-base.re) };
  }
  if (base.re === 0 && base.im === 0) return exponent.re > 0 ? real(0) : NAN;
  return exponential(multiply(exponent, logarithm(base)));
}

function sine(a: Complex): Complex {
  if (a.im === 0) return real(Math.sin(a.re));
  return { re: Math.sin(a.re) * Math.cosh(a.im), im: Math.cos(a.re) * Math.sinh(a.im) };
}

function cosine(a: Complex): Complex {
  if (a.im === 0) return real(Math.cos(a.re));
  return { re: Math.cos(a.re) * Math.cosh(a.im), im: -Math.sin(a.re) * Math.sinh(a.im) };
}

const I: Complex = { re: 0, im: 1 };
const negate = (a: Complex): Complex => ({ re: -a.re, im: a.im === 0 ? 0 : -a.im });

function arcsine(a: Complex): Complex {
  if (a.im === 0 && Math.abs(a.re) <= 1) return real(Math.asin(a.re));
  const root = power(subtract(real(1), multiply(a, a)), real(0.5));
  return negate(multiply(I, logarithm(add(multiply(I, a), root))));
}

function arctangent(a: Complex): Complex {
  if (a.im === 0) return real(Math.atan(a.re));
  const ia = multiply(I, a);
  return multiply({ re: 0, im: 0.5 }, subtract(logarithm(subtract(real(1), ia)), logarithm(add(real(1), ia))));
}

function factorial(a: Complex): Complex {
  if (a.im !== 0) return NAN;
  return real(gamma(a.re + 1));
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Lanczos approximation (g = 7); exact products for whole arguments up to 171. */
function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x <= 0) return NaN;
    if (x > 171) return Infinity;
    let product = 1;
    for (let i = 2; i < x; i++) product *= i;
    return product;
  }
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const t = x + 6.5;
  const sum = LANCZOS.reduce((total, c, i) => (i === 0 ? c : total + c / (x - 1 + i)), 0);
  return Math.sqrt(2 * Math.PI) * t ** (x - 0.5) * Math.exp(-t) * sum;
}

const hyperbolicSine = (a: Complex): Complex =>
  a.im === 0 ? real(Math.sinh(a.re)) : negate(multiply(I, sine(multiply(I, a))));
const hyperbolicCosine = (a: Complex): Complex => (a.im === 0 ? real(Math.cosh(a.re)) : cosine(multiply(I, a)));
const inverse = (a: Complex): Complex => divide(real(1), a);

function rounded(a: Complex, round: (x: number) => number): Complex {
  return { re: round(a.re), im: round(a.im) };
}

const FUNCTIONS: Record<string, (...args: Complex[]) => Complex> = {
  add: (...args) => args.reduce(add, real(0)),
  multiply: (...args) => args.reduce(multiply, real(1)),
  negate: (a = NAN) => negate(a),
  divide: (a = NAN, b = NAN) => divide(a, b),
  power: (a = NAN, b = NAN) => power(a, b),
  sqrt: (a = NAN) => power(a, real(0.5)),
  root: (a = NAN, n = NAN) => power(a, inverse(n)),
  exp: (a = NAN) => exponential(a),
  log: (a = NAN, base) => (base === undefined ? logarithm(a) : divide(logarithm(a), logarithm(base))),
  sin: (a = NAN) => sine(a),
  cos: (a = NAN) => cosine(a),
  tan: (a = NAN) => divide(sine(a), cosine(a)),
  cot: (a = NAN) => divide(cosine(a), sine(a)),
  sec: (a = NAN) => inverse(cosine(a)),
  csc: (a = NAN) => inverse(sine(a)),
  asin: (a = NAN) => arcsine(a),
  acos: (a = NAN) => subtract(real(Math.PI / 2), arcsine(a)),
  atan: (a = NAN) => arctangent(a),
  acot: (a = NAN) => arctangent(inverse(a)),
  asec: (a = NAN) => subtract(real(Math.PI / 2), arcsine(inverse(a))),
  acsc: (a = NAN) => arcsine(inverse(a)),
  sinh: (a = NAN) => hyperbolicSine(a),
  cosh: (a = NAN) => hyperbolicCosine(a),
  tanh: (a = NAN) => divide(hyperbolicSine(a), hyperbolicCosine(a)),
  asinh: (a = NAN) => logarithm(add(a, power(add(multiply(a, a), real(1)), real(0.5)))),
  acosh: (a = NAN) =>
    logarithm(add(a, multiply(power(subtract(a, real(1)), real(0.5)), power(add(a, real(1)), real(0.5))))),
  atanh: (a = NAN) => multiply(real(0.5), subtract(logarithm(add(real(1), a)), logarithm(subtract(real(1), a)))),
  abs: (a = NAN) => real(magnitude(a)),
  conjugate: (a = NAN) => ({ re: a.re, im: -a.im }),
  floor: (a = NAN) => rounded(a, Math.floor),
  ceiling: (a = NAN) => rounded(a, Math.ceil),
  factorial: (a = NAN) => factorial(a),
  binomial: (n = NAN, k = NAN) => divide(factorial(n), multiply(factorial(k), factorial(subtract(n, k)))),
  mod: (a = NAN, b = NAN) => (a.im === 0 && b.im === 0 ? real(a.re - b.re * Math.floor(a.re / b.re)) : NAN),
  min: (...args) => real(Math.min(...args.map((a) => a.re))),
  max: (...args) => real(Math.max(...args.map((a) => a.re))),
  pi: () => real(Math.PI),
  e: () => real(Math.E),
  i: () => I,
  infinity: () => real(Infinity),
};

/** Whether a function or constant has a known value. Others count as unknown functions. */
export const isKnownFunction = (name: string): boolean => Object.hasOwn(FUNCTIONS, name);

/** 32-bit FNV-1a, to give an unknown function some fixed value at its arguments. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  return state >>> 0;
}

/** A point in general position: no simple relation holds between the symbols of different names. */
export function samplePoint(name: string, round: number): Complex {
  const h = hash(`${name}#${round}`);
  const re = ((h & 0xffff) / 0xffff) * 2.4 + 0.35;
  const im = (((h >>> 16) & 0xffff) / 0xffff) * 1.1 + 0.2;
  return { re: round % 2 === 0 ? re : -re, im: round % 3 === 0 ? im : -im };
}

/** A real point; in the first rounds all symbols are positive, in the next one negative, then mixed. */
export function realPoint(name: string, round: number): Complex {
  const h = hash(`${name}@${round}`);
  const size = ((h & 0xffff) / 0xffff) * 2.4 + 0.35;
  return real(round < 4 || (round > 4 && h >>> 31 === 0) ? size : -size);
}

/** Functions that are zero only where an argument is. */
const NEVER_ZERO = new Set(['multiply', 'divide', 'power', 'exp', 'sqrt', 'root']);
/** Below it doubles lose digits, and then become zero. */
const TINY = 1e-300;
const isZero = ({ re, im }: Complex): boolean => re === 0 && im === 0;

/** The value at a point; NaN if there is none (division by zero, unbounded, too small for a double). */
export function evaluate(expr: Expr, point: (name: string) => Complex): Complex {
  if (expr.kind === 'number') return real(expr.value);
  if (expr.kind === 'symbol') return point(expr.name);
  const args = expr.args.map((arg) => evaluate(arg, point));
  const compute = FUNCTIONS[expr.name];
  if (compute !== undefined && Object.hasOwn(FUNCTIONS, expr.name)) {
    const value = compute(...args);
    return magnitude(value) < TINY && NEVER_ZERO.has(expr.name) && !args.some(isZero) ? NAN : value;
  }
  const key = args.map(({ re, im }) => `${re.toPrecision(9)},${im.toPrecision(9)}`).join(';');
  return samplePoint(`${expr.name}(${key})`, 0);
}
