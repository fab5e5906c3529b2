/** Recognizes units behind numbers, normalizes their names and knows their sizes. */
import * as Q from './rational';
import type { Rational } from './rational';

/** Units, each with its abbreviations and other spellings. `celsius` is no plural. */
const SPELLINGS = `
  meter m metre, kilometer km kilometre, centimeter cm centimetre, millimeter mm millimetre, inch in inches, foot ft feet, yard yd, mile mi,
  gram g gm, kilogram kg, milligram mg, lb lbs, ounce oz, liter l litre, milliliter ml millilitre,
  second s sec secs, minute min mins, hour h hr hrs, year yr yrs, century centuries, degree deg, celsius celsius,
  square sq, cubic cu, euro eur, yen jpy, rupee rs inr, kilobyte kb, megabyte mb, gigabyte gb, terabyte tb`;
const FULL_UNITS = new Map([
  ...SPELLINGS.trim()
    .split(/,\s+/)
    .map((line) => line.split(' '))
    .flatMap(([unit = '', ...others]) => others.map((other): [string, string] => [other, unit])),
  ['kwh', 'kilowatt hour'],
  ['kilowatt-hour', 'kilowatt hour'],
  ['mph', 'mile per hour'],
  ['kph', 'kilometer per hour'],
]);

function singular(word: string): string {
  const one = word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
  return FULL_UNITS.get(word) ?? FULL_UNITS.get(one) ?? one;
}

/** Exact sizes of units by what they measure. A month has no number of days. */
const SIZES: Record<string, Record<string, string>> = {
  length: {
    millimeter: '0.001',
    centimeter: '0.01',
    meter: '1',
    kilometer: '1000',
    inch: '0.0254',
    foot: '0.3048',
    yard: '0.9144',
    mile: '1609.344',
  },
  mass: {
    milligram: '0.001',
    gram: '1',
    kilogram: '1000',
    ounce: '28.349523125',
    pound: '453.59237',
    lb: '453.59237',
    tonne: '1000000',
  },
  volume: {
    milliliter: '0.001',
    liter: '1',
    cup: '0.2365882365',
    pint: '0.473176473',
    quart: '0.946352946',
    gallon: '3.785411784',
  },
  time: { second: '1', minute: '60', hour: '3600', day: '86400', week: '604800' },
  calendar: { month: '1', year: '12', decade: '120', century: '1200' },
  money: { cent: '0.01', dollar: '1' },
};
const SIZE_OF = new Map(
  Object.entries(SIZES).flatMap(([kind, sizes]) =>
    Object.entries(sizes).map(([name, size]) => [name, { kind, size: Q.parseDecimal(size) as Rational }] as const),
  ),
);

export interface UnitSize {
  /** What it measures: `length`, `length per time`, `length ^2`. */
  kind: string;
  size: Rational;
  /** Where its zero lies, in the size's measure: a temperature's in kelvin. */
  zero?: Rational;
}

/** The size of a unit from {@link unitName}, also of squares, cubes and rates; undefined if a word of it has none. */
export function unitSize(unit: string): UnitSize | undefined {
  const temperature = TEMPERATURES[unit];
  if (temperature !== undefined) return { kind: 'temperature', ...temperature };
  let [size, isBelow]: [Rational, boolean] = [{ n: 1n, d: 1n }, false];
  let last: Rational | undefined;
  const kinds: string[] = [];
  for (const word of unit === '' ? [] : unit.split(' ')) {
    const power = /^\^([23])$/.exec(word);
    const known = SIZE_OF.get(word);
    if (word === 'per' && last !== undefined && !isBelow) isBelow = true;
    else if (power !== null && last !== undefined)
      for (let i = 1; i < Number(power[1]); i++) size = Q.multiply(size, last);
    else if (known === undefined) return undefined;
    else {
      last = isBelow ? (Q.divide({ n: 1n, d: 1n }, known.size) as Rational) : known.size;
      size = Q.multiply(size, last);
    }
    kinds.push(known?.kind ?? word);
  }
  return last && { kind: kinds.join(' '), size };
}

const TEMPERATURES: Record<string, Pick<UnitSize, 'size' | 'zero'>> = {
  kelvin: { size: { n: 1n, d: 1n } },
  celsius: { size: { n: 1n, d: 1n }, zero: { n: 27_315n, d: 100n } },
  fahrenheit: { size: { n: 5n, d: 9n }, zero: { n: 45_967n, d: 180n } },
};

