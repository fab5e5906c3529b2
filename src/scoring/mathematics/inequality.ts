/** Turns inequalities in one unknown into intervals: `-1 < x \le 4` is `(-1,4]`. Texts must be normalized by latex-text. */
import { parseQuantity, type Quantity } from '../values/quantity';
import { toNumber } from '../values/rational';
import { solvedForUnknown } from './linear-inequality';

export interface Solutions {
  /** The unknown. */
  name: string;
  /** An interval or a union of intervals in LaTeX. */
  intervals: string;
}

const RELATION = /\s*(<|>|\\lt(?![a-zA-Z])|\\gt(?![a-zA-Z])|\\le(?![a-zA-Z])|\\ge(?![a-zA-Z])|\\ne(?![a-zA-Z]))\s*/;
const UNKNOWN = /^(?:[a-zA-Z](?:_\{?\w+\}?)?|[a-zA-Z]\([a-zA-Z]\)|\\theta|\\alpha|\\lambda)$/;
const SIZE = /^(?:\|\s*([a-zA-Z])\s*\||\\vert\s*([a-zA-Z])\s*\\vert)$/;
const OR =
  /\s*(?:\\text\s*\{\s*,?\s*or\s*\}|(?<![a-zA-Z])or(?![a-zA-Z])|\\c[ou]p(?![a-zA-Z])|\\lor(?![a-zA-Z])|\\vee(?![a-zA-Z]))\s*/;
const SET_BUILDER =
  /^\\?\{\s*([a-z])\s*(?:\\in\s*\\mathbb\s*(?:\{\s*R\s*\}|R)\s*)?(?:\\mid|\\vert|\||:)\s*([^]*?)\s*\\?\}$/;
const MEMBER = /^([a-zA-Z]|\\theta)\s*\\in(?![a-zA-Z])\s*([^]+)$/;
const REALS =
  /^(?:\\(?:mathbb|mathbf|Bbb)\s*(?:\{\s*R\s*\}|R)|\\text\s*\{\s*R\s*\}|ℝ|(?:\\text\s*\{\s*)?all real numbers\s*\}?)$/;
const ALL = '(-\\infty,\\infty)';
const SYMBOLS: Record<string, string> = { '\\lt': '<', '\\gt': '>', '\\le': '≤', '\\ge': '≥', '\\ne': '≠' };
const MIRRORED: Record<string, string> = { '<': '>', '>': '<', '≤': '≥', '≥': '≤', '≠': '≠' };

/** Whether the text is an interval, a union of intervals, or the real line. */
export const isIntervals = (text: string): boolean => /^[([][^]*,[^]*[)\]]$/.test(text) || REALS.test(text);

/** Words for the real line without some points: `\text{All real numbers except } 3`. */
const EXCEPT =
  /^(?:\\text\s*\{\s*)?all real numbers(?: [a-z])?,? except(?: for)?\s*\}?\s*(?:\\text\s*\{\s*)?(?:[a-z]\s*=\s*)?(-?\\frac\{[^{}]*\}\{[^{}]*\}|[^{}]+?)\s*\}?$/i;
const WITHOUT = /^([^]+?)\s*(?:\\setminus|\\backslash|-)\s*\\\{((?:[^{}]|\{[^{}]*\})+)\\\}$/;

/** Writes the real line, with or without some numbers, as intervals; leaves other texts unchanged. */
export function plainIntervals(text: string): string {
  if (REALS.test(text)) return ALL;
  const without = WITHOUT.exec(text.replace(EXCEPT, '\\mathbb{R} - \\{$1\\}'));
  if (without === null || !REALS.test(without[1] as string)) return text;
  const holes = (without[2] as string).split(',').map((hole) => ({ hole: hole.trim(), at: parseQuantity(hole) }));
  if (holes.some(({ at }) => at === undefined)) return text;
  const sorted = holes
    .map(({ hole, at }) => ({ hole, at: toNumber((at as Quantity).value) }))
    .sort((a, b) => a.at - b.at);
  const ends = ['-\\infty', ...sorted.map(({ hole }) => hole), '\\infty'];
  return ends
    .slice(1)
    .map((end, i) => `(${ends[i] as string},${end})`)
    .join(' \\cup ');
}

