/** How a question wants its number rounded. */

const COUNTS: Record<string, number> = {
  zero: 0,
  no: 0,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  twenty: 20,
  hundred: 100,
  twice: 2,
  double: 2,
  triple: 3,
};
const NEAREST: Record<string, number> = {
  ten: -1,
  hundred: -2,
  thousand: -3,
  million: -6,
  billion: -9,
  tenth: 1,
  hundredth: 2,
  thousandth: 3,
};

/** @returns the number that the word says */
export const countOf = (word: string): number | undefined =>
  /^\d[\d,.]*$/.test(word) ? Number(word.replaceAll(',', '')) : COUNTS[word];

/**
 * @param text in lower case
 * @returns decimal places, -1 for the nearest ten; undefined where the question says nothing
 */
export function askedPlaces(text: string): number | undefined {
  const [, count = ''] =
    /\b(\w+) places\b/.exec(text.replace(/\bdecimal places\b/, 'places')) ??
    /\b(\w+)[ -](?:decimals?|dp\b|d\.p|(?:digits?|numbers?) (?:after|behind))/.exec(text) ??
    [];
  const places = countOf(count) ?? (count === 'a' ? 1 : undefined);
  if (places !== undefined) return places;
  const [, tens, scale] = /\bnearest (ten|hundred) (thousand|million)s?\b/.exec(text) ?? [];
  if (scale) return NEAREST[scale]! + (tens === 'ten' ? -1 : -2);
  if (
    /\bround\w*(?: it)? to (?:the |a )?(?:full |whole )?(?!nearest)\w*(?:met|mile|km|year|day|foot|euro|dollar|hour|minute|second|week|person)\w*/.test(
      text,
    )
  )
    return 0;
  const [, unit = ''] = /\bnearest (\w+?)s?\b/.exec(text) ?? [];
  if (NEAREST[unit] !== undefined) return NEAREST[unit];
  return unit !== '' ||
    /\b(?:whole(?! (?:(?:of )?(?:the )?§|height|length|way|thing|lot|area|river|course|distance|building|city|country|state|population|world)\b)|integers?|(?:round|full) numbers?|no decimals|round (?:it|off|the (?:result|answer)))\b|\brounded\)?[.?!]*$/.test(
      text,
    )
    ? 0
    : undefined;
}

/** As a person writes it: `5.08`, `4,210`. */
export function rounded(value: number, places: number): string {
  if (places >= 0) return value.toFixed(places);
  const step = 10 ** -places;
  return String(Math.round(value / step) * step);
}
