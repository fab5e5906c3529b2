/** Removes names before a value: `x = 5`, `f(x) = 2x`, `m\angle ABC = 60`, `(x,y) = (1,2)`, and coordinates given one by one. */

const TEXT = String.raw`\\text\s*\{[^{}]*\}`;
const NAMED = String.raw`[A-Z]{1,4}(?:_\{?\s*[A-Za-z\d]+\s*\}?)?`;
const NAMES: readonly string[] = [
  String.raw`[A-Za-z](?:_\{?\w+\}?)?'*`,
  String.raw`\\[a-z]{2,7}`,
  String.raw`[a-zA-Z]'{0,3}(?:\^\s*\{\s*-1\s*\})?\s*\((?:[^()={}]|${TEXT}){1,40}\)`,
  String.raw`\(\s*(?:[a-z]|\\[a-z]{2,7})\s*(?:,\s*(?:[a-z]|\\[a-z]{2,7})\s*)+\)`,
  String.raw`\|?(?:\\overline\s*\{\s*)?[A-Z]{2,3}\s*\}?\|?`,
  String.raw`(?:m\s*)?\\angle\s*\{?\s*[A-Z]{1,3}\s*\}?`,
  TEXT,
  String.raw`[A-Z][a-z]{2,15}`,
  // Ratios of named things: S_{MBCN}:S, V_1:V_2, \frac{NO}{BO}.
  String.raw`${NAMED}\s*(?::|\/)\s*${NAMED}`,
  String.raw`\\frac\s*\{\s*(?:${NAMED}|[a-z])\s*\}\s*\{\s*(?:${NAMED}|[a-z])\s*\}`,
];
const NAME = `(?:${NAMES.join('|')})`;
const ASSIGNMENT = new RegExp(String.raw`^${NAME}\s*(?:=|\\in(?![a-zA-Z]))\s*([^=]+)$`);
const NAME_ALONE = new RegExp(`^${NAME}$`);
const COORDINATE = /^([a-z](?:_\{?\d\}?)?)\s*=\s*([^=]+)$/;

/** The value of a text that is a name and its value. */
export const assignedValue = (text: string): string | undefined => ASSIGNMENT.exec(text)?.[1]?.trim();

export const isName = (text: string): boolean => NAME_ALONE.test(text);

/** `p=5,q=2; p=7,q=2` as `(5,2), (7,2)`: groups of the same names, each a point. Undefined for any other text. */
export function namedPoints(text: string): string | undefined {
  const groups = text.split(/;|\\text\s*\{\s*(?:and|or)\s*\}|\b(?:and|or)\b/).map((group) => group.split(','));
  if (groups.length < 2 || groups.some((group) => group.length < 2)) return undefined;
  const names = groups.map((group) => group.map((part) => COORDINATE.exec(part.trim())?.[1]).join());
  const points = groups.map((group) => coordinates(group.map((part) => part.trim())));
  if (points.includes(undefined) || new Set(names).size !== 1) return undefined;
  return points.map((point) => `(${(point as string[]).join(', ')})`).join(', ');
}

/** The values of `y = 4, x = 3` in the order of the names; undefined unless each part has a different name. */
export function coordinates(parts: readonly string[]): string[] | undefined {
  const found = parts.map((part) => COORDINATE.exec(part));
  if (found.length < 2 || found.includes(null)) return undefined;
  const named = new Map(found.map((match) => [match?.[1] as string, match?.[2] as string]));
  if (named.size !== parts.length) return undefined;
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
