/** Differences and ratios of two amounts. */
import { combine, factTerm, numberTerm } from '../expression';
import { found, type Family } from '../family';
import { computeStep } from '../steps';
import { fill, greaterFirst, MEASURES, named } from '../wording';
import type { World } from '../world';

/** "How many square miles larger is Texas than Washington?" */
export const difference: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const pair = greaterFirst(world, measure);
  if (!pair) return undefined;
  const [x, y] = pair;
  const { attribute, more, unit } = measure;
  const template = world.random.pick([
    unit === 'people' ? 'How many more people live in {x} than in {y}?' : 'How much {more} is {x} than {y} in {unit}?',
    unit === 'people'
      ? 'How many more inhabitants does {x} have than {y}?'
      : 'By how many {unit} is {x} {more} than {y}?',
    'What is the difference in {attribute} between {x} and {y}?',
  ]);
  const question = fill(template, { x: named(x), y: named(y), more, unit, attribute });
  return found(world, question, pair, computeStep(combine(factTerm(x), '-', factTerm(y))));
};

const SCALES = [5, 10, 20, 25, 40, 50, 75, 80, 100, 100, 100, 120, 150, 200, 250, 300, 400, 500, 1000, 2000];
const SHEETS = ['square inch', 'square inch', 'square centimeter'];

/** What a unit of a map's sheet stands for: `1 square inch represents 100 square miles`. */
function mapScale(random: World['random']) {
  const scale = random.chance(0.7) ? random.pick(SCALES) : random.integer(5, 2500);
  const sheet = random.pick(SHEETS);
  return { n: numberTerm(scale), sheet, sheets: sheet.endsWith('inch') ? `${sheet}es` : `${sheet}s` };
}

/** "If a map is drawn so that 1 square inch represents 100 square miles, how many square inches bigger is ..." */
export const mapDifference: Family = (world) => {
  const { random } = world;
  const measure = random.chance(0.75) ? MEASURES[0] : MEASURES[2];
  const pair = measure && greaterFirst(world, measure);
  if (!pair || !measure) return undefined;
  const [x, y] = pair;
  const { sheet, sheets, n } = mapScale(random);
  const template = random.pick([
    'If a map is drawn so that 1 {sheet} represents {n} {unit}, how many {sheets} bigger is {x} than {y}, to the nearest integer?',
    'On a map where 1 {sheet} stands for {n} {unit}, how many {sheets} larger is {x} than {y}, to the nearest integer?',
    'A map uses a scale of {n} {unit} per {sheet}. To the nearest integer, how many {sheets} bigger is {x} than {y}?',
  ]);
  const fields = { sheet, sheets, n: n.says, unit: measure.unit, x: named(x), y: named(y) };
  const difference = combine(factTerm(x), '-', factTerm(y));
  return found(world, fill(template, fields), pair, computeStep(combine(difference, '/', n), 'integer'));
};

/** "If 1 square inch on a map represents 100 square miles, how many square inches does Texas take up ..." */
export const mapSize: Family = (world) => {
  const { random } = world;
  const measure = random.chance(0.75) ? MEASURES[0] : MEASURES[2];
  if (!measure) return undefined;
  const entity = world.pickOne(measure.kind, 'area');
  const { sheet, sheets, n } = mapScale(random);
  const template = random.pick([
    'If 1 {sheet} on a map represents {n} {unit}, how many {sheets} does {x} take up, to the nearest integer?',
    'A map uses a scale of {n} {unit} per {sheet}. To the nearest integer, how many {sheets} does {x} take up?',
  ]);
  const fact = world.fact(entity, 'area');
  const question = fill(template, { sheet, sheets, n: n.says, unit: measure.unit, x: named(entity) });
  return found(world, question, [fact], computeStep(combine(factTerm(fact), '/', n), 'integer'));
};

/** "How many times larger is Texas than Vermont, to one decimal place?" */
export const ratio: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const pair = greaterFirst(world, measure);
  if (!pair) return undefined;
  const [x, y] = pair;
  const { attribute, more } = measure;
  const template = world.random.pick([
    more === 'more populous'
      ? 'How many times as many people live in {x} as in {y}, to one decimal place?'
      : 'How many times {more} is {x} than {y}, to one decimal place?',
    'What is the ratio of the {attribute} of {x} to the {attribute} of {y}, to one decimal place?',
  ]);
  const question = fill(template, { x: named(x), y: named(y), more, attribute });
  return found(world, question, pair, computeStep(combine(factTerm(x), '/', factTerm(y)), 1));
};

/** "What percentage of the area of Texas is the area of Vermont, to the nearest integer?" */
export const percentage: Family = (world) => {
  const measure = world.random.pick(MEASURES);
  const pair = greaterFirst(world, measure);
  if (!pair) return undefined;
  const { attribute } = measure;
  const [whole, part] = pair;
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
  const question = fill(asked.template, { x: named(whole), y: named(part), attribute });
  const share = combine(combine(numberTerm(100), '*', factTerm(part)), '/', factTerm(whole));
  return found(world, question, asked.order, computeStep(share, 'integer'));
};
