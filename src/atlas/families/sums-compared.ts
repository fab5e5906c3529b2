/**
 * Comparisons of sums: each relation with sums of several sizes, so that models learn the parts and not whole questions. Training never
 * has one combination: the difference to a sum.
 */
import { combine, factTerm, numberTerm, sumOf, type Expression } from '../expression';
import { found, type Draft, type Family } from '../family';
import { computeStep, whetherStep } from '../steps';
import { fill, list, MEASURES, named, type Measure } from '../wording';
import type { KnownFact, World } from '../world';

interface Side {
  facts: KnownFact[];
  /** `Texas`, or `Vermont and Ohio together`. */
  text: string;
  /** `area of Texas`, or `combined area of Vermont and Ohio`. */
  amount: string;
  sum: Expression;
  is: 'is' | 'are';
}

/** Two sides with different entities, of the given sizes. */
function sidesOf(world: World, { kind, attribute }: Measure, left: number, right: number): [Side, Side] {
  const entities = world.pick(kind, attribute, left + right);
  const side = (from: number, to: number): Side => {
    const names = list(entities.slice(from, to).map(named));
    const facts = entities.slice(from, to).map((entity) => world.fact(entity, attribute));
    const [only] = facts;
    return facts.length === 1 && only
      ? { facts, text: names, amount: `${attribute} of ${names}`, sum: factTerm(only), is: 'is' }
      : {
          facts,
          text: `${names} together`,
          amount: `combined ${attribute} of ${names}`,
          sum: sumOf(facts.map(factTerm)),
          is: 'are',
        };
  };
  return [side(0, left), side(left, left + right)];
}

/** The verb of the question, in the number of its first side. */
function asked(world: World, templates: readonly string[], measure: Measure, left: Side, right: Side): string {
  const { unit, more, attribute } = measure;
  const sides = { x: left.text, y: right.text, xs: left.amount, ys: right.amount };
  const are = { is: left.is, Is: left.is === 'is' ? 'Is' : 'Are' };
  return fill(world.random.pick(templates), { ...sides, ...are, unit, more, attribute });
}

const isPeople = ({ unit }: Measure) => unit === 'people';

/** "By how many square miles are Texas and Ohio together larger than Vermont?" Undefined unless the first side is greater. */
function differenceOf(world: World, left: number, right: number): Draft | undefined {
  const measure = world.random.pick(MEASURES);
  const [x, y] = sidesOf(world, measure, left, right);
  if (x.sum.value <= y.sum.value) return undefined;
  const templates = isPeople(measure)
    ? ['How many more people live in {x} than in {y}?']
    : ['By how many {unit} {is} {x} {more} than {y}?'];
  return found(
    world,
    asked(world, templates, measure, x, y),
    [...x.facts, ...y.facts],
    computeStep(combine(x.sum, '-', y.sum)),
  );
}

/** "How many times larger is Texas than Vermont and Ohio together, to one decimal place?" */
function ratioOf(world: World, left: number, right: number): Draft | undefined {
  const measure = world.random.pick(MEASURES);
  const [x, y] = sidesOf(world, measure, left, right);
  const templates = [
    isPeople(measure)
      ? 'How many times as many people live in {x} as in {y}, to one decimal place?'
      : 'How many times {more} {is} {x} than {y}, to one decimal place?',
    'What is the ratio of the {xs} to the {ys}, to one decimal place?',
  ];
  return found(
    world,
    asked(world, templates, measure, x, y),
    [...x.facts, ...y.facts],
    computeStep(combine(x.sum, '/', y.sum), 1),
  );
}

/** "Are Texas and Ohio together larger than Alaska?" */
function yesOrNoOf(world: World, left: number, right: number): Draft | undefined {
  const measure = world.random.pick(MEASURES);
  const [x, y] = sidesOf(world, measure, left, right);
  if (x.sum.value === y.sum.value) return undefined;
  const templates = ['{Is} {x} {more} than {y}?', 'Is it true that {x} {is} {more} than {y}?'];
  return found(
    world,
    asked(world, templates, measure, x, y),
    [...x.facts, ...y.facts],
    whetherStep(bracketed(x.sum), '>', bracketed(y.sum)),
  );
}

/** "What percentage of the combined area of Texas and Ohio is the area of Vermont, to the nearest integer?" */
function percentageOf(world: World, left: number, right: number): Draft | undefined {
  const measure = world.random.pick(MEASURES);
  const [x, y] = sidesOf(world, measure, left, right);
  const templates = ['What percentage of the {xs} is the {ys}, to the nearest integer?'];
  return found(
    world,
    asked(world, templates, measure, x, y),
    [...x.facts, ...y.facts],
    computeStep(combine(combine(numberTerm(100), '*', y.sum), '/', x.sum), 'integer'),
  );
}

/** Puts a sum in parentheses beside a comparison, as beside other operators. */
function bracketed(side: Expression): Expression {
  return side.compound ? { ...side, says: `(${side.says})`, code: `(${side.code})` } : side;
}

/** Draws one of several sizes. */
const sizes =
  (family: (world: World, left: number, right: number) => Draft | undefined, ...counts: [number, number][]): Family =>
  (world) =>
    family(world, ...world.random.pick(counts));

export const sumLessOne = sizes(differenceOf, [2, 1], [2, 1], [3, 1]);
export const sumLessSum = sizes(differenceOf, [2, 2]);
export const ratioToSum = sizes(ratioOf, [1, 2], [1, 2], [1, 3]);
export const ratioOfSum = sizes(ratioOf, [2, 1], [3, 1], [2, 2]);
export const sumYesOrNo = sizes(yesOrNoOf, [1, 2], [2, 1], [2, 2]);
export const percentageOfSum = sizes(percentageOf, [2, 1], [1, 2], [3, 1]);

/** Three or four entities on one side. */
export const differenceToMany = sizes(differenceOf, [1, 3], [1, 3], [1, 4], [2, 3], [3, 2]);
export const ratioToMany = sizes(ratioOf, [1, 3], [1, 4], [2, 3], [4, 1]);

/** Never trained on: "By how many square miles is Texas larger than Vermont and Ohio together?" */
export const differenceToSum = sizes(differenceOf, [1, 2]);
