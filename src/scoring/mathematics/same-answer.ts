/**
 * Decides whether two mathematical answers are the same: first by form (list, tuple, interval, matrix, equation, words, number in a
 * base), then by parts; numbers exactly, and the rest as expressions.
 */
import { bracedAt } from '../../trajectory/braces';
import { choiceLetter, namedLetter } from '../values/choice-letter';
import { numberInWords } from '../values/number-words';
import { comparableText, parseDate, sameDate } from '../values/plain-text';
import { parseQuantity, sameQuantity } from '../values/quantity';
import { withDecimalPoint } from '../values/written-number';
import { isKnownUnit, unitName, unitSize } from '../values/units';
import { expression, PROSE } from './answer-expression';
import { isName } from './assignment';
import { compareCollections, compareNamedTuples, compareUnions, items, sameInAnyOrder } from './collections';
import { DIFFERENT, type Comparison } from './comparison';
import { compareAssignments, compareEquations } from './equations';
import { evaluate, freeSymbols, someExpr, type Expr } from './expression';
import { compareFamilies } from './families';
import { isIntervals, plainIntervals, solutionsOf } from './inequality';
import { normaliseLatex, withoutText } from './latex-text';
import { compareLinear } from './linear-inequality';
import { compareMatrices } from './matrices';
import { compareBases, compareLongNumbers, compareRatios, compareTimes } from './notations';
import { printedPython } from './printed-python';
import { divide, isTooLong, toNumber } from '../values/rational';
import { sameExpression } from './same-expression';

/** Nested forms deeper than this are compared as text. */
const MAX_DEPTH = 8;
/** Longer answers than this are compared as text only. */
const MAX_LENGTH = 4_000;

/** Why they are the same; undefined if they are not. The texts must come from extraction/. */
export function sameMathAnswer(prediction: string, gold: string): string | undefined {
  if (prediction.trim() === gold.trim() && gold.trim() !== '') return 'same text';
  if (isTooLong(prediction, MAX_LENGTH) || isTooLong(gold, MAX_LENGTH)) return undefined;
  const [left, right] = [prediction, gold].map((text) => normaliseLatex(printedPython(text)));
  return same(MAGNITUDE.test(gold) ? withPlainMagnitude(left as string) : (left as string), right as string, 0);
}

const MAGNITUDE = /\b(?:thousand|million|billion)s?\b/i;
/** `6\text{B}` as `6B`, beside a gold answer that has such a magnitude in words; else the letter may be a unit. */
const withPlainMagnitude = (text: string): string => text.replace(/(?<=\d)\s*\\text\s*\{\s*([kKMB]|[mb]n)\s*\}/g, '$1');

const bare = (text: string): string => text.replace(/\s+/g, '');

export function same(p: string, g: string, depth: number): string | undefined {
  if (g === '' || p === '') return undefined;
  if (bare(p) === bare(g)) return 'same text';
  if (depth > MAX_DEPTH) return undefined;
  for (const compare of COMPARISONS) {
    const result = compare(p, g, depth + 1, same);
    if (result !== undefined) return result === DIFFERENT ? undefined : result;
  }
  return undefined;
}

