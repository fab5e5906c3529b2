/** Compares answers of several parts: sets and lists in any order, tuples in order, intervals with their ends, unions. */
import { depths } from '../../trajectory/braces';
import { coordinates, isName, namedPoints } from './assignment';
import { DIFFERENT, type Comparison, type Same } from './comparison';
import { LIST_SEPARATOR, splitTop } from './latex-text';

const MAX_ITEMS = 200;

const UNION = /\\c[ua]p(?![a-zA-Z])/;

const UNITE = /\\cup(?![a-zA-Z])/y;
/** A set whose elements are named one by one. */
const FINITE = /^\\\{((?:(?!\\mid|\\l?dots|\\in(?![a-zA-Z]))[^|:])*)\\\}$/;

/** `\{1,3\} \cup \{2,4\}` as one set; other sets and intervals beside them stay. */
function united(text: string): string {
  if (!/\\cup(?![a-zA-Z])/.test(text) || /\\cap(?![a-zA-Z])/.test(text)) return text;
  const parts = splitTop(text, UNITE);
  const finite = parts.filter((part) => FINITE.test(part));
  if (finite.length < 2) return text;
  const elements = finite.flatMap((part) => items(FINITE.exec(part)?.[1] ?? ''));
  const distinct = new Map(elements.map((element) => [element.replace(/\s+/g, ''), element]));
  return [...parts.filter((part) => !FINITE.test(part)), `\\{${[...distinct.values()].join(', ')}\\}`].join(' \\cup ');
}

/** Unions of intervals in any order; intersections only with intersections. */
export const compareUnions: Comparison = (prediction, gold, depth, same) => {
  const [p, g] = [united(prediction), united(gold)];
  if (p !== prediction || g !== gold) return same(p, g, depth) ?? DIFFERENT;
  if (!UNION.test(g)) return undefined;
  const operators = [p, g].map((text) => new Set(text.match(/\\c[ua]p/g)));
  if ([...(operators[1] as Set<string>)].join() !== [...(operators[0] as Set<string>)].join()) return DIFFERENT;
  const split = (text: string): string[] => splitTop(text, /\\c[ua]p(?![a-zA-Z])/y);
  return sameInAnyOrder(split(p), split(g), depth, same) ? 'same union' : DIFFERENT;
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
  if (depths(inner, '([', ')]').some((depth) => depth < 0)) return undefined;
  return { open: match[1] as string, close: match[3] as string, items: items(inner) };
}

/** Parts at commas, semicolons and "and"; `a \pm b` is two. */
export function items(text: string): string[] {
  return splitTop(text, LIST_SEPARATOR)
    .filter(Boolean)
    .flatMap((item) => (PLUS_MINUS.test(item) ? [withSigns(item, '+', '-'), withSigns(item, '-', '+')] : [item]));
}

const PLUS_MINUS = /\\(?:pm|mp)(?![a-zA-Z])/;
const withSigns = (text: string, pm: string, mp: string): string =>
  text.replace(/\\pm(?![a-zA-Z])/g, pm).replace(/\\mp(?![a-zA-Z])/g, mp);

const TUPLE = /^\(([^()=]+)\)\s*=\s*\(([^=]+)\)$/;

/** `(a,b,c) = (1,2,3)` as `a=1`, `b=2`, `c=3`. */
function namedTuple(text: string): string[] | undefined {
  const [names = [], values = []] =
    TUPLE.exec(text)
      ?.slice(1)
      .map((part) => splitTop(part, /,/y)) ?? [];
  const isNamed = names.length > 1 && names.length === values.length && names.every((name) => isName(name));
  return isNamed && new Set(names).size === names.length ? names.map((name, i) => `${name} = ${values[i]}`) : undefined;
}

/** Compares a tuple of names and of values with a list of the names and their values, in any order. */
export const compareNamedTuples: Comparison = (p, g, depth, same) => {
  const [left, right] = [namedTuple(p), namedTuple(g)];
  if ((left === undefined) === (right === undefined)) return undefined;
  const others = items(left === undefined ? p : g);
  if (namedValues(others) === undefined) return undefined;
  return sameInAnyOrder(left ?? others, right ?? others, depth, same) ? 'same values' : DIFFERENT;
};

/** A name and the set of its values. */
const MEMBERS = /^[a-zA-Z]\s*\\in\s*(\\\{[^]*\\\})$/;

