/** The words of questions about attributes. */
import { nameOf } from './kinds';
import type { Random } from './random';
import type { Entity, KnownFact, World } from './world';

export interface Measure {
  kind: string;
  attribute: string;
  /** `larger`, `taller`: X is ... than Y. */
  more: string;
  /** Unit of a difference, such as `square miles`. */
  unit: string;
}

/** Amounts that can be compared and added. */
export const MEASURES: readonly Measure[] = [
  { kind: 'state', attribute: 'area', more: 'larger', unit: 'square miles' },
  { kind: 'state', attribute: 'population', more: 'more populous', unit: 'people' },
  { kind: 'country', attribute: 'area', more: 'larger', unit: 'square kilometers' },
  { kind: 'country', attribute: 'population', more: 'more populous', unit: 'people' },
  { kind: 'city', attribute: 'population', more: 'more populous', unit: 'people' },
  { kind: 'mountain', attribute: 'height', more: 'taller', unit: 'meters' },
  { kind: 'building', attribute: 'height', more: 'taller', unit: 'meters' },
  { kind: 'river', attribute: 'length', more: 'longer', unit: 'kilometers' },
  { kind: 'lake', attribute: 'area', more: 'larger', unit: 'square kilometers' },
  { kind: 'lake', attribute: 'depth', more: 'deeper', unit: 'meters' },
];

export const YEARS: readonly { kind: string; attribute: string; event: string }[] = [
  { kind: 'state', attribute: 'admission year', event: '{x} was admitted to the Union' },
  { kind: 'state', attribute: 'admission year', event: '{x} became a state' },
  { kind: 'mountain', attribute: 'first ascent year', event: '{x} was first climbed' },
  { kind: 'building', attribute: 'completion year', event: '{x} was completed' },
  { kind: 'person', attribute: 'birth year', event: '{x} was born' },
  { kind: 'person', attribute: 'death year', event: '{x} died' },
  { kind: 'invention', attribute: 'invention year', event: '{x} was invented' },
  { kind: 'element', attribute: 'discovery year', event: '{x} was discovered' },
];

/** Questions for one attribute; `{x}` is the name. */
export const LOOKUPS: Record<string, readonly string[]> = {
  area: ['What is the area of {x}?', 'How large is {x}?', 'What area does {x} cover?'],
  population: ['What is the population of {x}?', 'How many people live in {x}?', 'How many inhabitants does {x} have?'],
  capital: ['What is the capital of {x}?', 'Which city is the capital of {x}?'],
  height: ['What is the height of {x}?', 'How tall is {x}?', 'How high is {x}?'],
  length: ['What is the length of {x}?', 'How long is {x}?'],
  depth: ['What is the depth of {x}?', 'How deep is {x}?'],
  diameter: ['What is the diameter of {x}?', 'How wide is {x}?'],
  inventor: ['Who invented {x}?', 'Who was the inventor of {x}?'],
  'atomic number': ['What is the atomic number of {x}?', 'Which atomic number does {x} have?'],
  'admission year': ['When did {x} become a state?', 'In what year was {x} admitted to the Union?'],
  'first ascent year': ['When was {x} first climbed?', 'In what year was {x} first climbed?'],
  'completion year': ['When was {x} completed?', 'In what year was {x} finished?'],
  'birth year': ['When was {x} born?', 'What is the birth year of {x}?'],
  'death year': ['When did {x} die?', 'In what year did {x} die?'],
  'invention year': ['When was {x} invented?', 'In what year was {x} invented?'],
  'discovery year': ['When was {x} discovered?', 'In what year was {x} discovered?'],
};

export function fill(template: string, fields: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (whole, key: string) => String(fields[key] ?? whole));
}

/** An attribute's phrase in a sentence. */
export const named = ({ kind, name }: Entity): string => nameOf(kind, name);

/** `A, B and C`. */
export function list(names: readonly string[], word = 'and'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

/** An attribute of two entities that differ in it. */
export function differing(world: World, kind: string, attribute: string): [KnownFact, KnownFact] | undefined {
  const [x, y] = world.pick(kind, attribute, 2).map((entity) => world.fact(entity, attribute));
  return x && y && x.value !== y.value ? [x, y] : undefined;
}

/** The same, the greater value first. */
export function greaterFirst(world: World, { kind, attribute }: Measure): [KnownFact, KnownFact] | undefined {
  const pair = differing(world, kind, attribute);
  return pair?.sort((x, y) => Number(y.value) - Number(x.value));
}

export const pickWord = (random: Random, words: string): string => random.pick(words.split(' '));
