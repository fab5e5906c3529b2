/** Compares names with values, chains of equal sides, and equations. */
import { expression } from './answer-expression';
import { assignedValue, isName } from './assignment';
import { DIFFERENT, type Comparison, type Same } from './comparison';
import { renamed } from './families';
import { LIST_SEPARATOR, splitTop } from './latex-text';
import { sameUpToFactor } from './same-expression';

const EQUALS = /=/y;

/** The two sides of an equation. A sign within braces or brackets does not count. */
function equationSides(text: string): [string, string] | undefined {
  const sides = /[<>]/.test(text) ? [] : splitTop(text, EQUALS);
  return sides.length === 2 && sides.every(Boolean) ? (sides as [string, string]) : undefined;
}

/** Turns `x = 2 + 3 = 5` into `x = 5`: the steps between a name and its value are dropped. */
function withoutWork(text: string): string {
  const sides = splitTop(text, EQUALS);
  const isOne = splitTop(text, LIST_SEPARATOR).length === 1;
  return sides.length > 2 && isOne && isName(sides[0] as string) && !/[<>]/.test(text)
    ? `${sides[0]} = ${sides.at(-1)}`
    : text;
}

/** Compares a name and its value with the value alone. */
export const compareAssignments: Comparison = (prediction, gold, depth, same) => {
  const [p, g] = [withoutWork(prediction), withoutWork(gold)];
  if (p !== prediction || g !== gold) return same(p, g, depth) ?? DIFFERENT;
  const [pIs, gIs] = [hasRelation(p), hasRelation(g)];
  if (pIs === gIs) return undefined;
  const value = assignedValue(pIs ? p : g);
  if (splitTop(pIs ? p : g, /,/y).length > 1) return undefined;
  if (value !== undefined) return same(pIs ? value : p, pIs ? g : value, depth);
  const [sides, other] = pIs ? [p.split('='), g] : [g.split('='), p];
  return isResult(sides, other, depth, same) ? 'same result' : undefined;
};

/** What a question asks for: `m+n`. */
const SUM = /^[a-z](?:\s*[-+]\s*[a-z])+$/i;

/** Compares `5 + 13 = 18` with `18`: every side must have the last one's value, except a name or a sum of names at the beginning. */
function isResult(sides: string[], value: string, depth: number, same: Same): boolean {
  const last = sides.at(-1)?.trim() ?? '';
  if (sides.length < 2 || sides.length > 6 || same(last, value, depth) === undefined) return false;
  return sides.slice(0, -1).every((side, i) => {
    const text = side.trim();
    if (i === 0 && (SUM.test(text) || (isName(text) && sides.length > 2))) return true;
    return /\d/.test(text) && same(text, last, depth) !== undefined;
  });
}

const hasRelation = (text: string): boolean => /=|\\in(?![a-zA-Z])/.test(text);

const FUNCTION = /^([a-zA-Z]\s*\(\s*)([a-zA-Z])(\s*\)\s*=)([^=]+)$/;

/** Treats `f(t) = 2t` as `f(x) = 2x`: the letter of an argument does not matter. */
function withArgumentOf(p: string, g: string): string {
  const [, head, from = '', tail, body = ''] = FUNCTION.exec(p) ?? [];
  const to = FUNCTION.exec(g)?.[2];
  const wanted = to === undefined || from === '' ? undefined : renamed(body, from, to);
  return wanted === undefined ? p : `${head}${to}${tail}${wanted}`;
}

/** Whether two equations have the same unknowns and solutions: one side minus the other is equal up to a factor. */
export const compareEquations: Comparison = (prediction, g, depth, same) => {
  const p = withArgumentOf(prediction, g);
  const [left, right] = [equationSides(p), equationSides(g)];
  if (left === undefined || right === undefined || splitTop(p, /,/y).length > 1 || splitTop(g, /,/y).length > 1)
    return undefined;
  const [a, b] = [left, right].map((sides) => expression(`(${sides[0]}) - (${sides[1]})`));
  if (a !== undefined && b !== undefined) return sameUpToFactor(a, b) ? 'same equation' : DIFFERENT;
  return left.every((side, i) => same(side, right[i] as string, depth)) ? 'same sides' : DIFFERENT;
};