/** Sets and bare lists in any order, tuples in order, intervals with their ends. */
export const compareCollections: Comparison = (p, g, depth, same) => {
  const [set, goldSet] = [MEMBERS.exec(p)?.[1], MEMBERS.exec(g)?.[1]];
  if (set !== undefined || goldSet !== undefined) return same(set ?? p, goldSet ?? g, depth) ?? DIFFERENT;
  const [points, goldPoints] = [namedPoints(p), namedPoints(g)];
  if ((points === undefined) !== (goldPoints === undefined))
    return same(points ?? p, goldPoints ?? g, depth) ?? DIFFERENT;
  const [left, right] = [bracketed(p), bracketed(g)];
  if (right !== undefined && right.items.length > 1 && !(right.open === '{' && left === undefined)) {
    const named = left === undefined && right.open === '(' && right.close === ')' ? coordinates(items(p)) : undefined;
    if (named !== undefined) return sameInOrder(named, right.items, depth, same) ? 'same coordinates' : DIFFERENT;
    if (left === undefined || left.items.length !== right.items.length) return DIFFERENT;
    if ((right.open === '{') !== (left.open === '{')) return DIFFERENT;
    if (right.open === '{') return sameInAnyOrder(left.items, right.items, depth, same) ? 'same set' : DIFFERENT;
    const isPair = right.items.length === 2;
    if (isPair && (left.open !== right.open || left.close !== right.close)) return DIFFERENT;
    return sameInOrder(left.items, right.items, depth, same) ? 'same tuple' : DIFFERENT;
  }
  const goldItems = right?.open === '{' ? right.items : items(g);
  const goldCoordinates = left?.open === '(' && left.close === ')' ? coordinates(goldItems) : undefined;
  if (left !== undefined && goldCoordinates !== undefined)
    return sameInOrder(left.items, goldCoordinates, depth, same) ? 'same coordinates' : DIFFERENT;
  const printed = PRINTED.exec(p)?.[1];
  if (printed !== undefined && right === undefined && items(printed).length === goldItems.length)
    return same(printed, g, depth) ?? DIFFERENT;
  if (left?.open === '{' && left.items.length === 1 && goldItems.length === 1 && right === undefined)
    return same(left.items[0] as string, g, depth) ?? DIFFERENT;
  if (right?.open === '{' || goldItems.length > 1) {
    const predictionItems = left?.open === '{' ? left.items : items(p);
    const named = namedValues(predictionItems) ?? namedValues(goldItems);
    if (named !== undefined) return inNamedOrder(predictionItems, goldItems, depth, same) ? 'same values' : DIFFERENT;
    return sameInAnyOrder(predictionItems, goldItems, depth, same) ? 'same list' : DIFFERENT;
  }
  return undefined;
};

export function sameInOrder(predictions: string[], golds: string[], depth: number, same: Same): boolean {
  return (
    predictions.length === golds.length &&
    golds.length <= MAX_ITEMS &&
    golds.every((gold, i) => same((predictions[i] as string).trim(), gold.trim(), depth) !== undefined)
  );
}

/** The names of `AB = 4, CD = 5`; undefined unless each part has a different name. */
function namedValues(parts: readonly string[]): string[] | undefined {
  const names = parts.map((part) => /^([^=]{1,40}?)\s*=[^=]+$/.exec(part)?.[1] ?? '');
  return names.every((name) => isName(name)) && new Set(names).size === parts.length && names.length > 1
    ? names
    : undefined;
}

/** Compares named values: in any order if both sides have names, in the order of the names if only one has. */
function inNamedOrder(predictions: string[], golds: string[], depth: number, same: Same): boolean {
  const [left, right] = [namedValues(predictions), namedValues(golds)];
  if (left === undefined || right === undefined) return sameInOrder(predictions, golds, depth, same);
  return sameInAnyOrder(predictions, golds, depth, same);
}

/** Compares a printed list, `[1331, 1728]`, with a bare one. A pair in parentheses is a point, not a list. */
const PRINTED = /^\[([^[\]]*)\]$/;

/** Removes repeated points. Repeated numbers may be a double root and stay. */
const withoutRepeatedPoints = (parts: string[]): string[] =>
  parts.every((part) => part.startsWith('(')) ? [...new Set(parts.map((part) => part.replace(/\s+/g, '')))] : parts;

/** A one-to-one assignment of equal parts. */
export function sameInAnyOrder(given: string[], wanted: string[], depth: number, same: Same): boolean {
  const [predictions, golds] = [withoutRepeatedPoints(given), withoutRepeatedPoints(wanted)];
  if (predictions.length !== golds.length || golds.length > MAX_ITEMS) return false;
  const rest = [...golds];
  return predictions.every((item) => {
    const at = rest.findIndex((gold) => same(item, gold, depth) !== undefined);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
}
