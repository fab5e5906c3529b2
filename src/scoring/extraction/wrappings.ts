/** Removes wrappings around an answer: emphasis, quotes, mathematics signs, a final point. */

const PAIRS: readonly [string, string][] = [
  ['```', '```'],
  ['**', '**'],
  ['__', '__'],
  ['"', '"'],
  ['\\"', '\\"'],
  ["'", "'"],
  ['`', '`'],
  ['$$', '$$'],
  ['$', '$'],
  ['\\(', '\\)'],
  ['\\[', '\\]'],
];

/** `**` between operands is no emphasis. */
export const PYTHON_POWER = /(?<=[\w)\]])\*\*(?=[\w(+-])/g;
/** Emphasis within a sentence: `James runs **540 meters** a week`. */
const EMPHASIS = /(?<![\w)\]*])\*\*(?=[^\s*])([^*\n]+?)(?<=\S)\*\*(?![\w(*])/g;

/** Other marks of emphasis: `*10*`, `__10__`, `\textbf{10}`. */
const OTHER_EMPHASIS =
  /(?<=^|\s)(?:\*([^*\s](?:[^*\n]{0,60}[^*\s])?)\*|__([^_\n]{1,60})__|\\text(?:bf|it)\{([^{}]{1,60})\})(?=[\s.,!]|$)/g;

export const withoutEmphasis = (text: string): string =>
  text
    .replace(EMPHASIS, '$1')
    .replace(OTHER_EMPHASIS, (_, ...inner: (string | undefined)[]) => inner.slice(0, 3).find(Boolean) ?? '');

/** `✅ 540 meters` */
const PICTURES = /^(?:\p{Extended_Pictographic}\ufe0f?\s*)+(?=.)/u;
const TRAILING = /(?:(?<!\\)[,;]|[。！]|\\[,;:!](?=$)|\\\\|I hope it is correct\.?)$/;

function unwrapOnce(text: string): string {
  const trimmed = text.trim().replace(PICTURES, '').replace(TRAILING, '');
  for (const [open, close] of PAIRS) {
    if (trimmed.length <= open.length + close.length) continue;
    if (!trimmed.startsWith(open) || !trimmed.endsWith(close) || trimmed.endsWith(`\\${close}`)) continue;
    const inner = trimmed.slice(open.length, -close.length);
    if (!inner.replaceAll(`\\${open}`, '').replace(PYTHON_POWER, '^').includes(open)) return inner.trim();
  }
  // A final point ends a sentence, except in "p.m." and "U.S.".
  const isInitialism = /(?:^|[\s.])[A-Za-z]\.\s?[A-Za-z]\.$/.test(trimmed);
  return !isInitialism && /[^.\s]\s*\.{1,2}$/.test(trimmed.slice(-20)) ? trimmed.slice(0, -1).trim() : trimmed;
}

/** Removes all wrappings; a list becomes one line. */
export function unwrap(text: string): string {
  let current = text.trim();
  for (let i = 0; i < 8; i++) {
    const next = unwrapOnce(current);
    if (next === current) break;
    current = next;
  }
  return asOneLine(current);
}

const ITEM = /^\s*(?:[-*•]\s+|\d{1,2}[.)]\s+)/;
const QUOTED = /^[[({]\s*(['"])(?![^'"]*['"]\s*:)[^]*\1\s*,?\s*[\])}]$/;

/** The elements of a list, tuple or set of texts as a program prints it: `['Paris', 'London']`. */
export function printedList(text: string): string[] | undefined {
  if (!QUOTED.test(text) || text.length > 2_000) return undefined;
  return text
    .slice(1, -1)
    .split(/(?<=['"])\s*,|,(?=\s*['"])|,(?=\s+\d)/)
    .map((part) => part.trim().replace(/^(['"])([^]*)\1$/, '$2'));
}

/** Writes a list with bullets or numbers, or a printed one, on one line: `1331, 1728`. */
function asOneLine(text: string): string {
  const printed = printedList(text);
  if (printed !== undefined) return printed.join(', ');
  if (!text.includes('\n') || !ITEM.test(text)) return text;
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => ITEM.test(line))
    ? lines.map((line) => line.replace(ITEM, '').trim()).join(', ')
    : text;
}
