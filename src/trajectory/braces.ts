/** LaTeX groups: what a pair of braces holds. */

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
