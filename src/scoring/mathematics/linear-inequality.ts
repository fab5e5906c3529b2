/** Compares inequalities up to a factor and the order of their sides: `-x > -1` is `x < 1`, `x + y \\le 2` is `2 \\ge x + y`. */
import * as Q from '../values/rational';
import type { Rational } from '../values/rational';
import { expression } from './answer-expression';
import { DIFFERENT, type Comparison } from './comparison';
import { everyCoefficient, polynomial, RATIONALS, type Polynomial } from './polynomial';

const ONE = /^([^<>=]+?)\s*(<|>|\\le(?![a-zA-Z])|\\ge(?![a-zA-Z]))\s*([^<>=]+)$/;
const RELATION = /\\(?:le|ge)(?![a-zA-Z])/;

interface Form {
  isStrict: boolean;
  /** A polynomial that is positive or zero if the inequality holds. It is scaled so that the first coefficient of a symbol is 1 or -1. */
  terms: Polynomial<Rational>;
}

function formOf(text: string): Form | undefined {
  const match = ONE.exec(text);
  if (match === null || RELATION.test(match[3] as string)) return undefined;
  const [, left = '', sign = '', right = ''] = match;
  const isGreater = sign === '>' || sign === '\\ge';
  const difference = expression(isGreater ? `(${left}) - (${right})` : `(${right}) - (${left})`);
  const terms = difference && polynomial(difference, RATIONALS);
  if (terms === undefined) return undefined;
  const kept = [...terms].filter(([, c]) => !Q.isZero(c)).sort(([a], [b]) => (a < b ? -1 : 1));
  const first = kept.find(([monomial]) => monomial !== '')?.[1];
  if (first === undefined) return undefined;
  const factor = first.n < 0n ? Q.negate(first) : first;
  const scaled = kept.map(([monomial, c]): [string, Rational] => [monomial, Q.divide(c, factor) as Rational]);
  return { isStrict: sign === '<' || sign === '>', terms: new Map(scaled) };
}

/** Turns `-2x \\ge 6` into `x \\le -3`; undefined for several unknowns or powers. */
export function solvedForUnknown(text: string): string | undefined {
  const form = formOf(text);
  const symbols = [...(form?.terms.keys() ?? [])].filter((monomial) => monomial !== '');
  const [name] = /^[a-zA-Z](?=\^1$)/.exec(symbols[0] ?? '') ?? [];
  if (form === undefined || symbols.length !== 1 || name === undefined) return undefined;
  const constant = form.terms.get('') ?? { n: 0n, d: 1n };
  const isBelow = (form.terms.get(symbols[0] as string) as Rational).n < 0n;
  const bound = isBelow ? constant : Q.negate(constant);
  const sign = isBelow ? (form.isStrict ? '<' : '\\le') : form.isStrict ? '>' : '\\ge';
  return `${name} ${sign} ${bound.d === 1n ? bound.n : `\\frac{${bound.n}}{${bound.d}}`}`;
}

export const compareLinear: Comparison = (p, g) => {
  const right = formOf(g);
  const left = right && formOf(p);
  if (left === undefined || right === undefined) return undefined;
  const isSame =
    left.isStrict === right.isStrict && everyCoefficient(left.terms, right.terms, { n: 0n, d: 1n }, Q.equal);
  return isSame ? 'same inequality' : DIFFERENT;
};
