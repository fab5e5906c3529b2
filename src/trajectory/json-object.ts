/** JSON in what a model or a server wrote: alone, between fences, or in the middle of talk. */

export type JsonObject = Record<string, unknown>;

/** Characters that are looked through for JSON; a model's are a thousandth of it. */
const LONGEST = 100_000;
/** Brackets at which a value is looked for; each costs a look through the rest of the text. */
const MOST_STARTS = 50;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first object that can be read; undefined where there is none. */
export const jsonObjectIn = (text: string): JsonObject | undefined => jsonIn(text, /\{/g, isJsonObject);

/** The first value that begins at a match, can be read and is wanted; undefined where there is none. */
export function jsonIn<T>(text: string, begins: RegExp, isWanted: (value: unknown) => value is T): T | undefined {
  const shown = text.slice(0, LONGEST);
  let starts = 0;
  for (const { index } of shown.matchAll(begins)) {
    const value = parseJson(shown.slice(index, endOfJson(shown, index)));
    if (isWanted(value)) return value;
    if ((starts += 1) >= MOST_STARTS) return undefined;
  }
  return undefined;
}

/** The object in one line; a text that holds none is left as it is, to be shown to the model that wrote it. */
export function jsonLineOf(text: string): string {
  const written = jsonObjectIn(text);
  return written ? JSON.stringify(written) : text;
}

/** Undefined for a text that is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the bracket at `start` is closed, brackets in strings aside; `start` where it is not. */
function endOfJson(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return start;
}
