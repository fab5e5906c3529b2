/**
 * Are two mathematical answers the same? First their form (list, tuple, interval, matrix, equation, words, number in a base),
 * then their parts, numbers exactly, and only what is left as expressions.
 *
 * @module
 */
import { bracedAt } from '../../formats/gold';
import { choiceLetter, namedLetter } from '../values/choice-letter';
import { numberInWords } from '../values/number-words';
import { comparableText } from '../values/plain-text';
import { parseQuantity, sameQuantity } from '../values/quantity';
import { unitName } from '../values/units';
import { assignedValue, coordinates, isName } from './assignment';
import { DIFFERENT, type Comparison } from './comparison';
import { parseExpression } from './compute-engine';
import { evaluate, freeSymbols, someExpr, type Expr } from './expression';
import { isIntervals, plainIntervals, solutionsOf } from './inequality';
import { LIST_SEPARATOR, normaliseLatex, pythonToLatex, splitTop } from './latex-text';
import { compareBases, compareRatios, compareTimes } from './notations';
import { toNumber } from '../values/rational';
import { sameExpression, sameUpToFactor } from './same-expression';

/** Nested forms deeper than this are compared as text. */
const MAX_DEPTH = 8;
const MAX_ITEMS = 200;
/** Longer answers than this are compared as text only. */
const MAX_LENGTH = 4_000;

/** Why they are the same; undefined when they are not. Texts as {@link ../metrics/answer-text} leaves them. */
export function sameMathAnswer(prediction: string, gold: string): string | undefined {
  if (prediction.trim() === gold.trim() && gold.trim() !== '') return 'same text';
  if (prediction.length > MAX_LENGTH || gold.length > MAX_LENGTH) return undefined;
  return same(normaliseLatex(prediction), normaliseLatex(gold), 0);
}

const bare = (text: string): string => text.replace(/\s+/g, '');

function same(p: string, g: string, depth: number): string | undefined {
  if (g === '' || p === '') return undefined;
  if (bare(p) === bare(g)) return 'same text';
  if (depth > MAX_DEPTH) return undefined;
  for (const compare of COMPARISONS) {
    const result = compare(p, g, depth + 1);
    if (result !== undefined) return result === DIFFERENT ? undefined : result;
  }
  return undefined;
}

