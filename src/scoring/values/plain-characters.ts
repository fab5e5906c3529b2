/** Normalizes characters. */

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

/** Gives characters that look or mean the same one spelling: spaces, quotes, minus signs, digits, fractions. */
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
