/** Which of two, and yes or no. A program compares. */
import { factTerm } from '../expression';
import { found, type Family } from '../family';
import { whetherStep, whichStep } from '../steps';
import { differing, fill, MEASURES, named, YEARS } from '../wording';
import type { KnownFact } from '../world';

/** "Which is longer, the Nile or the Amazon?" and "Who was born first, ...?" */
export const whichIs: Family = (world) => {
  const { random } = world;
  const born = random.chance(0.2);
  const measure = random.pick(MEASURES);
  const { kind, attribute } = born ? { kind: 'person', attribute: 'birth year' } : measure;
  const pair = differing(world, kind, attribute);
  if (!pair) return undefined;
  const template = born
    ? random.pick(['Who was born first, {x} or {y}?', 'Who is older, {x} or {y}?'])
    : random.pick([
        'Which is {more}, {x} or {y}?',
        'Which one is {more}: {x} or {y}?',
        'Which has the greater {attribute}, {x} or {y}?',
      ]);
  const [x, y] = pair;
  const question = fill(template, { x: named(x), y: named(y), more: measure.more, attribute });
  const term = (fact: KnownFact) => ({ ...factTerm(fact), name: named(fact) });
  return found(world, question, pair, whichStep(term(x), born ? '<' : '>', term(y)));
};

/** "Is Texas larger than Washington?" */
export const yesOrNo: Family = (world) => {
  const { random } = world;
  const inTime = random.chance(0.3);
  const measure = random.pick(MEASURES);
  const happened = random.pick(YEARS.filter(({ event }) => event.startsWith('{x} was ')));
  const { kind, attribute } = inTime ? happened : measure;
  const pair = differing(world, kind, attribute);
  if (!pair) return undefined;
  const template = inTime
    ? `Was {x} ${happened.event.slice('{x} was '.length)} before {y}?`
    : random.pick(['Is {x} {more} than {y}?', 'Is it true that {x} is {more} than {y}?']);
  const [x, y] = pair;
  const question = fill(template, { x: named(x), y: named(y), more: measure.more });
  return found(world, question, pair, whetherStep(factTerm(x), inTime ? '<' : '>', factTerm(y)));
};
