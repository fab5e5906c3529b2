/**
 * Two amounts set against each other.
 *
 * @module
 */
import { combine, factTerm, numberTerm } from '../expression';
import { answered, type Family } from '../family';
import { computeStep, findStep } from '../steps';
import { fill, greaterFirst, MEASURES, named, type Measure } from '../wording';
import type { World } from '../world';

/** "How many square miles larger is Texas than Washington?" */
export const difference: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const pair = greaterFirst(world, measure);
  if (!pair) return undefined;
  const { attribute, more, unit } = measure;
  const facts = pair.map((entity) => world.fact(entity, attribute));
  const template = world.random.pick([
    unit === 'people' ? 'How many more people live in {x} than in {y}?' : 'How much {more} is {x} than {y} in {unit}?',
    unit === 'people'
      ? 'How many more inhabitants does {x} have than {y}?'
      : 'By how many {unit} is {x} {more} than {y}?',
    'What is the difference in {attribute} between {x} and {y}?',
  ]);
  const question = fill(template, { x: named(pair[0]), y: named(pair[1]), more, unit, attribute });
  const [first, second] = facts.map(factTerm);
  if (!first || !second) return undefined;
  return answered(question, [...facts.map((fact) => findStep(world, fact)), computeStep(combine(first, '-', second))]);
};

const SCALES = [5, 10, 20, 25, 40, 50, 75, 80, 100, 100, 100, 120, 150, 200, 250, 300, 400, 500, 1000, 2000];
const SHEETS = ['square inch', 'square inch', 'square centimeter'];

/** "If a map is drawn so that 1 square inch represents 100 square miles, how many square inches bigger is ..." */
export const mapDifference: Family = (world) => {
  const { random } = world;
  const measure = random.chance(0.75) ? MEASURES[0] : MEASURES[2];
  const pair = measure && greaterFirst(world, measure);
  if (!pair || !measure) return undefined;
  const scale = random.chance(0.7) ? random.pick(SCALES) : random.integer(5, 2500);
  const sheet = random.pick(SHEETS);
  const sheets = sheet.endsWith('inch') ? `${sheet}es` : `${sheet}s`;
  const template = random.pick([
    'If a map is drawn so that 1 {sheet} represents {n} {unit}, how many {sheets} bigger is {x} than {y}, to the nearest integer?',
    'On a map where 1 {sheet} stands for {n} {unit}, how many {sheets} larger is {x} than {y}, to the nearest integer?',
    'A map uses a scale of {n} {unit} per {sheet}. To the nearest integer, how many {sheets} bigger is {x} than {y}?',
  ]);
  const facts = pair.map((entity) => world.fact(entity, 'area'));
  const [first, second] = facts.map(factTerm);
  if (!first || !second) return undefined;
  const n = numberTerm(scale);
  const fields = { sheet, sheets, n: n.says, unit: measure.unit, x: named(pair[0]), y: named(pair[1]) };
  return answered(fill(template, fields), [
    ...facts.map((fact) => findStep(world, fact)),
    computeStep(combine(combine(first, '-', second), '/', n), 'integer'),
  ]);
};

/** "If 1 square inch on a map represents 100 square miles, how many square inches does Texas take up ..." */
export const mapSize: Family = (world) => {
  const { random } = world;
  const measure = random.chance(0.75) ? MEASURES[0] : MEASURES[2];
  if (!measure) return undefined;
  const entity = world.pickOne(measure.kind, 'area');
  const scale = random.chance(0.7) ? random.pick(SCALES) : random.integer(5, 2500);
  const sheet = random.pick(SHEETS);
  const sheets = sheet.endsWith('inch') ? `${sheet}es` : `${sheet}s`;
  const template = random.pick([
    'If 1 {sheet} on a map represents {n} {unit}, how many {sheets} does {x} take up, to the nearest integer?',
    'A map uses a scale of {n} {unit} per {sheet}. To the nearest integer, how many {sheets} does {x} take up?',
  ]);
  const fact = world.fact(entity, 'area');
  const n = numberTerm(scale);
  return answered(fill(template, { sheet, sheets, n: n.says, unit: measure.unit, x: named(entity) }), [
    findStep(world, fact),
    computeStep(combine(factTerm(fact), '/', n), 'integer'),
  ]);
};

