/** Other units, rates and densities. */
import { combine, factTerm, namedTerm, numberTerm } from '../expression';
import { answered, found, type Family } from '../family';
import { computeStep, findStep, recallStep } from '../steps';
import { fill, named } from '../wording';

interface Conversion {
  kinds: readonly string[];
  attribute: string;
  unit: string;
  /** The fact to recall, such as `number of feet in a meter`. */
  phrase: string;
  factor: number;
}

/** Exact, or to six digits: international foot (0.3048 m) and mile (1.609344 km). */
const CONVERSIONS: readonly Conversion[] = [
  {
    kinds: ['mountain', 'building'],
    attribute: 'height',
    unit: 'feet',
    phrase: 'number of feet in a meter',
    factor: 3.28084,
  },
  { kinds: ['lake'], attribute: 'depth', unit: 'feet', phrase: 'number of feet in a meter', factor: 3.28084 },
  { kinds: ['mountain'], attribute: 'height', unit: 'yards', phrase: 'number of yards in a meter', factor: 1.093613 },
  { kinds: ['river'], attribute: 'length', unit: 'miles', phrase: 'number of miles in a kilometer', factor: 0.621371 },
  { kinds: ['river'], attribute: 'length', unit: 'meters', phrase: 'number of meters in a kilometer', factor: 1000 },
  {
    kinds: ['country', 'lake'],
    attribute: 'area',
    unit: 'square miles',
    phrase: 'number of square miles in a square kilometer',
    factor: 0.386102,
  },
  {
    kinds: ['state'],
    attribute: 'area',
    unit: 'square kilometers',
    phrase: 'number of square kilometers in a square mile',
    factor: 2.589988,
  },
  { kinds: ['state'], attribute: 'area', unit: 'acres', phrase: 'number of acres in a square mile', factor: 640 },
];

/** "What is the height of K2 in feet, to the nearest integer?" */
export const unitChange: Family = (world) => {
  const { kinds, attribute, unit, phrase, factor } = world.random.pick(CONVERSIONS);
  const entity = world.pickOne(world.random.pick(kinds), attribute);
  const fact = world.fact(entity, attribute);
  const template = world.random.pick([
    'What is the {attribute} of {x} in {unit}, to the nearest integer?',
    'To the nearest integer, what is the {attribute} of {x} in {unit}?',
  ]);
  const known = namedTerm(phrase, factor);
  return answered(fill(template, { x: named(entity), attribute, unit }), [
    findStep(world, fact),
    recallStep(phrase, factor.toLocaleString('en-US', { maximumFractionDigits: 6 })),
    computeStep(combine(factTerm(fact), '*', known), 'integer'),
  ]);
};

/** "How many people live in Texas per square mile, to one decimal place?" */
export const density: Family = (world) => {
  const kind = world.random.pick(['state', 'country']);
  const entity = world.pickOne(kind, 'area');
  const [people, area] = [world.fact(entity, 'population'), world.fact(entity, 'area')];
  const unit = kind === 'state' ? 'square mile' : 'square kilometer';
  const template = world.random.pick([
    'How many people live in {x} per {unit}, to one decimal place?',
    'What is the population density of {x} per {unit}, to one decimal place?',
  ]);
  const question = fill(template, { x: named(entity), unit });
  return found(world, question, [people, area], computeStep(combine(factTerm(people), '/', factTerm(area)), 1));
};

/** "How many hours does a boat at 20 kilometers per hour need for the length of the Nile ...?" */
export const travel: Family = (world) => {
  const river = world.pickOne('river', 'length');
  const fact = world.fact(river, 'length');
  const speed = world.random.integer(3, 95);
  const template = world.random.pick([
    'How many hours does it take to travel the length of {x} at {n} kilometers per hour, to the nearest integer?',
    'A boat moves at {n} kilometers per hour. To the nearest integer, how many hours does it need for the length of {x}?',
  ]);
  const question = fill(template, { x: named(river), n: speed });
  return found(world, question, [fact], computeStep(combine(factTerm(fact), '/', numberTerm(speed)), 'integer'));
};
