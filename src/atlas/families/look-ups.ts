/** One fact, or one fact found through another. */
import { found, type Draft, type Family } from '../family';
import { KINDS } from '../kinds';
import { computeStep, findStep } from '../steps';
import { combine, factTerm } from '../expression';
import { fill, LOOKUPS, named } from '../wording';
import { valueOf, type Entity, type KnownFact, type World } from '../world';

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

interface Capital {
  link: KnownFact;
  people: KnownFact;
}

/** Two steps of a longer question: a state's capital, and that city's population. */
function capitalOf(world: World, state: Entity): Capital | undefined {
  const link = world.fact(state, 'capital');
  const city = { kind: 'city', name: String(link.value) };
  return world.knows(city, 'population') ? { link, people: world.fact(city, 'population') } : undefined;
}

/** Compares a population with that of a capital: a difference, or a ratio to one decimal place. */
function besideCapital(world: World, question: string, whole: KnownFact, capital: Capital, by: '/' | '-'): Draft {
  const { link, people } = capital;
  const last = computeStep(combine(factTerm(whole), by, factTerm(people)), by === '/' ? 1 : 'none');
  return found(world, question, [whole, link, people], last);
}

/** "How many people do the capitals of Texas and Ohio have together?" */
export const capitalTogether: Family = (world) => {
  const states = world.pick('state', 'capital', 2);
  const [a, b] = states.map((state) => capitalOf(world, state));
  const [x, y] = states.map(named);
  if (!a || !b || !x || !y || a.link.value === b.link.value) return undefined;
  const template = world.random.pick([
    'How many people live in the capitals of {x} and {y} together?',
    'What is the combined population of the capital of {x} and the capital of {y}?',
  ]);
  const facts = [a.link, a.people, b.link, b.people];
  return found(
    world,
    fill(template, { x, y }),
    facts,
    computeStep(combine(factTerm(a.people), '+', factTerm(b.people))),
  );
};

/** "How many times larger is the population of Ohio than the population of the capital of Texas, ...": never of its own capital. */
export const capitalRatio: Family = (world) => {
  const [state, other] = world.pick('state', 'capital', 2);
  const capital = other && capitalOf(world, other);
  if (!state || !capital) return undefined;
  const whole = world.fact(state, 'population');
  const template = world.random.pick([
    'How many times as many people live in {x} as in the capital of {y}, to one decimal place?',
    'What is the ratio of the population of {x} to the population of the capital of {y}, to one decimal place?',
    'How many times larger is the population of {x} than the population of the capital of {y}, to one decimal place?',
  ]);
  return besideCapital(world, fill(template, { x: named(state), y: named(other) }), whole, capital, '/');
};

/** "How many more people live in Texas than in the capital of Texas?": of its own capital or of another state's. */
export const capitalDifference: Family = (world) => {
  const [state, seat = state] = world.pick('state', 'capital', world.random.chance(0.5) ? 1 : 2);
  const capital = seat && capitalOf(world, seat);
  if (!state || !capital) return undefined;
  const whole = world.fact(state, 'population');
  if (Number(whole.value) <= Number(capital.people.value)) return undefined;
  const template = world.random.pick([
    'How many more people live in {x} than in the capital of {y}?',
    'By how many people is the population of {x} larger than the population of the capital of {y}?',
  ]);
  return besideCapital(world, fill(template, { x: named(state), y: named(seat) }), whole, capital, '-');
};

/** "How old was the inventor of the telephone when it was invented?" */
export const inventorAge: Family = (world) => {
  const invention = world.pickOne('invention', 'inventor');
  const inventor = world.fact(invention, 'inventor');
  const person = { kind: 'person', name: String(inventor.value) };
  if (!world.knows(person, 'birth year')) return undefined;
  const [made, birth] = [world.fact(invention, 'invention year'), world.fact(person, 'birth year')];
  if (Number(made.value) <= Number(birth.value)) return undefined;
  const template = world.random.pick([
    'How old was the inventor of {x} when it was invented?',
    'How many years before {x} was invented was its inventor born?',
  ]);
  const last = computeStep(combine(factTerm(made), '-', factTerm(birth)));
  return found(world, fill(template, { x: named(invention) }), [made, inventor, birth], last);
};

/** Never trained on: "How many times larger is the population of Texas than the population of the capital of Texas, ...?" */
export const shareOfCapital: Family = (world): Draft | undefined => {
  const state = world.pickOne('state', 'capital');
  const capital = capitalOf(world, state);
  if (!capital) return undefined;
  const whole = world.fact(state, 'population');
  const question = fill(
    'How many times larger is the population of {x} than the population of the capital of {x}, to one decimal place?',
    { x: named(state) },
  );
  return besideCapital(world, question, whole, capital, '/');
};
