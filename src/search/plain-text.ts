/** Makes plain text of what search services send: HTML in titles and snippets, characters that no text has. */

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  lsquo: '‘',
  rsquo: '’',
  ldquo: '“',
  rdquo: '”',
  deg: '°',
  times: '×',
  middot: '·',
  bull: '•',
  szlig: 'ß',
  euro: '€',
  pound: '£',
};
/** Marks of accents, by the second part of names such as `eacute`. */
const ACCENTS: Record<string, string> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  caron: '\u030c',
  cedil: '\u0327',
};

/** Without tags, entities, control characters and halves of characters. A `<` before a space or a digit is no tag. */
export function plainText(html: string): string {
  return html
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<\/?[a-z][^<>]*>/gi, '')
    .replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi, (entity, decimal?: string, hex?: string, name = '') => {
      if (decimal ?? hex) return character(decimal ? Number(decimal) : Number.parseInt(hex as string, 16)) ?? entity;
      const [, letter = '', accent = ''] = /^([a-z])(grave|acute|circ|tilde|uml|ring|caron|cedil)$/i.exec(name) ?? [];
      return letter
        ? `${letter}${ACCENTS[accent.toLowerCase()]}`.normalize('NFC')
        : (NAMED[name.toLowerCase()] ?? entity);
    })
    .replace(/[\p{Cc}\p{Cs}]/gu, (sign) => (sign === '\n' || sign === '\t' ? ' ' : ''))
    .replaceAll('\u00a0', ' ');
}

const character = (code: number) => (code > 0 && code <= 0x10_ffff ? String.fromCodePoint(code) : undefined);

/** At most `words` words and `characters` characters, for services that refuse longer queries. */
export const shortQuery = (query: string, characters: number, words = Infinity): string =>
  query
    .split(/\s+/)
    .slice(0, words === Infinity ? undefined : words)
    .join(' ')
    .slice(0, characters);
