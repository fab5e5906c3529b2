/** An amount of a thing, and the steps that find it. */
import { KINDS } from '../kinds';
import { named, type Named } from './names';

/** An amount that steps of a plan find. */
export interface Quantity {
  thing: Named;
  /** What is told where this is the one that was sought. */
  name: string;
  attribute: string;
  /** Phrases to look up, as a plan has them. */
  searches: readonly string[];
  /** What is computed of the phrases; one phrase where nothing is. */
  formula: string;
  unit?: string;
  isYear: boolean;
}

export const has = ({ kind }: Named, attribute: string) =>
  attribute === 'density' || attribute === 'land per head' || KINDS[kind]?.attributes[attribute] !== undefined;

/** The first meaning of a name that has the attribute. */
export const meaning = (meanings: readonly Named[], attribute: string) => meanings.find((one) => has(one, attribute));

export function quantityOf(thing: Named, attribute: string): Quantity {
  const of = (name: string) => `${name} of ${named(thing)}`;
  const unit = KINDS[thing.kind]?.attributes[attribute]?.unit;
  if (attribute === 'land per head')
    return {
      thing,
      name: thing.name,
      attribute,
      searches: [of('area'), of('population')],
      formula: `(${of('area')} / ${of('population')})`,
      ...(KINDS[thing.kind]?.attributes.area?.unit ? { unit: KINDS[thing.kind]!.attributes.area!.unit! } : {}),
      isYear: false,
    };
  if (attribute === 'density')
    return {
      thing,
      name: thing.name,
      attribute,
      searches: [of('population'), of('area')],
      formula: `(${of('population')} / ${of('area')})`,
      isYear: false,
    };
  if (attribute === 'age')
    return {
      thing,
      name: thing.name,
      attribute,
      searches: [of('death year'), of('birth year')],
      formula: `(${of('death year')} - ${of('birth year')})`,
      isYear: false,
    };
  return {
    thing,
    name: thing.name,
    attribute,
    searches: [of(attribute)],
    formula: of(attribute),
    ...(unit ? { unit } : {}),
    isYear: KINDS[thing.kind]?.attributes[attribute]?.year === true,
  };
}

/** What a step finds out about what another step has found: the population of a capital, the birth of an inventor. */
export function viaNamed(thing: Named, link: string, attribute: string): Quantity {
  const first = `${link} of ${named(thing)}`;
  const of = (name: string) => `${name} of {${first}}`;
  const isAge = attribute === 'age';
  return {
    thing,
    name: `{${first}}`,
    attribute,
    searches: [first, ...(isAge ? [of('death year'), of('birth year')] : [of(attribute)])],
    formula: isAge ? `(${of('death year')} - ${of('birth year')})` : of(attribute),
    isYear: attribute.endsWith('year'),
  };
}
