/**
 * Which attribute a question is about, by its words and by what the things in it have.
 *
 * @module
 */
import { KINDS } from '../kinds';
import type { Mention, Named } from './names';
import { asksOfTime } from './phrases';
import { wordsOf } from './words';

/** In the order in which they are tried: the words of the first ones mean nothing else. */
const SIGNS: readonly [attribute: string, sign: RegExp][] = [
  ['atomic number', wordsOf('atomic')],
  ['diameter', wordsOf('diameter', 'large', 'larger', 'area')],
  ['depth', wordsOf('depth', 'deeper')],
  ['population', wordsOf('population', 'people', 'populous')],
  ['admission year', wordsOf('state')],
  ['first ascent year', wordsOf('climbed')],
  ['invention year', wordsOf('invented')],
  ['discovery year', wordsOf('discovered')],
  ['completion year', wordsOf('completed')],
  ['death year', wordsOf('died')],
  ['birth year', wordsOf('born')],
  ['height', wordsOf('height', 'taller')],
  ['length', wordsOf('length', 'long', 'longer')],
  ['area', wordsOf('area', 'large', 'larger', 'square', 'acres')],
  ['capital', wordsOf('capital')],
  ['inventor', wordsOf('inventor')],
];
/** What these words mean where nothing names an attribute: a shorter river, a lower mountain. */
const IMPLIED: Record<string, string> = {
  river: 'length',
  mountain: 'height',
  building: 'height',
  state: 'area',
  country: 'area',
  lake: 'depth',
  city: 'population',
  planet: 'diameter',
};
const COMPARED = wordsOf(
  'smaller',
  'total',
  'times',
  'percent',
  'average',
  'difference',
  'kilometers',
  'meters',
  'miles',
  'feet',
);

const has = ({ kind }: Named, attribute: string) => KINDS[kind]?.attributes[attribute] !== undefined;

export interface Subject {
  attribute: string;
  things: Named[];
}

/** The attribute that all things have in some meaning of their names; undefined where the question asks for something else. */
export function subjectOf(text: string, mentions: readonly Mention[]): Subject | undefined {
  for (const [attribute, sign] of SIGNS) {
    if (!sign.test(text) || (attribute.endsWith('year') && !asksOfTime(text))) continue;
    const things = meantAs(mentions, attribute);
    if (things) return { attribute, things };
  }
  const kind = mentions[0]?.meanings[0]?.kind ?? '';
  const implied = IMPLIED[kind];
  const things = implied && COMPARED.test(text) ? meantAs(mentions, implied) : undefined;
  return implied && things ? { attribute: implied, things } : undefined;
}

/** All things as one kind that has the attribute: Washington beside Oregon is the state. */
export function meantAs(mentions: readonly Mention[], attribute: string): Named[] | undefined {
  const kinds = mentions[0]?.meanings.map(({ kind }) => kind) ?? [];
  for (const wanted of kinds) {
    const things = mentions.map(({ meanings }) => meanings.find((one) => one.kind === wanted && has(one, attribute)));
    if (things.every((thing) => thing !== undefined)) return things;
  }
  const mixed = mentions.map(({ meanings }) => meanings.find((one) => has(one, attribute)));
  return mixed.length > 0 && mixed.every((thing) => thing !== undefined) ? mixed : undefined;
}

/** When such a thing began to be. */
export const BEGINNINGS: Record<string, string> = {
  person: 'birth year',
  building: 'completion year',
  invention: 'invention year',
  state: 'admission year',
  element: 'discovery year',
  mountain: 'first ascent year',
};

/** The year in which the one thing of a question began to be, where no word says which year is meant. */
export function beginningOf(mentions: readonly Mention[]): Subject | undefined {
  const attribute = BEGINNINGS[mentions[0]?.meanings[0]?.kind ?? ''];
  const things = attribute === undefined ? undefined : meantAs(mentions, attribute);
  return attribute !== undefined && things ? { attribute, things } : undefined;
}
