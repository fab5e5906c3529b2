/**
 * Names before a value: `x = 5`, `f(x) = 2x`, `m\angle ABC = 60`, `(x,y) = (1,2)`, and coordinates given one by one.
 *
 * @module
 */

const TEXT = String.raw`\\text\s*\{[^{}]*\}`;
const NAMES: readonly string[] = [
  String.raw`[A-Za-z](?:_\{?\w+\}?)?'*`,
  String.raw`\\[a-z]{2,7}`,
  String.raw`[a-zA-Z]'{0,3}(?:\^\s*\{\s*-1\s*\})?\s*\((?:[^()={}]|${TEXT}){1,40}\)`,
  String.raw`\(\s*[a-z]\s*(?:,\s*[a-z]\s*)+\)`,
  String.raw`\|?(?:\\overline\s*\{\s*)?[A-Z]{2,3}\s*\}?\|?`,
  String.raw`(?:m\s*)?\\angle\s*\{?\s*[A-Z]{1,3}\s*\}?`,
  TEXT,
  String.raw`[A-Z][a-z]{2,15}`,
];
const NAME = `(?:${NAMES.join('|')})`;
const ASSIGNMENT = new RegExp(String.raw`^${NAME}\s*(?:=|\\in(?![a-zA-Z]))\s*([^=]+)$`);
const NAME_ALONE = new RegExp(`^${NAME}$`);
const COORDINATE = /^([a-z](?:_\{?\d\}?)?)\s*=\s*([^=]+)$/;

/** The value of a text that is a name and its value. */
export const assignedValue = (text: string): string | undefined => ASSIGNMENT.exec(text)?.[1]?.trim();

export const isName = (text: string): boolean => NAME_ALONE.test(text);

/** The values of `x = 3, y = 4` in the order of the names; undefined unless each part has a name of its own. */
export function coordinates(parts: readonly string[]): string[] | undefined {
  const found = parts.map((part) => COORDINATE.exec(part));
  if (found.length < 2 || found.includes(null)) return undefined;
  const named = new Map(found.map((match) => [match?.[1] as string, match?.[2] as string]));
  if (named.size !== parts.length) return undefined;
  return [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