/** "How many times larger is Texas than Vermont, to one decimal place?" */
export const ratio: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const pair = greaterFirst(world, measure);
  if (!pair) return undefined;
  const { attribute, more } = measure;
  const facts = pair.map((entity) => world.fact(entity, attribute));
  const [first, second] = facts.map(factTerm);
  if (!first || !second) return undefined;
  const template = world.random.pick([
    more === 'more populous'
      ? 'How many times as many people live in {x} as in {y}, to one decimal place?'
      : 'How many times {more} is {x} than {y}, to one decimal place?',
    'What is the ratio of the {attribute} of {x} to the {attribute} of {y}, to one decimal place?',
  ]);
  return answered(fill(template, { x: named(pair[0]), y: named(pair[1]), more, attribute }), [
    ...facts.map((fact) => findStep(world, fact)),
    computeStep(combine(first, '/', second), 1),
  ]);
};

/** "What percentage of the area of Texas is the area of Vermont, to the nearest integer?" */
export const percentage: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const pair = greaterFirst(world, measure);
  if (!pair) return undefined;
  const { attribute } = measure;
  const [whole, part] = pair.map((entity) => world.fact(entity, attribute));
  if (!whole || !part) return undefined;
  const asked = world.random.pick([
    {
      template: 'What percentage of the {attribute} of {x} is the {attribute} of {y}, to the nearest integer?',
      order: [whole, part],
    },
    {
      template: 'The {attribute} of {y} is what percentage of the {attribute} of {x}, to the nearest integer?',
      order: [part, whole],
    },
  ]);
  return answered(fill(asked.template, { x: named(pair[0]), y: named(pair[1]), attribute }), [
    ...asked.order.map((fact) => findStep(world, fact)),
    computeStep(combine(combine(numberTerm(100), '*', factTerm(part)), '/', factTerm(whole)), 'integer'),
  ]);
};

/** Three entities that all have the measure's attribute, as names and as terms of a formula. */
function threeOf({ kind, attribute }: Measure, world: World, order: (a: number, b: number) => number) {
  const three = world
    .pick(kind, attribute, 3)
    .sort((a, b) => order(world.number(a, attribute), world.number(b, attribute)));
  const facts = three.map((entity) => world.fact(entity, attribute));
  const [first, second, third] = facts.map(factTerm);
  const [x, y, z] = three.map(named);
  return first && second && third && x && y && z ? { facts, first, second, third, names: { x, y, z } } : undefined;
}

const asDrawn = () => 0;

/** "By how many square miles are Texas and Ohio together larger than Vermont?" */
export const sumLessOne: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const three = threeOf(measure, world, asDrawn);
  if (!three || three.first.value + three.second.value <= three.third.value) return undefined;
  const { facts, first, second, third, names } = three;
  const { unit, more } = measure;
  const template =
    unit === 'people'
      ? 'How many more people live in {x} and {y} together than in {z}?'
      : 'By how many {unit} are {x} and {y} together {more} than {z}?';
  return answered(fill(template, { ...names, unit, more }), [
    ...facts.map((fact) => findStep(world, fact)),
    computeStep(combine(combine(first, '+', second), '-', third)),
  ]);
};

/** "How many times larger is Texas than Vermont and Ohio together, to one decimal place?" */
export const ratioToSum: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const three = threeOf(measure, world, asDrawn);
  if (!three) return undefined;
  const { facts, first, second, third, names } = three;
  const { attribute, unit, more } = measure;
  const template = world.random.pick([
    unit === 'people'
      ? 'How many times as many people live in {x} as in {y} and {z} together, to one decimal place?'
      : 'How many times {more} is {x} than {y} and {z} together, to one decimal place?',
    'What is the ratio of the {attribute} of {x} to the combined {attribute} of {y} and {z}, to one decimal place?',
  ]);
  return answered(fill(template, { ...names, attribute, more }), [
    ...facts.map((fact) => findStep(world, fact)),
    computeStep(combine(first, '/', combine(second, '+', third)), 1),
  ]);
};

/** Never trained on: "By how many square miles is Texas larger than Vermont and Ohio together?" */
export const differenceToSum: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const three = threeOf(measure, world, (a, b) => b - a);
  if (!three || three.first.value <= three.second.value + three.third.value) return undefined;
  const { facts, first, second, third, names } = three;
  const { unit, more } = measure;
  const template =
    unit === 'people'
      ? 'How many more people live in {x} than in {y} and {z} together?'
      : 'By how many {unit} is {x} {more} than {y} and {z} together?';
  return answered(fill(template, { ...names, unit, more }), [
    ...facts.map((fact) => findStep(world, fact)),
    computeStep(combine(first, '-', combine(second, '+', third))),
  ]);
};