const TEXT_COMMAND = /\\text\s*\{/;

/** Words: `\text{even}`, `\text{(C)}`, a letter of a choice, letters in any order. */
const compareWords: Comparison = (p, g, depth) => {
  const goldLetter = choiceLetter(g);
  if (goldLetter !== undefined)
    return (choiceLetter(p) ?? leadingLetter(p) ?? namedLetter(withoutText(p))) === goldLetter
      ? 'same letter'
      : DIFFERENT;
  const digits = isWords(g) ? numeral(withoutText(g)) : undefined;
  if (digits !== undefined) return same(p, digits, depth) ?? DIFFERENT;
  if (!isWords(g)) {
    const inner = WHOLLY_TEXT.exec(p)?.[1]?.trim();
    return inner === undefined || WHOLLY_TEXT.test(g) ? undefined : (same(inner, g, depth) ?? DIFFERENT);
  }
  const [left, right] = [withoutText(p), withoutText(g)];
  if (LETTERS.test(right)) return sameInAnyOrder(items(left), items(right), depth) ? 'same letters' : DIFFERENT;
  return comparableText(left) === comparableText(right) ? 'same words' : DIFFERENT;
};

/** The digits of a number in words or digits. */
const numeral = (text: string): string | undefined => (/^-?[\d.,]+$/.test(text) ? text : numberInWords(text));

const WHOLLY_TEXT = /^\\text\s*\{([^{}]*)\}$/;
const LETTERS = /^[A-Z](?:\s*,\s*[A-Z])+$/;
const LEADING_LETTER = /^(?:\\text\s*\{\s*)?\(([A-Z])\)(?=[\s}\\])(?![^]*\([A-Z]\))/;

/** The letter of a choice that is written out: `\text{(B)} 24`. */
const leadingLetter = (text: string): string | undefined => LEADING_LETTER.exec(text)?.[1];

const withoutText = (text: string): string => text.replace(/\\text\s*\{([^{}]*)\}/g, '$1').trim();

function isWords(text: string): boolean {
  if (TEXT_COMMAND.test(text)) {
    const open = text.indexOf('{');
    return /^\\text/.test(text) && bracedAt(text, open)?.length === text.length - open - 2;
  }
  return /^[A-Za-z][a-z]+(?:\s[A-Za-z]+)*$/.test(text) && PROSE.test(text);
}

const UNIT = /^([^]*[^\s\\])\s*\\text\s*\{([^{}]*)\}(?:\s*\^\s*\{?([23])\}?)?$/;

/** An expression with a unit behind it: `12\pi \text{ cm}`. A missing unit is no error, another one is. */
const compareUnits: Comparison = (p, g, depth) => {
  const [left, right] = [UNIT.exec(p), UNIT.exec(g)];
  if (right === null && left === null) return undefined;
  const unit = (match: RegExpExecArray): string =>
    unitName(`${match[2] as string}${match[3] === undefined ? '' : `^${match[3]}`}`);
  if (left !== null && right !== null && unit(left) !== unit(right)) return DIFFERENT;
  return same(left?.[1] ?? p, right?.[1] ?? g, depth) ?? DIFFERENT;
};

/** `\sqrt{2} \approx 1.414`: the exact value, or the last beside a decimal. `\approx 5` alone claims no value. */
const compareApproximations: Comparison = (p, g, depth) => {
  if (p.includes('\\approx') === g.includes('\\approx')) return undefined;
  const [left, right] = [approximated(p, g), approximated(g, p)];
  return same(left, right, depth) ?? DIFFERENT;
};

function approximated(text: string, other: string): string {
  const sides = text.split('\\approx').map((side) => side.trim());
  if (sides.length > 1 && isName(sides[0] as string)) sides.shift();
  return sides.at(/^-?[\d,]*\.\d+$/.test(other) ? -1 : 0) ?? '';
}

const EQUATION = /^([^=<>]+)=([^=<>]+)$/;

/** A name and its value, beside the value alone. */
const compareAssignments: Comparison = (p, g, depth) => {
  const [pIs, gIs] = [hasRelation(p), hasRelation(g)];
  if (pIs === gIs) return undefined;
  const value = assignedValue(pIs ? p : g);
  if (splitTop(pIs ? p : g, /,/y).length > 1) return undefined;
  if (value !== undefined) return same(pIs ? value : p, pIs ? g : value, depth);
  const [sides, other] = pIs ? [p.split('='), g] : [g.split('='), p];
  return isResult(sides, other, depth) ? 'same result' : undefined;
};

/** `5 + 13 = 18` beside `18`: every side has the value of the last, but for a name at the beginning. */
function isResult(sides: string[], value: string, depth: number): boolean {
  const last = sides.at(-1)?.trim() ?? '';
  if (sides.length < 2 || sides.length > 6 || same(last, value, depth) === undefined) return false;
  return sides.slice(0, -1).every((side, i) => {
    const text = side.trim();
    if (i === 0 && isName(text) && sides.length > 2) return true;
    return /\d/.test(text) && same(text, last, depth) !== undefined;
  });
}

const hasRelation = (text: string): boolean => /=|\\in(?![a-zA-Z])/.test(text);

/** Equations in the same unknowns with the same solutions: one side minus the other, up to a factor. */
const compareEquations: Comparison = (p, g, depth) => {
  const [left, right] = [EQUATION.exec(p), EQUATION.exec(g)];
  if (left === null || right === null || splitTop(p, /,/y).length > 1 || splitTop(g, /,/y).length > 1) return undefined;
  const [a, b] = [left, right].map((sides) => expression(`(${sides[1]}) - (${sides[2]})`));
  if (a !== undefined && b !== undefined) return sameUpToFactor(a, b) ? 'same equation' : DIFFERENT;
  const sides = [left, right].map((match) => [match[1] as string, match[2] as string]) as [string[], string[]];
  return sides[0].every((side, i) => same(side, sides[1][i] as string, depth)) ? 'same sides' : DIFFERENT;
};

/** An inequality and its solutions as intervals, or two inequalities. */
const compareInequalities: Comparison = (p, g, depth) => {
  const [left, right] = [solutionsOf(p), solutionsOf(g)];
  if (left !== undefined && right !== undefined) {
    const isSame = left.name === right.name && same(left.intervals, right.intervals, depth) !== undefined;
    return isSame ? 'same solutions' : DIFFERENT;
  }
  const intervals = plainIntervals(left === undefined ? p : g);
  const described = (left ?? right)?.intervals;
  if (described === undefined)
    return intervals !== p || plainIntervals(g) !== g ? same(intervals, plainIntervals(g), depth) : undefined;
  if (!isIntervals(intervals)) return undefined;
  return left === undefined ? same(intervals, described, depth) : same(described, intervals, depth);
};

const UNION = /\\c[ua]p(?![a-zA-Z])/;

/** Unions of intervals in any order; intersections only with intersections. */
const compareUnions: Comparison = (p, g, depth) => {
  if (!UNION.test(g)) return undefined;
  const operators = [p, g].map((text) => new Set(text.match(/\\c[ua]p/g)));
  if ([...(operators[1] as Set<string>)].join() !== [...(operators[0] as Set<string>)].join()) return DIFFERENT;
  const split = (text: string): string[] => splitTop(text, /\\c[ua]p(?![a-zA-Z])/y);
  return sameInAnyOrder(split(p), split(g), depth) ? 'same union' : DIFFERENT;
};

const MATRIX = /^(?:([^\s{}][^]{0,60}?)\s*)?\\begin\{([pb])matrix\}((?:(?!\\begin)[^])*)\\end\{\2matrix\}$/;

/** The entries by rows, each multiplied by the factor before the matrix. */
function matrixRows(text: string): string[][] | undefined {
  const match = MATRIX.exec(text);
  if (match === null) return undefined;
  const factor = match[1]?.replace(/\s*(?:\\cdot|\\times)\s*$/, '');
  return (match[3] as string)
    .split(/\\\\/)
    .map((row) => row.trim())
    .filter(Boolean)
    .map((row) => row.split('&').map((entry) => (factor === undefined ? entry : `(${factor}) \\times (${entry})`)));
}

const compareMatrices: Comparison = (p, g, depth) => {
  const [rows, goldRows] = [matrixRows(p), matrixRows(g)];
  if (goldRows === undefined) return undefined;
  if (rows?.length !== goldRows.length) return DIFFERENT;
  const isSame = rows.every((row, i) => sameInOrder(row, goldRows[i] as string[], depth));
  return isSame ? 'same matrix' : DIFFERENT;
};

interface Bracketed {
  open: string;
  close: string;
  items: string[];
}

function bracketed(text: string): Bracketed | undefined {
  const set = /^\\\{([^]*)\\\}$/.exec(text);
  if (set !== null) return { open: '{', close: '}', items: items(set[1] as string) };
  const angle = /^\\langle([^]*)\\rangle$/.exec(text);
  if (angle !== null) return { open: '(', close: ')', items: items(angle[1] as string) };
  const match = /^([([])([^]*)([)\]])$/.exec(text);
  if (match === null) return undefined;
  const inner = match[2] as string;
  let depth = 0;
  for (const char of inner) {
    if ('(['.includes(char)) depth++;
    else if (')]'.includes(char) && --depth < 0) return undefined;
  }
  return { open: match[1] as string, close: match[3] as string, items: items(inner) };
}

/** Parts at commas, semicolons and "and"; `a \pm b` is two. */
function items(text: string): string[] {
  return splitTop(text, LIST_SEPARATOR)
    .filter(Boolean)
    .flatMap((item) => (PLUS_MINUS.test(item) ? [withSigns(item, '+', '-'), withSigns(item, '-', '+')] : [item]));
}

const PLUS_MINUS = /\\(?:pm|mp)(?![a-zA-Z])/;
const withSigns = (text: string, pm: string, mp: string): string =>
  text.replace(/\\pm(?![a-zA-Z])/g, pm).replace(/\\mp(?![a-zA-Z])/g, mp);

/** Sets and bare lists in any order, tuples in order, intervals with their ends. */
const compareCollections: Comparison = (p, g, depth) => {
  const [left, right] = [bracketed(p), bracketed(g)];
  if (right !== undefined && right.items.length > 1 && !(right.open === '{' && left === undefined)) {
    const named = left === undefined && right.open === '(' && right.close === ')' ? coordinates(items(p)) : undefined;
    if (named !== undefined) return sameInOrder(named, right.items, depth) ? 'same coordinates' : DIFFERENT;
    if (left === undefined || left.items.length !== right.items.length) return DIFFERENT;
    if ((right.open === '{') !== (left.open === '{')) return DIFFERENT;
    if (right.open === '{') return sameInAnyOrder(left.items, right.items, depth) ? 'same set' : DIFFERENT;
    const isPair = right.items.length === 2;
    if (isPair && (left.open !== right.open || left.close !== right.close)) return DIFFERENT;
    return sameInOrder(left.items, right.items, depth) ? 'same tuple' : DIFFERENT;
  }
  const goldItems = right?.open === '{' ? right.items : items(g);
  if (right?.open === '{' || goldItems.length > 1) {
    const predictionItems = left?.open === '{' ? left.items : items(p);
    return sameInAnyOrder(predictionItems, goldItems, depth) ? 'same list' : DIFFERENT;
  }
  return undefined;
};

export function sameInOrder(predictions: string[], golds: string[], depth = 0): boolean {
  return (
    predictions.length === golds.length &&
    golds.length <= MAX_ITEMS &&
    golds.every((gold, i) => same((predictions[i] as string).trim(), gold.trim(), depth) !== undefined)
  );
}

/** A one-to-one assignment of equal parts. */
export function sameInAnyOrder(predictions: string[], golds: string[], depth = 0): boolean {
  if (predictions.length !== golds.length || golds.length > MAX_ITEMS) return false;
  const rest = [...golds];
  return predictions.every((item) => {
    const at = rest.findIndex((gold) => same(item, gold, depth) !== undefined);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}

const compareQuantities: Comparison = (p, g) => {
  const gold = parseQuantity(g);
  if (gold === undefined) return undefined;
  const found = parseQuantity(p);
  if (found === undefined) return undefined;
  return sameQuantity(found, gold) ? 'same number' : DIFFERENT;
};

/** Words of prose are no products of letters. */
const PROSE = /(?<![\\a-zA-Z])(?!(?:sqrt|sin|cos|tan|log|exp)(?![a-z]))[a-zA-Z]{4,}|\b(?:and|or|not|the|is)\b/;

function expression(text: string): Expr | undefined {
  const latex = pythonToLatex(text);
  if (PROSE.test(latex) || /\\text|[%$#@"]|\.\.\.|\\(?:pm|mp)/.test(latex)) return undefined;
  return parseExpression(latex);
}

const compareExpressions: Comparison = (p, g) => {
  if (!/[\da-zA-Z\\]/.test(p)) return undefined;
  const b = expression(g);
  if (b === undefined) return undefined;
  if (isRoundedConstant(p, b)) return 'the same number, rounded';
  const a = expression(p);
  return a !== undefined && sameExpression(a, b) === true ? 'same expression' : undefined;
};

/** A decimal with at least six places that is the exact value of a constant, rounded. */
function isRoundedConstant(p: string, gold: Expr): boolean {
  const quantity = parseQuantity(p);
  const places = quantity?.places ?? 0;
  if (quantity === undefined || places < 6 || quantity.digits < 4 || freeSymbols(gold).size > 0) return false;
  if (someExpr(gold, (expr) => expr.kind === 'call' && expr.name.endsWith('?'))) return false;
  const value = evaluate(gold, () => ({ re: NaN, im: NaN }));
  const decimals = quantity.isPercent ? places + 2 : places;
  return value.im === 0 && Math.abs(value.re - toNumber(quantity.value)) <= 0.5000001 * 10 ** -decimals;
}

const COMPARISONS: readonly Comparison[] = [
  compareApproximations,
  compareTimes,
  compareWords,
  compareQuantities,
  compareBases,
  compareUnits,
  compareInequalities,
  compareAssignments,
  compareEquations,
  compareUnions,
  compareMatrices,
  compareRatios,
  compareCollections,
  compareExpressions,
];
