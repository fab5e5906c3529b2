/** Pairs of braces and brackets: what they hold, and how deep they are nested. */

/** The text between the brace at an index and its partner; undefined where it has none. */
export function bracedAt(text: string, open: number): string | undefined {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '{') depth++;
    else if (text[i] === '}' && --depth === 0) return text.slice(open + 1, i);
  }
  return undefined;
}

/**
 * How many brackets are open behind each character; below 0 more have been closed than opened.
 *
 * @param open signs that begin a pair, `close` those that end one @default all brackets and braces
 */
export function depths(text: string, open = '([{', close = ')]}'): number[] {
  let depth = 0;
  return text.split('').map((char) => (depth += Number(open.includes(char)) - Number(close.includes(char))));
}
