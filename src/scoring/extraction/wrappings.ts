/**
 * What stands around an answer and is no part of it: emphasis, quotes, mathematics signs, a final point.
 *
 * @module
 */

const PAIRS: readonly [string, string][] = [
  ['**', '**'],
  ['__', '__'],
  ['"', '"'],
  ["'", "'"],
  ['`', '`'],
  ['$$', '$$'],
  ['$', '$'],
  ['\\(', '\\)'],
  ['\\[', '\\]'],
];

/** `**` between operands is no emphasis. */
export const PYTHON_POWER = /(?<=[\w)\]])\*\*(?=[\w(+-])/g;
const TRAILING = /(?:[,;]|\\\\|I hope it is correct\.?)$/;

function unwrapOnce(text: string): string {
  const trimmed = text.trim().replace(TRAILING, '');
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

/** Takes wrappings off until none is left. */
export function unwrap(text: string): string {
  let current = text.trim();
  for (let i = 0; i < 8; i++) {
    const next = unwrapOnce(current);
    if (next === current) break;
    current = next;
  }
  return current;
}
