/** Word problems: small numbers for the math reasoner, large ones for a program. */
import { combine, numberTerm, type Expression } from '../expression';
import { answered, type Draft, type Family } from '../family';
import { computeStep, mathStep } from '../steps';
import { fill, pickWord } from '../wording';

const PEOPLE =
  'Tom Anna Ben Clara David Emma Frank Grace Henry Iris Jack Kate Liam Maria Nora Oscar Paula Rosa Sam Tina';
const THINGS = 'pencils apples books cookies marbles stickers coins oranges cards shells bottles candles';
const HOLDERS = 'boxes bags packs trays baskets jars crates';

type MathStep = ReturnType<typeof mathStep>;

/** A question whose answer is the result of the last step. */
const worked = (question: string, ...steps: [...MathStep[], MathStep]): Draft => ({
  question,
  steps,
  answer: String(steps.at(-1)?.value),
});

/** "Tom has 4 boxes of 6 pencils each and gives 5 pencils away. How many pencils does Tom have left?" */
export const smallNumbers: Family = (world) => {
  const { random } = world;
  const fields = { p: pickWord(random, PEOPLE), it: pickWord(random, THINGS), in: pickWord(random, HOLDERS) };
  const [k, n] = [random.integer(2, 9), random.integer(2, 9)];
  const draw = random.next();
  if (draw < 0.4) {
    const c = random.integer(1, Math.min(9, k * n - 1));
    const first = mathStep(k, 'x', n);
    const second = mathStep(first.value, '-', c);
    const template = random.pick([
      '{p} has {k} {in} of {n} {it} each and gives {c} {it} away. How many {it} does {p} have left?',
      '{p} buys {k} {in} with {n} {it} in each and loses {c} {it}. How many {it} are left?',
    ]);
    return worked(fill(template, { ...fields, k, n, c }), first, second);
  }
  if (draw < 0.8) {
    const c = random.integer(1, 9);
    const first = mathStep(k, 'x', n);
    const second = mathStep(first.value, '+', c);
    const template = random.pick([
      '{p} fills {k} {in} with {n} {it} each and finds {c} more {it}. How many {it} does {p} have in all?',
      'There are {k} {in} with {n} {it} in each and {c} loose {it}. How many {it} are there in all?',
    ]);
    return worked(fill(template, { ...fields, k, n, c }), first, second);
  }
  const [a, b] = [random.integer(10, 89), random.integer(2, 9)];
  const first = mathStep(a, '+', b);
  const c = random.integer(1, 9);
  const second = mathStep(first.value, '-', c);
  const template = random.pick([
    '{p} has {a} {it} and gets {b} more. Then {p} uses {c} of them. How many {it} does {p} have now?',
    '{p} had {a} {it}, bought {b} more and sold {c}. How many {it} are left?',
  ]);
  return worked(fill(template, { ...fields, a, b, c }), first, second);
};

/** "What is 47 + 8?": for training only, over the math reasoner's range in {@link smallNumbers}. */
export const smallSums: Family = ({ random }) => {
  const step = random.pick([
    () => mathStep(random.integer(2, 9), 'x', random.integer(2, 9)),
    () => mathStep(random.integer(2, 98), '+', random.integer(1, 9)),
    () => {
      const left = random.integer(3, 98);
      return mathStep(left, '-', random.integer(1, Math.min(9, left - 1)));
    },
  ])();
  const sum = step.output.slice(0, step.output.indexOf(' = '));
  return worked(`What is ${sum}?`, step);
};

/** "A factory makes 1,250 books a day. How many books does it make in 48 days?" */
export const largeNumbers: Family = (world) => {
  const { random } = world;
  const it = pickWord(random, THINGS);
  const [many, days, percent] = [random.integer(101, 9999), random.integer(11, 365), random.integer(5, 95)].map(
    numberTerm,
  ) as [Expression, Expression, Expression];
  const fields = { it, n: many.says, days: days.says, percent: percent.says };
  const draw = random.next();
  if (draw < 0.34) {
    const template = random.pick([
      'A factory makes {n} {it} a day. How many {it} does it make in {days} days?',
      'If {n} {it} are made each day, how many {it} are made in {days} days?',
    ]);
    return answered(fill(template, fields), [computeStep(combine(many, '*', days))]);
  }
  if (draw < 0.67) {
    const template = random.pick([
      'If {n} {it} are shared equally among {days} people, how many {it} does each get, to two decimal places?',
      '{n} {it} are split evenly over {days} days. How many {it} is that a day, to two decimal places?',
    ]);
    return answered(fill(template, fields), [computeStep(combine(many, '/', days), 2)]);
  }
  const template = random.pick([
    'What is {percent} percent of {n} {it}, to the nearest integer?',
    'A shop sells {percent} percent of its {n} {it}. How many {it} does it sell, to the nearest integer?',
  ]);
  const share = combine(combine(percent, '*', many), '/', numberTerm(100));
  return answered(fill(template, fields), [computeStep(share, 'integer')]);
};
