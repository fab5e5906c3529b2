/**
 * Values as Python and SymPy print them, written as mathematics: `Interval.open(1, 2)` is `(1, 2)`, `[{x: 9}]` is `x = 9`, `Matrix([[1], [2]])` is a
 * matrix. Programs print such forms, and gold answers hold the others.
 *
 * Source: docs.sympy.org, "Printing" (str printer) and "Sets"; numpy.org, NEP 51 (`np.float64(5.0)`).
 */
import { depths } from '../../trajectory/braces';
import { splitTop } from './latex-text';

const CALL =
  /^(?:(?:sp|sympy|np|numpy|S|sets)\.)?([A-Z]\w*(?:\.(?:open|Lopen|Ropen))?|array|mpf|set|(?:float|int)\d+)\(([^]*)\)$/;
const MAX_DEPTH = 6;
const COMMA = /,/y;

const WRITTEN: Record<string, (args: string[]) => string | undefined> = {
  Interval: ([low = '', high = '', leftOpen, rightOpen]) =>
    interval(low, high, leftOpen === 'True', rightOpen === 'True'),
  'Interval.open': ([low = '', high = '']) => interval(low, high, true, true),
  'Interval.Lopen': ([low = '', high = '']) => interval(low, high, true, false),
  'Interval.Ropen': ([low = '', high = '']) => interval(low, high, false, true),
  Union: (sets) => sets.join(' \\cup '),
  Intersection: (sets) => sets.join(' \\cap '),
  Complement: ([all, without]) => `${all} \\setminus ${without}`,
  FiniteSet: (members) => `\\{${members.join(', ')}\\}`,
  EmptySet: () => '\\emptyset',
  set: (members) => (members.length === 0 ? '\\emptyset' : undefined),
  Eq: ([left, right]) => `${left} = ${right}`,
  Rational: ([numerator, denominator]) =>
    denominator === undefined ? numerator : `\\frac{${numerator}}{${denominator}}`,
  Poly: ([polynomial]) => polynomial,
  And: (parts) => conjunction(parts),
  Or: (parts) => parts.join(' \\lor '),
};
const SAME_AS: Record<string, string> = { Fraction: 'Rational' };
const POINTS = /^Point(?:2D|3D)?$/;
const MATRICES = /^(?:(?:Immutable|Mutable)?(?:Dense|Sparse)?Matrix|array)$/;
const NUMBERS = /^(?:Integer|Float|Decimal|mpf|(?:float|int)\d+)$/;
const SETS: Record<string, string> = {
  EmptySet: '\\emptyset',
  Reals: '\\mathbb{R}',
  'S.Reals': '\\mathbb{R}',
  'S.EmptySet': '\\emptyset',
};

/** The text as mathematics, or unchanged where it is no such form. */
export function printedPython(text: string): string {
  return written(text.trim(), 0) ?? text;
}

/** Undefined where the text is none of these forms. */
function written(text: string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (SETS[text] !== undefined) return SETS[text];
  return (
    called(text, depth) ??
    dictionaries(text, depth) ??
    singleItem(text, depth) ??
    relations(text, depth) ??
    complex(text)
  );
}

const inner = (text: string, depth: number): string => written(text, depth + 1) ?? text;

function called(text: string, depth: number): string | undefined {
  const match = CALL.exec(text);
  if (match === null || !isOnePair(match[2] as string)) return undefined;
  const name = SAME_AS[match[1] as string] ?? (match[1] as string);
  const given = match[2] === '' ? [] : splitTop(match[2] as string, COMMA);
  if (MATRICES.test(name)) return isFlatArray(name, given[0]) ? given[0] : matrix(given[0] ?? '');
  const args = given.map((arg) => inner(unquoted(arg), depth));
  if (NUMBERS.test(name)) return args[0];
  if (POINTS.test(name)) return `(${args.join(', ')})`;
  return WRITTEN[name]?.(args);
}

