/**
 * Parses LaTeX by Cortex compute-engine's parser. The engine itself is not loaded: that takes five times as long, and the time of its
 * simplification has no bound. Only texts of bounded length and depth are parsed.
 */
import type { LatexSyntax } from '@cortex-js/compute-engine/latex-syntax' with { 'resolution-mode': 'import' };
import { depths } from '../../trajectory/braces';
import { call, integer, number, symbol, type Expr } from './expression';

const MAX_LENGTH = 600;
const MAX_DEPTH = 24;
const MAX_CACHED = 20_000;

let parser: LatexSyntax | undefined;

function latexParser(): LatexSyntax {
  if (parser === undefined) {
    // Loaded on demand, since most verdicts do not need it.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const library = require('@cortex-js/compute-engine/latex-syntax') as { LatexSyntax: new () => LatexSyntax };
    parser = new library.LatexSyntax();
  }
  return parser;
}

/** Deepest nesting of brackets and braces, and of commands that take arguments without them. */
function isBounded(latex: string): boolean {
  if (latex.length > MAX_LENGTH || depths(latex).some((depth) => depth > MAX_DEPTH)) return false;
  return !/(?:\\[a-zA-Z]+\s*){12}|[-+!^]{12}/.test(latex);
}

const parsed = new Map<string, Expr | undefined>();

/** The expression of a text; undefined if it has no value, or is too long or deep. */
export function parseExpression(latex: string): Expr | undefined {
  if (!parsed.has(latex)) {
    if (parsed.size > MAX_CACHED) parsed.clear();
    parsed.set(latex, isBounded(latex) ? parseNow(latex) : undefined);
  }
  return parsed.get(latex);
}

class NotComparable extends Error {}

function parseNow(latex: string): Expr | undefined {
  try {
    return convert(latexParser().parse(latex) as unknown);
  } catch {
    return undefined;
  }
}

const CONSTANTS: Record<string, Expr> = {
  Pi: call('pi'),
  ExponentialE: call('e'),
  e: call('e'),
  ImaginaryUnit: call('i'),
  i: call('i'),
  PositiveInfinity: call('infinity'),
  NegativeInfinity: call('negate', call('infinity')),
};

/** Heads that are named as our functions are. */
const OURS = `Add Negate Multiply Divide Power Sqrt Root Exp Log Abs Floor Factorial Binomial Sin Cos Tan Cot Sec
    Csc Sinh Cosh Tanh Conjugate`.split(/\s+/);
const HEADS: Record<string, string> = {
  ...Object.fromEntries(OURS.map((head) => [head, head.toLowerCase()])),
  Rational: 'divide',
  Ln: 'log',
  Ceil: 'ceiling',
  Choose: 'binomial',
  Arcsin: 'asin',
  Arccos: 'acos',
  Arctan: 'atan',
  OverBar: 'overline?',
};

/** Sums and integrals: equal if body and bounds are equal; they are never computed. */
const OPAQUE = new Set(['Sum', 'Product', 'Integrate', 'Tuple', 'Limits']);

function convert(json: unknown): Expr {
  if (typeof json === 'number') return number(String(json));
  if (typeof json === 'string') return CONSTANTS[json] ?? symbol(json);
  if (!Array.isArray(json)) {
    const text = (json as { num?: unknown }).num;
    if (typeof text !== 'string' || !Number.isFinite(Number(text))) throw new NotComparable();
    return number(/^-?\d+$/.test(text) ? text : String(Number(text)));
  }
  const [head, ...rest] = json as [unknown, ...unknown[]];
  if (typeof head !== 'string' || head === 'Error') throw new NotComparable();
  if (head === 'Delimiter' || (head === 'Sequence' && rest.length === 1)) {
    if (rest.length > 1 && typeof rest[1] !== 'string' && !(rest[1] as { str?: string }).str) throw new NotComparable();
    return convert(rest[0]);
  }
  if (head === 'Subscript' || head === 'At') return symbol(JSON.stringify(json));
  const args = rest.map(convert);
  if (head === 'InvisibleOperator') return invisibleProduct(args);
  if (head === 'Subtract') {
    const [first, ...others] = args;
    return call('add', first as Expr, ...others.map((other) => call('negate', other)));
  }
  if (head === 'Square') return call('power', args[0] as Expr, integer(2));
  if (head === 'Lb') return call('log', args[0] as Expr, integer(2));
  if (head === 'Log' && args.length === 1) return call('log', args[0] as Expr, integer(10));
  const name = HEADS[head];
  if (name === undefined && /^[A-Z]\w{2,}/.test(head) && !OPAQUE.has(head)) throw new NotComparable();
  return call(name ?? `${head}?`, ...args);
}

/** Factors side by side; a whole number before a proper numeric fraction is a mixed number. */
function invisibleProduct(args: Expr[]): Expr {
  const [whole, part] = args;
  if (args.length === 2 && whole?.kind === 'number' && !whole.isFloat && isProperFraction(part)) {
    return call('add', whole, part as Expr);
  }
  return args.length === 1 ? (args[0] as Expr) : call('multiply', ...args);
}

function isProperFraction(expr: Expr | undefined): boolean {
  if (expr?.kind !== 'call' || expr.name !== 'divide') return false;
  const [above, below] = expr.args;
  return above?.kind === 'number' && below?.kind === 'number' && Math.abs(above.value) < Math.abs(below.value);
}
