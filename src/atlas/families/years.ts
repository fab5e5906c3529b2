/** Spans of time and ages. */
import { combine, factTerm, numberTerm } from '../expression';
import { found, type Family } from '../family';
import { computeStep } from '../steps';
import { fill, named, YEARS } from '../wording';

/** "How many years after Texas became a state was Utah admitted ...": asked as a span between two events. */
export const yearsBetween: Family = (world) => {
  const { random } = world;
  const happenings = random.sample(YEARS, 2).map(({ kind, attribute, event }) => {
    const entity = world.pickOne(kind, attribute);
    return { fact: world.fact(entity, attribute), text: fill(event, { x: named(entity) }) };
  });
  const [a, b] = happenings;
  if (!a || !b || a.fact.value === b.fact.value) return undefined;
  const [early, late] = Number(a.fact.value) < Number(b.fact.value) ? [a, b] : [b, a];
  const asked = random.pick([
    { template: 'How many years before {late} was it that {early}?', order: [late, early] },
    { template: 'How many years passed from the year {early} to the year {late}?', order: [early, late] },
    { template: 'How many years after {early} was it that {late}?', order: [early, late] },
  ]);
  const question = fill(asked.template, { early: early.text, late: late.text });
  const facts = asked.order.map(({ fact }) => fact);
  return found(world, question, facts, computeStep(combine(factTerm(late.fact), '-', factTerm(early.fact))));
};

/** "How old was Mark Twain when the Eiffel Tower was completed?", "... in 1900?", "... at death?" */
export const age: Family = (world) => {
  const { random } = world;
  const person = world.pickOne('person', 'birth year');
  const birth = world.fact(person, 'birth year');
  const born = Number(birth.value);
  const draw = random.next();
  if (draw < 0.3) {
    const when = born + random.integer(8, 90);
    const template = random.pick(['How old was {x} in {when}?', 'What age did {x} reach in {when}?']);
    const year = { ...numberTerm(when), says: String(when), code: String(when) };
    const question = fill(template, { x: named(person), when });
    return found(world, question, [birth], computeStep(combine(year, '-', factTerm(birth))));
  }
  if (draw < 0.6) {
    if (!world.knows(person, 'death year')) return undefined;
    const death = world.fact(person, 'death year');
    const template = random.pick([
      'How old was {x} at death?',
      'At what age did {x} die?',
      'How many years did {x} live?',
    ]);
    const question = fill(template, { x: named(person) });
    return found(world, question, [birth, death], computeStep(combine(factTerm(death), '-', factTerm(birth))));
  }
  const { kind, attribute, event } = random.pick(YEARS.filter((happening) => happening.kind !== 'person'));
  const entity = world.pickOne(kind, attribute);
  const fact = world.fact(entity, attribute);
  if (Number(fact.value) <= born || (world.mode !== 'invented' && Number(fact.value) > born + 110)) return undefined;
  const template = random.pick(['How old was {x} when {event}?', 'What age was {x} in the year {event}?']);
  const question = fill(template, { x: named(person), event: fill(event, { x: named(entity) }) });
  return found(world, question, [birth, fact], computeStep(combine(factTerm(fact), '-', factTerm(birth))));
};
