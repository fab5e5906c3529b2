/** Normalizes characters. */
import { asciiDigits } from '../../trajectory/python-text';

/** `½` as `1/2`; behind a digit it is the part of a mixed number. */
const fraction = (char: string, at: number, all: string): string =>
  `${/\d/.test(all[at - 1] ?? '') ? ' ' : ''}${char.normalize('NFKC').replace('\u2044', '/')}`;

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{2,6})|#[xX]([\da-fA-F]{2,5}));/g;

/** Reads `AT&amp;T` and `It&#39;s` as a page shows them. */
const withoutEntities = (text: string): string =>
  text.replace(ENTITY, (all, name?: string, decimal?: string, hex?: string) => {
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal);
    return name === undefined
      ? code >= 32 && code <= 0x10ffff
        ? String.fromCodePoint(code)
        : all
      : (NAMED[name] ?? all);
  });

/** Gives characters that look or mean the same one spelling: spaces, quotes, minus signs, digits, fractions. */
export function plainCharacters(source: string): string {
  const text = withoutEntities(source);
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