/** NumPy's array of numbers is a list, SymPy's matrix of numbers a column. */
const isFlatArray = (name: string, text = ''): boolean => name === 'array' && !/\[\s*\[/.test(text);

/** Whether brackets close only what opened among them: `a) + (b` is no argument. */
function isOnePair(text: string): boolean {
  const nested = depths(text);
  return nested.every((depth) => depth >= 0) && (nested.at(-1) ?? 0) === 0;
}

const unquoted = (text: string): string => text.replace(/^(['"])(.*)\1$/, '$2');

function interval(low: string, high: string, leftOpen: boolean, rightOpen: boolean): string {
  const [isLeftOpen, isRightOpen] = [leftOpen || low === '-oo', rightOpen || high === 'oo'];
  return `${isLeftOpen ? '(' : '['}${low}, ${high}${isRightOpen ? ')' : ']'}`;
}

/** A matrix from `[[1, 2], [3, 4]]`, or a column from `[1, 2]`. */
function matrix(text: string): string | undefined {
  const rows = listItems(text)?.map((row) => listItems(row) ?? [row]);
  return rows && `\\begin{pmatrix} ${rows.map((row) => row.join(' & ')).join(' \\\\ ')} \\end{pmatrix}`;
}

/** The rows of a printed list of lists, or of one list as a column; undefined for other texts. */
export function printedMatrix(text: string): string | undefined {
  return text.startsWith('[') ? matrix(text) : undefined;
}

function listItems(text: string): string[] | undefined {
  const match = /^\[([^]*)\]$/.exec(text.trim());
  return match === null || !isOnePair(match[1] as string) ? undefined : splitTop(match[1] as string, COMMA);
}

const KEY = /^['"]?([A-Za-z]\w{0,3})['"]?$/;

/** Solutions by name: `{x: 1, y: 2}`, or a list of such. */
function dictionaries(text: string, depth: number): string | undefined {
  const solutions = (listItems(text) ?? [text]).map((one) => {
    const pairs = /^\{([^{}]*)\}$/.exec(one)?.[1];
    const read = pairs === undefined ? [] : splitTop(pairs, COMMA).map((pair) => /^([^:]+):([^:]+)$/.exec(pair));
    const named = read.map((pair) => {
      const name = KEY.exec(pair?.[1]?.trim() ?? '')?.[1];
      return name && `${name} = ${inner((pair?.[2] as string).trim(), depth)}`;
    });
    return named.length > 0 && !named.includes(undefined) ? named.join(', ') : undefined;
  });
  return solutions.includes(undefined) ? undefined : solutions.join('; ');
}

/** The only item of `(4,)`, or of a list that holds one point. */
function singleItem(text: string, depth: number): string | undefined {
  const [item, ...more] = listItems(text) ?? [];
  if (item !== undefined && more.length === 0 && /^\(.*,.*\)$/.test(item)) return inner(item, depth);
  const alone = /^\(([^(),]+),\)$/.exec(text)?.[1];
  return alone && inner(alone.trim(), depth);
}

/** `(3 <= x) & (x < oo)`, and several of these with `|`. */
function relations(text: string, depth: number): string | undefined {
  for (const [sign, join] of [
    [/\|/y, (parts: string[]) => parts.join(' \\lor ')],
    [/&/y, conjunction],
  ] as const) {
    const parts = splitTop(text, sign);
    if (parts.length < 2) continue;
    const open = parts.map((part) => /^\(([^]*)\)$/.exec(part)?.[1]);
    if (open.some((part) => part === undefined || !isOnePair(part) || !/[<>=&|]/.test(part))) return undefined;
    return join(open.map((part) => inner(part as string, depth)));
  }
  return undefined;
}

const BOUND = /^(.+?)\s*(<=?|>=?)\s*(.+)$/;

/** Joins two bounds of a name, `3 <= x` and `x < 5`; a bound at infinity says nothing. */
function conjunction(parts: readonly string[]): string | undefined {
  const told = parts.filter((part) => !/(?:^|[<>=]\s*)-?oo\b/.test(part)).map((part) => BOUND.exec(part));
  if (told.includes(null) || told.length > 2) return undefined;
  const [first, second] = told as RegExpExecArray[];
  if (!first) return '(-oo, oo)';
  if (!second) return first[0];
  const [low, high] = first[3] === second[1] ? [first, second] : [second, first];
  if (low[3] !== high[1] || low[2]?.[0] !== high[2]?.[0]) return undefined;
  return `${low[1]} ${low[2]} ${low[3]} ${high[2]} ${high[3]}`;
}

/** Python's `(2+3j)` and SymPy's `2 + 3*I`. */
function complex(text: string): string | undefined {
  const number = /^\(?([-+.\de\s]+)j\)?$/.exec(text)?.[1];
  if (number !== undefined) return `${number}i`;
  return /(?:\*I|\bI\*)(?![a-zA-Z])/.test(text) ? text.replace(/(?<![a-zA-Z\\])I(?![a-zA-Z])/g, 'i') : undefined;
}