const TEXT_COMMAND = /\\text\s*\{/;

/** Compares words: `\text{even}`, `\text{(C)}`, a letter of a choice, letters in any order. */
const compareWords: Comparison = (p, g, depth) => {
  const goldLetter = choiceLetter(g);
  if (goldLetter !== undefined)
    return (choiceLetter(p) ?? leadingLetter(p) ?? namedLetter(withoutText(p))) === goldLetter
      ? 'same letter'
      : DIFFERENT;
  const digits = isWords(g) ? numeral(withoutText(g)) : undefined;
  if (digits !== undefined) return same(p, digits, depth) ?? DIFFERENT;
  if (!isWords(g)) {
    const option = OPTION.exec(p)?.[1];
    if (option !== undefined) return same(option, g, depth) ?? DIFFERENT;
    const inner = WHOLLY_TEXT.exec(p)?.[1]?.trim();
    return inner === undefined || WHOLLY_TEXT.test(g) ? undefined : (same(inner, g, depth) ?? DIFFERENT);
  }
  const [left, right] = [withoutText(p), withoutText(g)];
  if (LETTERS.test(right)) return sameInAnyOrder(items(left), items(right), depth, same) ? 'same letters' : DIFFERENT;
  if (comparableText(left) === comparableText(right)) return 'same words';
  const [date, goldDate] = [parseDate(left), parseDate(right)];
  return date !== undefined && goldDate !== undefined && sameDate(date, goldDate) ? 'same date' : DIFFERENT;
};

/** The digits of a number in words or digits. */
const numeral = (text: string): string | undefined => (/^-?[\d.,]+$/.test(text) ? text : numberInWords(text));

const WHOLLY_TEXT = /^\\text\s*\{([^{}]*)\}$/;
const LETTERS = /^[A-Z](?:\s*,\s*[A-Z])+$/;
const LEADING_LETTER = /^(?:\\text\s*\{\s*)?\(([A-Z])\)(?=[\s}\\])(?![^]*\([A-Z]\))/;

/** The value behind a letter or behind words that end in a verb: `\text{(B)} 24`, `\text{The area is } 24`. */
const OPTION =
  /^\\text\s*\{(?:\s*\([A-Z]\)|(?![^{}]*\b(?:not|least|most|than|or)\b)[^{}]*\b(?:is|are|equals))\s*:?\s*\}\s*([^\s:}](?:(?!\\text)[^])*)$/;

/** The letter of a choice that is written out: `\text{(B)} 24`. */
const leadingLetter = (text: string): string | undefined => LEADING_LETTER.exec(text)?.[1];

function isWords(text: string): boolean {
  if (TEXT_COMMAND.test(text)) {
    const open = text.indexOf('{');
    return /^\\text/.test(text) && bracedAt(text, open)?.length === text.length - open - 2;
  }
  return /^[A-Za-z][a-z]+(?:\s[A-Za-z]+)*$/.test(text) && PROSE.test(text);
}

const UNIT = /^([^]*[^\s\\])\s*\\text\s*\{([^{}]*)\}(?:\s*\^\s*\{?([23])\}?)?$/;

const BARE_UNIT = /^([^]*(?:\\[a-zA-Z]+|[})\d]))\s+([a-z]{2,})(?:\s*\^\s*\{?\s*([23])\s*\}?)?$/;

function withUnit(text: string): RegExpExecArray | null {
  const bareUnit = BARE_UNIT.exec(text);
  return UNIT.exec(text) ?? (bareUnit !== null && isKnownUnit(bareUnit[2] as string) ? bareUnit : null);
}

/** Compares expressions with units: `12\pi \text{ cm}`. A missing unit is accepted, a different one is not. */
const compareUnits: Comparison = (p, g, depth) => {
  const [left, right] = [withUnit(p), withUnit(g)];
  if (right === null && left === null) return undefined;
  const unit = (match: RegExpExecArray): string =>
    unitName(`${match[2] as string}${match[3] === undefined ? '' : `^${match[3]}`}`);
  if (left !== null && right !== null && unit(left) !== unit(right)) {
    const [own, wanted] = [unitSize(unit(left)), unitSize(unit(right))];
    const factor = own && own.kind === wanted?.kind ? divide(own.size, wanted.size) : undefined;
    return (factor && same(`\\frac{${factor.n}}{${factor.d}}(${left[1]})`, right[1] as string, depth)) ?? DIFFERENT;
  }
  return same(left?.[1] ?? p, right?.[1] ?? g, depth) ?? DIFFERENT;
};

/** Reads `\sqrt{2} \approx 1.414`: the exact value, or the last one to compare with a decimal. `\approx 5` alone states no value. */
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

/** Compares an inequality with intervals, or two inequalities. */
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

