/** Which of two, and yes or no. A program compares. */
import { factTerm } from '../expression';
import { answered, type Family } from '../family';
import { findStep, whetherStep, whichStep } from '../steps';
import { fill, MEASURES, named, YEARS } from '../wording';
import type { Entity, World } from '../world';

function pairOf(world: World, kind: string, attribute: string): [Entity, Entity] | undefined {
  const [x, y] = world.pick(kind, attribute, 2);
  return x && y && world.number(x, attribute) !== world.number(y, attribute) ? [x, y] : undefined;
}

/** "Which is longer, the Nile or the Amazon?" and "Who was born first, ...?" */
export const whichIs: Family = (world) => {
  const { random } = world;
  const born = random.chance(0.2);
  const measure = random.pick(MEASURES);
  const { kind, attribute } = born ? { kind: 'person', attribute: 'birth year' } : measure;
  const pair = pairOf(world, kind, attribute);
  if (!pair) return undefined;
  const template = born
    ? random.pick(['Who was born first, {x} or {y}?', 'Who is older, {x} or {y}?'])
    : random.pick([
        'Which is {more}, {x} or {y}?',
        'Which one is {more}: {x} or {y}?',
        'Which has the greater {attribute}, {x} or {y}?',
      ]);
  const facts = pair.map((entity) => world.fact(entity, attribute));
  const [left, right] = facts.map((fact) => ({ ...factTerm(fact), name: named(fact) }));
  if (!left || !right) return undefined;
  const question = fill(template, { x: left.name, y: right.name, more: measure.more, attribute });
  return answered(question, [...facts.map((fact) => findStep(world, fact)), whichStep(left, born ? '<' : '>', right)]);
};

/** "Is Texas larger than Washington?" */
export const yesOrNo: Family = (world) => {
  const { random } = world;
  const inTime = random.chance(0.3);
  const measure = random.pick(MEASURES);
  const happened = random.pick(YEARS.filter(({ event }) => event.startsWith('{x} was ')));
  const { kind, attribute } = inTime ? happened : measure;
  const pair = pairOf(world, kind, attribute);
  if (!pair) return undefined;
  const template = inTime
    ? `Was {x} ${happened.event.slice('{x} was '.length)} before {y}?`
    : random.pick(['Is {x} {more} than {y}?', 'Is it true that {x} is {more} than {y}?']);
  const facts = pair.map((entity) => world.fact(entity, attribute));
  const [left, right] = facts.map(factTerm);
  if (!left || !right) return undefined;
  const question = fill(template, { x: named(pair[0]), y: named(pair[1]), more: measure.more });
  return answered(question, [
    ...facts.map((fact) => findStep(world, fact)),
    whetherStep(left, inTime ? '<' : '>', right),
  ]);
};
