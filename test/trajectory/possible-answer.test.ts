import { join } from 'node:path';
import { isImpossible } from '../../src/trajectory/possible-answer';
import { readJsonLines, sharedFolder } from '../scoring/shared-data';

const FLIPS = 'What is the probability that all four coins show heads?';
const PEOPLE = 'A bus holds 12. How many people got off?';
const DAYS = 'Two men and 7 children do it in 4 days. The number of days required by 1 man to do it is';

test.each([
  [FLIPS, '11.390625'],
  [FLIPS, '-0.2'],
  [FLIPS, '120%'],
  [FLIPS, 'Yes'],
  [PEOPLE, '2.5'],
  [PEOPLE, '\\frac{5}{2}'],
  [PEOPLE, '-3'],
  [DAYS, 'c/2'],
  ['How old is Ann now?', '-7'],
  ['How long does he take?', '2*x + 1'],
])('%s cannot be answered by %s', (question, answer) => {
  expect(isImpossible(question, answer)).toBe(true);
});

test.each([
  [FLIPS, '\\frac{1}{16}'],
  [FLIPS, '6.25%'],
  [FLIPS, '1'],
  ['What is the probability, in percent, that it rains?', '40'],
  ['How likely is it, in percent, that it rains?', '40'],
  [PEOPLE, '3'],
  [PEOPLE, '3 people'],
  [PEOPLE, '1.6 million'],
  [PEOPLE, '480.00000000000006'],
  ['How many hours did she walk?', '2.5'],
  ['How many more points has A than B?', '-3'],
  ['How many degrees is it outside?', '-3'],
  ['How many children has a family on average?', '1.4'],
  ['How much is 3 minus 5?', '-2'],
  ['How many dots has figure n, in terms of n?', 'n^2 + 1'],
  ['How fast does he drive?', '20 m/s'],
  ['Simplify (x^2)(x).', 'x^3'],
])('%s may be answered by %s', (question, answer) => {
  expect(isImpossible(question, answer)).toBe(false);
});

const datasets = sharedFolder('datasets');
(datasets ? test.each : test.skip.each)([
  ['gsm8k', 1319],
  ['MATH', 5000],
  ['tabmwp', 1000],
  ['tatqa', 718],
  ['hotpotqa', 1000],
])('no right answer of %s is impossible', (name, count) => {
  const questions = readJsonLines<{ question: string; answer: unknown }>(join(datasets ?? '', name, 'test.jsonl'));
  expect(questions).toHaveLength(count);
  const objected = questions.filter(({ question, answer }) =>
    [answer].flat().some((one) => isImpossible(question, String(one))),
  );
  expect(objected).toEqual([]);
});