/** Compares `2,74` with `2.74`: a comma that separates no thousands is a decimal comma if the other side is one number with a point. */
const compareDecimalCommas: Comparison = (p, g, depth) => {
  const [left, right] = [withDecimalPoint(p), withDecimalPoint(g)];
  if ((left === undefined) === (right === undefined) || !/^[^.,]*\d*\.\d+[^.,]*$/.test(left === undefined ? p : g))
    return undefined;
  return same(left ?? p, right ?? g, depth) ?? DIFFERENT;
};

const compareQuantities: Comparison = (p, g) => {
  const gold = parseQuantity(g);
  if (gold === undefined) return undefined;
  const found = parseQuantity(p);
  if (found === undefined) return undefined;
  return sameQuantity(found, gold) ? 'same number' : DIFFERENT;
};

/** The constant of an integral, which may have another letter: `\frac{x^3}{3} + C`. */
const INTEGRATION = /\+\s*[Cc]$/;
const ANY_CONSTANT = /(?<=[^\s(,]\s*)\+\s*[CcKk]$/;

const compareExpressions: Comparison = (found, g) => {
  const p = INTEGRATION.test(g) ? found.replace(ANY_CONSTANT, INTEGRATION.exec(g)?.[0] as string) : found;
  if (!/[\da-zA-Z\\]/.test(p)) return undefined;
  const b = expression(g);
  if (b === undefined) return undefined;
  if (isRoundedConstant(p, b)) return 'the same number, rounded';
  const a = expression(p);
  return a !== undefined && sameExpression(a, b) === true ? 'same expression' : undefined;
};

/** Whether a decimal with at least six places is the rounded value of a constant. */
function isRoundedConstant(p: string, gold: Expr): boolean {
  const quantity = parseQuantity(p);
  const places = quantity?.places ?? 0;
  if (quantity === undefined || places < 6 || quantity.digits < 4 || freeSymbols(gold).size > 0) return false;
  if (someExpr(gold, (expr) => expr.kind === 'call' && expr.name.endsWith('?'))) return false;
  const value = evaluate(gold, () => ({ re: NaN, im: NaN }));
  const decimals = quantity.isPercent ? places + 2 : places;
  return value.im === 0 && Math.abs(value.re - toNumber(quantity.value)) <= 0.5000001 * 10 ** -decimals;
}

const EITHER =
  /^([^]+?)\s*(?:\(\s*|,\s*)?\\?(?:text\s*\{\s*)?(?:or|i\.e\.,?|that is,?)(?:\s+equivalently,?)?\s*\}?\s+([^]+?)\)?$/;

/** Two forms of one value: `\frac{3}{4} (or 0.75)`. */
const compareForms: Comparison = (p, g, depth) => {
  const [, one, other] = EITHER.exec(p) ?? [];
  if (one === undefined || other === undefined || / or |,/.test(other)) return undefined;
  return same(one, other, depth) === undefined ? undefined : (same(one, g, depth) ?? DIFFERENT);
};

/** Compares degrees with radians: `120^\circ` with `\frac{2\pi}{3}`. */
const compareAngles: Comparison = (p, g, depth) => {
  const other = p.includes('^\\circ') ? g : p;
  if (p.includes('^\\circ') === g.includes('^\\circ') || !other.includes('\\pi')) return undefined;
  const [left, right] = [p, g].map((text) => text.replace(/(\d+(?:\.\d+)?)\s*\^\\circ/g, '(\\frac{$1\\pi}{180})'));
  return same(left as string, right as string, depth) ?? DIFFERENT;
};

const COMPARISONS: readonly Comparison[] = [
  compareForms,
  compareAngles,
  compareApproximations,
  compareFamilies,
  compareTimes,
  compareWords,
  compareDecimalCommas,
  compareLongNumbers,
  compareQuantities,
  compareBases,
  compareUnits,
  compareInequalities,
  compareLinear,
  compareNamedTuples,
  compareAssignments,
  compareEquations,
  compareUnions,
  compareMatrices,
  compareRatios,
  compareCollections,
  compareExpressions,
];
