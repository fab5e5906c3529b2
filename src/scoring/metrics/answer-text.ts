/**
 * The answer inside a prediction: what a person would read as the final answer once wrappings are gone.
 *
 * @module
 */
import { lastBoxed } from '../../formats/gold';

const VULGAR: Record<string, string> = {
  '½': '1/2',
  '⅓': '1/3',
  '⅔': '2/3',
  '¼': '1/4',
  '¾': '3/4',
  '⅕': '1/5',
  '⅖': '2/5',
  '⅗': '3/5',
  '⅘': '4/5',
  '⅙': '1/6',
  '⅚': '5/6',
  '⅐': '1/7',
  '⅛': '1/8',
  '⅜': '3/8',
  '⅝': '5/8',
  '⅞': '7/8',
  '⅑': '1/9',
  '⅒': '1/10',
};
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺';
const PLAIN_SUPERSCRIPTS = '0123456789-+';

function digitOfAnyScript(char: string): string {
  const code = char.codePointAt(0) as number;
  for (let value = 0; value < 10; value++) {
    if (!/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) return String(value);
  }
  return String((code - 0xff10) % 10);
}

/** One spelling for characters that look or mean the same: spaces, quotes, minus signs, digits, fractions. */
export function plainCharacters(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[\u2018\u2019\u201b\u2032\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201f\u2033\u00ab\u00bb]/g, '"')
    .replace(/[\u2212\ufe63\uff0d]/g, '-')
    .replace(/(^\s*|[([{,=]\s*)[\u2010\u2011\u2013](?=\s?[\d.\\])/g, '$1-')
    .replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0))
    .replace(/[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒]/g, (char, at: number, all: string) =>
      /\d/.test(all[at - 1] ?? '') ? ` ${VULGAR[char]}` : (VULGAR[char] as string),
    )
    .replace(
      /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+/g,
      (run) => `^{${[...run].map((c) => PLAIN_SUPERSCRIPTS[SUPERSCRIPTS.indexOf(c)]).join('')}}`,
    )
    .replace(/(?![0-9])\p{Nd}/gu, digitOfAnyScript);
}

const ANSWER_IS = /\banswer(?:\*\*)?\s*(?:is\b\s*:?|:|=|(?<=#{1,6}[^\n]{0,20})\n)\s*/gi;

function afterAnswerIs(text: string): string | undefined {
  let end: number | undefined;
  for (const match of text.matchAll(ANSWER_IS)) end = match.index + match[0].length;
  const rest = end === undefined ? '' : text.slice(end).trim();
  const isOpen = rest.replace(PYTHON_POWER, '^').split('**').length % 2 === 0;
  return rest === '' ? undefined : isOpen ? rest.replace(/^\*\*\s*|\s*\*\*\.?$/, '') : rest;
}

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
const PYTHON_POWER = /(?<=[\w)\]])\*\*(?=[\w(+-])/g;
const TRAILING = /(?:[,;]|\\\\|I hope it is correct\.?)$/;

function unwrapOnce(text: string): string {
  const trimmed = text.trim().replace(TRAILING, '');
  for (const [open, close] of PAIRS) {
    if (trimmed.length <= open.length + close.length) continue;
    if (!trimmed.startsWith(open) || !trimmed.endsWith(close) || trimmed.endsWith(`\\${close}`)) continue;
    const inner = trimmed.slice(open.length, -close.length);
    if (!inner.replaceAll(`\\${open}`, '').replace(PYTHON_POWER, '^').includes(open)) return inner.trim();
  }
  // A final dot ends a sentence, except in "p.m." and "U.S.".
  const isInitialism = /(?:^|[\s.])[A-Za-z]\.\s?[A-Za-z]\.$/.test(trimmed);
  return !isInitialism && /[^.\s]\s*\.{1,2}$/.test(trimmed.slice(-20)) ? trimmed.slice(0, -1).trim() : trimmed;
}

/** Wrappings (emphasis, quotes, mathematics signs, a final dot) taken off until none is left. */
export function unwrap(text: string): string {
  let current = text.trim();
  for (let i = 0; i < 8; i++) {
    const next = unwrapOnce(current);
    if (next === current) break;
    current = next;
  }
  return current;
}

/** Reads a prediction as its final answer: the last box, else the last `<answer>`, else what follows "the answer is", else all of it. */
export function finalAnswer(prediction: string): string {
  const text = plainCharacters(prediction).replace(/\n[ \t]*(?:Current step|Next solution|Step):[^]*$/, '');
  const stated = lastBoxed(text) ?? /<answer>([^<>]*)<\/answer>\s*$/i.exec(text)?.[1] ?? afterAnswerIs(text) ?? text;
  return unwrap(stated);
}