/** Undefined if the text is no inequality, has several unknowns, or joins inequalities by "and". */
export function solutionsOf(text: string): Solutions | undefined {
  if (text.length > 400) return undefined;
  const set = SET_BUILDER.exec(text);
  if (set !== null) {
    const inner = solutionsOf(set[2] as string);
    return inner?.name === set[1] ? inner : undefined;
  }
  const member = MEMBER.exec(text);
  if (member !== null) {
    const intervals = plainIntervals(member[2] as string);
    return isIntervals(intervals) ? { name: member[1] as string, intervals } : undefined;
  }
  const parts = text.split(OR).map((part) => oneInequality(part) ?? oneInequality(solvedForUnknown(part) ?? ''));
  const name = parts[0]?.name;
  if (name === undefined || parts.some((part) => part?.name !== name)) return undefined;
  return { name, intervals: parts.map((part) => (part as Solutions).intervals).join(' \\cup ') };
}

function oneInequality(text: string): Solutions | undefined {
  const pieces = text.split(RELATION).map((piece) => piece.trim());
  const sides = pieces.filter((_, i) => i % 2 === 0);
  const signs = pieces.filter((_, i) => i % 2 === 1).map((sign) => SYMBOLS[sign] ?? sign);
  if (signs.length < 1 || signs.length > 2 || sides.includes('') || /[=,]/.test(text)) return undefined;
  const size = sizeOf(sides, signs);
  if (size !== undefined) return size;
  const at = sides.findIndex((side) => UNKNOWN.test(side));
  const name = sides[at];
  if (name === undefined || sides.some((side, i) => i !== at && mentions(side, name))) return undefined;
  if (signs.length === 2) return at === 1 ? between(name, sides, signs) : undefined;
  const sign = at === 0 ? (signs[0] as string) : (MIRRORED[signs[0] as string] as string);
  const bound = sides[1 - at] as string;
  const intervals: Record<string, string> = {
    '<': `(-\\infty,${bound})`,
    '≤': `(-\\infty,${bound}]`,
    '>': `(${bound},\\infty)`,
    '≥': `[${bound},\\infty)`,
    '≠': `(-\\infty,${bound}) \\cup (${bound},\\infty)`,
  };
  return { name, intervals: intervals[sign] as string };
}

/** `|x| < 3`, `1 \\le |z| \\le 2`, with numbers as bounds. */
function sizeOf(sides: string[], signs: string[]): Solutions | undefined {
  const at = sides.findIndex((side) => SIZE.test(side));
  const name = SIZE.exec(sides[at] ?? '')
    ?.slice(1)
    .find(Boolean);
  const bounds = sides.filter((_, i) => i !== at);
  if (name === undefined || bounds.some((bound) => !isPositive(bound))) return undefined;
  const [outer, inner] = [`-${bounds.at(-1)}`, `-${bounds[0]}`];
  if (signs.length === 2) {
    const part = at === 1 ? between(name, sides, signs)?.intervals : undefined;
    const mirrored = part && between(name, [outer, name, inner], [...signs].reverse())?.intervals;
    return mirrored === undefined ? undefined : { name, intervals: `${mirrored} \\cup ${part}` };
  }
  const sign = at === 0 ? (signs[0] as string) : (MIRRORED[signs[0] as string] as string);
  const bound = bounds[0] as string;
  if (sign === '<' || sign === '≤') return between(name, [`-${bound}`, name, bound], [sign, sign]);
  const [close, open] = sign === '>' ? [')', '('] : [']', '['];
  return sign === '≠' ? undefined : { name, intervals: `(-\\infty,-${bound}${close} \\cup ${open}${bound},\\infty)` };
}

function isPositive(bound: string): boolean {
  const quantity = parseQuantity(bound);
  return quantity !== undefined && quantity.value.n > 0n;
}

function between(name: string, sides: string[], signs: string[]): Solutions | undefined {
  const [first, second] = signs as [string, string];
  if ('>≥'.includes(first)) {
    return between(name, [...sides].reverse(), [MIRRORED[second] as string, MIRRORED[first] as string]);
  }
  if (!'<≤'.includes(first) || !'<≤'.includes(second)) return undefined;
  const [open, close] = [first === '<' ? '(' : '[', second === '<' ? ')' : ']'];
  return { name, intervals: `${open}${sides[0]},${sides[2]}${close}` };
}

const mentions = (side: string, name: string): boolean => side.replace(/\\[a-zA-Z]+/g, ' ').includes(name);