const UNIT_NAMES = new Set([...FULL_UNITS.values(), ...SIZE_OF.keys()]);

/** Words that are always units; `in` is not, because it is also a preposition. */
export const isKnownUnit = (word: string): boolean =>
  word.length > 1 && word !== 'in' && UNIT_NAMES.has(singular(word.toLowerCase()));

/** One name for one unit, singular and in lower case: `sq. ft`, `feet^2` and `\text{ square feet}` are `foot ^2`. */
export function unitName(text: string): string {
  const words = text
    .replace(/\\(?:text|mbox|mathrm|textrm|operatorname)\s*\{([^{}]*)\}/g, ' $1 ')
    .replace(/\\[ ,;:!]|~/g, ' ')
    .toLowerCase()
    .replace(/[.]/g, '')
    .replace(/\/\s*h(?![a-z])/g, ' per hour ')
    .replace(/\/\s*s(?![a-z])/g, ' per second ')
    .replaceAll('/', ' per ')
    .replace(/\s(?:long|tall|wide|high|deep|thick|old|away)$/, '')
    .replace(/²|³/g, (sign) => (sign === '²' ? ' ^2' : ' ^3'))
    .replace(/\s*\^\s*\{?\s*([23])\s*\}?/g, ' ^$1 ')
    .trim()
    .split(/\s+/)
    .filter(Boolean)
    .map(singular)
    .join(' ');
  if (/^(?:british )?pound sterling$|^gbp$/.test(words)) return '£';
  return words.replace(/\b(square|cubic) ([a-z]+)/g, (_, power, name) => `${name} ${power === 'square' ? '^2' : '^3'}`);
}

export const DEGREE = /^(?:\^\s*\{?\s*\\?(?:circ|degree)\s*\}?|°|\\degree)/;
/** Letters, powers and strokes, whatever they mean. */
export const UNIT =
  /^(?:[\p{L}.'²³/ -]|\\(?:text|mbox|mathrm|textrm|operatorname)\s*\{[^{}]*\}|\\[ ,;:!]|~|\^\s*\{?[23]\}?|\((?!(?:in )?(?:dozen|hundred|thousand|[mbtr]+illion)s?\))[\p{L} ]{3,}\))*$/u;
/** Units that are as short as products of variables. */
const SHORT_UNIT =
  /^(?:cm|mm|km|nm|kg|gm|mg|lbs?|oz|ft|in|mi|yds?|yrs?|hrs?|mins?|secs?|ml|am|pm|sq|cu|kw|mw|gb|mb|tb|kb|hz|pt|qt|mph|kph)$/i;
const ONE_LETTER_UNIT = /^[mgshlLVAWJNKCF](?:\s*[\^/²³].*)?$/;
/** Words behind a number that begin another part of the answer. */
export const CONJUNCTION = /(?<!\p{L})(?:and|or|plus|minus|times|versus|not)(?!\p{L})/iu;
const FUNCTION_NAME = /^(?:sin|cos|tan|cot|csc|log|ln|exp|sqrt)/;

/** Whether letters behind a number are variables: `3s^2`, `2xy` and `-2n^2 - n` have no unit. */
export function isUnit(text: string, isAttached: boolean): boolean {
  if (!UNIT.test(text) || CONJUNCTION.test(text) || /(?<!\p{L})-|-(?!\p{L})/u.test(text)) return false;
  const words =
    text.replace(/\\(?:text|mbox|mathrm|textrm|operatorname)\s*\{[^{}]*\}/g, ' ').match(/[\p{L}.']+/gu) ?? [];
  const [first = ''] = words;
  if (first === '' || !/^[\p{L}.']/u.test(text)) return words.every((word) => word.length > 2 || SHORT_UNIT.test(word));
  const name = first.replace(/\.$/, '');
  if (SHORT_UNIT.test(name)) return true;
  if (name.length === 1) return !isAttached && ONE_LETTER_UNIT.test(text);
  if (isAttached) return name.length > 3 && !FUNCTION_NAME.test(name);
  return (
    name.length > 2 && words.slice(1).every((word) => word.length > 1 || /^[aA]$/.test(word) || text.includes('/'))
  );
}
