/** Sums and averages of several facts. */
import { combine, factTerm, numberTerm, sumOf } from '../expression';
import { found, type Draft, type Family } from '../family';
import { computeStep } from '../steps';
import { fill, list, MEASURES, named } from '../wording';
import type { World } from '../world';

function several(world: World, count: number, templates: readonly string[], average: boolean): Draft {
  const { kind, attribute } = world.random.pick(MEASURES);
  const entities = world.pick(kind, attribute, count);
  const facts = entities.map((entity) => world.fact(entity, attribute));
  const sum = sumOf(facts.map(factTerm));
  const question = fill(world.random.pick(templates), { attribute, all: list(entities.map(named)) });
  const last = average ? computeStep(combine(sum, '/', numberTerm(count)), 'integer') : computeStep(sum);
  return found(world, question, facts, last);
}

const TOTALS = [
  'What is the total {attribute} of {all}?',
  'What is the combined {attribute} of {all}?',
  'What do you get when you add up the {attribute} of {all}?',
];
const AVERAGES = [
  'What is the average {attribute} of {all}, to the nearest integer?',
  'To the nearest integer, what is the mean {attribute} of {all}?',
];

export const total: Family = (world) => several(world, world.random.chance(0.6) ? 2 : 3, TOTALS, false);
export const average: Family = (world) => several(world, world.random.chance(0.6) ? 2 : 3, AVERAGES, true);

/** Teaches questions about four and five; training never has the total of four. */
export const averageOfFour: Family = (world) => several(world, world.random.chance(0.7) ? 4 : 5, AVERAGES, true);

/** Five and six. */
export const totalOfMany: Family = (world) => several(world, world.random.pick([5, 6]), TOTALS, false);
export const averageOfMany: Family = (world) => several(world, world.random.pick([3, 5, 6]), AVERAGES, true);

/** Never trained on: the total of four. */
export const totalOfFour: Family = (world) => several(world, 4, TOTALS, false);
