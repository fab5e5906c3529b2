/** Normalizes characters. */
import { asciiDigits } from '../../trajectory/python-text';

/** `½` as `1/2`; behind a digit it is the part of a mixed number. */
const fraction = (char: string, at: number, all: string): string =>
  `${/\d/.test(all[at - 1] ?? '') ? ' ' : ''}${char.normalize('NFKC').replace('\u2044', '/')}`;

/** Gives characters that look or mean the same one spelling: spaces, quotes, minus signs, digits, fractions. */
export function plainCharacters(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  return asciiDigits(
    text
      .normalize('NFC')
      .replace(/[\u200b-\u200d\u2060\ufeff]/g, '')
      .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
      .replace(/[\u2018\u2019\u201b\u2032\u00b4]/g, "'")
      .replace(/[\u201c\u201d\u201f\u2033\u00ab\u00bb]/g, '"')
      .replace(/[\u2212\ufe63\uff0d]/g, '-')
      .replace(/(^\s*|[([{,=]\s*)[\u2010\u2011\u2013](?=\s?[\d.\\])/g, '$1-')
      .replace(/[\uff01-\uff5e]/g, (char) => char.normalize('NFKC'))
      .replace(/[¼-¾⅐-⅞]/g, fraction)
      .replace(/[⁰¹²³⁴-⁹⁻⁺]+/g, (run) => `^{${run.replaceAll('⁻', '-').normalize('NFKC')}}`),
  );
}
