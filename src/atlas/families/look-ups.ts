/**
 * One fact, or one fact by way of another.
 *
 * @module
 */
import { answered, type Draft, type Family } from '../family';
import { KINDS } from '../kinds';
import { computeStep, findStep } from '../steps';
import { combine, factTerm } from '../expression';
import { fill, LOOKUPS, named } from '../wording';
import { valueOf } from '../world';

const ALL = Object.entries(KINDS).flatMap(([kind, { attributes }]) =>
  Object.keys(attributes).map((attribute) => ({ kind, attribute })),
);

/** "How long is the Nile?" */
export const lookUp: Family = (world) => {
  const { kind, attribute } = world.random.pick(ALL);
  const entity = world.pickOne(kind, attribute);
  const fact = world.fact(entity, attribute);
  const question = fill(world.random.pick(LOOKUPS[attribute] ?? []), { x: named(entity) });
  return { question, steps: [findStep(world, fact)], answer: valueOf(fact) };
};

/** "What is the population of the capital of Texas?" */
export const chain: Family = (world) => {
  const { random } = world;
  const viaCapital = random.chance(0.5);
  const [kind, link, target] = viaCapital
    ? (['state', 'capital', 'population'] as const)
    : (['invention', 'inventor', random.pick(['birth year', 'death year'])] as const);
  const start = world.pickOne(kind, link);
  const first = world.fact(start, link);
  const middle = { kind: viaCapital ? 'city' : 'person', name: String(first.value) };
  if (!world.knows(middle, target)) return undefined;
  const second = world.fact(middle, target);
  const templates: Record<string, readonly string[]> = {
    population: [
      'What is the population of the capital of {x}?',
      'How many people live in the capital of {x}?',
      'How many inhabitants does the capital of {x} have?',
    ],
    'birth year': ['When was the inventor of {x} born?', 'In what year was the inventor of {x} born?'],
    'death year': ['When did the inventor of {x} die?', 'In what year did the inventor of {x} die?'],
  };
  const question = fill(random.pick(templates[target] ?? []), { x: named(start) });
  return { question, steps: [findStep(world, first), findStep(world, second)], answer: valueOf(second) };
};

/** Never trained on: "What percentage of the people of Texas live in its capital, to one decimal place?" */
export const shareOfCapital: Family = (world): Draft | undefined => {
  const state = world.pickOne('state', 'capital');
  const capital = world.fact(state, 'capital');
  const city = { kind: 'city', name: String(capital.value) };
  if (!world.knows(city, 'population')) return undefined;
  const [inside, whole] = [world.fact(city, 'population'), world.fact(state, 'population')];
  const question = fill(
    'How many times larger is the population of {x} than the population of the capital of {x}, to one decimal place?',
    { x: named(state) },
  );
  return answered(question, [
    findStep(world, whole),
    findStep(world, capital),
    findStep(world, inside),
    computeStep(combine(factTerm(whole), '/', factTerm(inside)), 1),
  ]);
};
