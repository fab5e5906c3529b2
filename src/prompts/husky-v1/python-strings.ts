/**
 * Reads string constants from Python source without running it: `NAME = """..."""` at the start of a line.
 * Rules: Python reference, 2.5.1 String literals. Strings with a prefix (f, r, b) are skipped; bytes and formats are not constants' text.
 */

const ASSIGNMENT = /^([A-Za-z_]\w*)[ \t]*=[ \t]*(?=["'])/my;
const PREFIXED = /[A-Za-z_]\w*/y;

/** @returns value of each string constant by name; the last assignment counts */
export function readStringConstants(source: string): Map<string, string> {
  const text = source.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const constants = new Map<string, string>();
  let at = 0;
  while (at < text.length) {
    const name = matchAt(ASSIGNMENT, text, at);
    if (name) {
      const literal = readLiteral(text, at + name[0].length);
      constants.set(name[1] ?? '', unescape(literal.body));
      at = literal.end;
    } else at = skip(text, at);
  }
  return constants;
}

/** Skips a comment, a string, a word (with a string that it prefixes) or one character. */
function skip(text: string, at: number): number {
  const character = text[at];
  if (character === '#') {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (character === '"' || character === "'") return readLiteral(text, at).end;
  return at + (matchAt(PREFIXED, text, at)?.[0].length ?? 1);
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The text between the quotes, and where the literal ends. A literal that never ends reaches to the end of the source. */
function readLiteral(text: string, start: number): { body: string; end: number } {
  const quote = text.slice(start, start + 3).match(/^("""|'''|"|')/)?.[0] ?? '"';
  let at = start + quote.length;
  while (at < text.length && !text.startsWith(quote, at)) at += text[at] === '\\' ? 2 : 1;
  return { body: text.slice(start + quote.length, at), end: Math.min(at + quote.length, text.length) };
}

const SIMPLE: Record<string, string> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** An escape that Python does not know, such as `\p`, stays with its backslash. */
function unescape(body: string): string {
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g,
    (escape: string, ...groups: (string | undefined)[]) => {
      const [x, u, long, octal, character = ''] = groups;
      const hexadecimal = x ?? u ?? long;
      if (hexadecimal !== undefined) return String.fromCodePoint(parseInt(hexadecimal, 16));
      if (octal !== undefined) return String.fromCodePoint(parseInt(octal, 8));
      return SIMPLE[character] ?? escape;
    },
  );
}
