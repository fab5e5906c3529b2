/** The kinds of entities of the atlas, and how their attributes are written. */

export interface AttributeShape {
  unit?: string;
  /** Years are written without separators and compared as `before` and `after`. */
  year?: boolean;
  /** Kind of the value, if it is an entity. */
  names?: string;
  /** Range of the values that training invents. */
  low: number;
  high: number;
}

export interface KindShape {
  /** Added in parentheses to the name in the index. */
  label: string;
  /** `the` before the name in a sentence. */
  article: boolean;
  attributes: Record<string, AttributeShape>;
}

const year = (low: number, high: number): AttributeShape => ({ year: true, low, high });
const name = (names: string): AttributeShape => ({ names, low: 0, high: 0 });
const amount = (low: number, high: number, unit?: string): AttributeShape => ({ low, high, ...(unit ? { unit } : {}) });

export const KINDS: Record<string, KindShape> = {
  state: {
    label: 'US state',
    article: false,
    attributes: {
      area: amount(1000, 700_000, 'square miles'),
      population: amount(50_000, 40_000_000),
      'admission year': year(1700, 1990),
      capital: name('city'),
    },
  },
  country: {
    label: 'country',
    article: false,
    attributes: {
      area: amount(500, 20_000_000, 'square kilometers'),
      population: amount(100_000, 1_500_000_000),
      capital: name('city'),
    },
  },
  city: { label: 'city', article: false, attributes: { population: amount(5000, 9_000_000) } },
  mountain: {
    label: 'mountain',
    article: false,
    attributes: { height: amount(900, 9000, 'meters'), 'first ascent year': year(1700, 2000) },
  },
  river: { label: 'river', article: true, attributes: { length: amount(100, 7000, 'kilometers') } },
  lake: {
    label: 'lake',
    article: false,
    attributes: { area: amount(40, 90_000, 'square kilometers'), depth: amount(10, 1700, 'meters') },
  },
  building: {
    label: 'building',
    article: true,
    attributes: { height: amount(40, 900, 'meters'), 'completion year': year(1700, 2022) },
  },
  person: {
    label: 'person',
    article: false,
    attributes: { 'birth year': year(1400, 1980), 'death year': year(1450, 2020) },
  },
  invention: {
    label: 'invention',
    article: true,
    attributes: { 'invention year': year(1600, 2000), inventor: name('person') },
  },
  element: {
    label: 'chemical element',
    article: false,
    attributes: { 'atomic number': amount(1, 118), 'discovery year': year(1600, 2000) },
  },
  planet: { label: 'planet', article: false, attributes: { diameter: amount(3000, 150_000, 'kilometers') } },
};

/** @throws RangeError for an attribute that the kind does not have */
export function shapeOf(kind: string, attribute: string): AttributeShape {
  const shape = KINDS[kind]?.attributes[attribute];
  if (!shape) throw new RangeError(`A ${kind} has no ${attribute} in the atlas.`);
  return shape;
}

/** A name in a sentence: `the Nile`, `Texas`. */
export function nameOf(kind: string, entity: string): string {
  return KINDS[kind]?.article && !/^(The |Big Ben$|Taipei|One )/.test(entity) ? `the ${entity}` : entity;
}

/** `268,596 square miles`, `1845`, `Austin`. */
export function valueText(kind: string, attribute: string, value: number | string, unit?: string): string {
  if (typeof value === 'string') return value;
  const shape = KINDS[kind]?.attributes[attribute];
  const text = shape?.year ? String(value) : value.toLocaleString('en-US', { maximumFractionDigits: 6 });
  return unit ? `${text} ${unit}` : text;
}
