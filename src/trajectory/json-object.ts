/**
 * The JSON object in what a model wrote: alone, between fences, or in the middle of talk.
 *
 * @module
 */

export type JsonObject = Record<string, unknown>;

/** Texts that are looked through for an object; a model's are a thousandth of it. */
const LONGEST = 100_000;
/** Braces at which an object is looked for; each costs a look through the rest of the text. */
const MOST_STARTS = 50;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first object that can be read; undefined where there is none. */
export function jsonObjectIn(text: string): JsonObject | undefined {
  const shown = text.slice(0, LONGEST);
  let at = shown.indexOf('{');
  for (let starts = 0; at >= 0 && starts < MOST_STARTS; starts += 1) {
    const end = endOfObject(shown, at);
    const read = end < 0 ? undefined : parsed(shown.slice(at, end));
    if (read) return read;
    at = shown.indexOf('{', at + 1);
  }
  return undefined;
}

/** The object in one line; a text that holds none is left as it is, to be shown to the model that wrote it. */
export function jsonLineOf(text: string): string {
  const written = jsonObjectIn(text);
  return written ? JSON.stringify(written) : text;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Where the brace at `start` is closed, braces in strings aside; -1 where it is not. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{') depth += 1;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return -1;
}
