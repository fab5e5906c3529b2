/** Metrics `squad` and `drop` give the scores of the official scripts; pairs of our own, of each kind that their tests have. */
import { scoreAnswer } from '../../src/scoring/score';
import { bestAssignment } from '../../src/scoring/values/assignment';
import type { Gold } from '../../src/scoring/metric';

const spans = (...texts: string[]) => JSON.stringify(texts);

test.each<[string, string, Gold, number, number]>([
  ['a number is its value', '45', '45.0', 1, 1],
  ['a list is as long as it is', spans('goal'), ['goal', 'goal'], 0, 0.5],
  ['articles do not count', 'the long pass', 'long pass', 1, 1],
  ['the order of words counts for the exact match alone', 'pass long', 'long pass', 0, 1],
  ['hyphens part words', '31-yard', '31 yard', 1, 1],
  ['half of the words', '31', '31-yard', 0, 0.67],
  ['another number spoils the words around it', '31 yards', '34 yards', 0, 0],
  ['a missing number does, too', 'yards', '34 yards long', 0, 0],
  ['case and marks do not count', 'B.ob!', 'bob', 1, 1],
  ['spans are matched one to one', spans('Ann Lee', 'Bo Roy'), ['Ann Roy', 'Bo Lee'], 0, 0.5],
  ['and in any order', spans('Bo', 'Ann'), ['Ann', 'Bo'], 1, 1],
  ['a span in part', spans('Rome', 'Ostia'), ['Rome', 'port of Ostia'], 0, 0.75],
  ['one of six', spans('x', 'y', 'z', 'x y', 'y z', 'x y z'), ['y'], 0, 0.17],
])('drop: %s', (_, prediction, gold, em, f1) => {
  expect(scoreAnswer({ metric: 'drop', prediction, gold }).scores).toEqual({ em, f1 });
});

test.each<[string, string, Gold, number, number]>([
  ['articles, case and marks do not count', 'The Eiffel Tower!', 'eiffel tower', 1, 1],
  ['words in common', 'the tower of Paris', 'tower in Paris', 0, 2 / 3],
  ['a list holds alternatives', 'Lima', ['Cusco', 'Lima'], 1, 1],
  ['the best of them counts', 'old Lima', ['Cusco', 'Lima'], 0, 2 / 3],
  ['a sentence is not its answer', 'The answer is Lima', 'Lima', 0, 0.5],
])('squad: %s', (_, prediction, gold, em, f1) => {
  const { scores } = scoreAnswer({ metric: 'squad', prediction, gold });
  expect(scores?.em).toBe(em);
  expect(scores?.f1).toBeCloseTo(f1, 9);
});

test.each<[string, string, Gold, boolean, number | undefined]>([
  ['exact-match', 'UK', { anyOf: ['United Kingdom', 'UK'] }, true, 1],
  ['exact-match', 'old Kingdom', { anyOf: ['UK', 'United Kingdom'] }, false, 0.5],
  ['number', 'It takes 3 days.', { anyOf: [3, 4] }, true, undefined],
  ['drop', spans('Ann', 'Bo'), { anyOf: [['Bo', 'Ann'], '2'] }, true, 1],
  ['squad', 'old Lima', { anyOf: ['Cusco', 'Lima'] }, false, 2 / 3],
  ['answer', 'Cusco and Lima', { anyOf: ['Cusco', 'Lima'] }, false, undefined],
])('of several accepted answers the one that fits best counts: %s of %s', (metric, prediction, gold, correct, f1) => {
  const verdict = scoreAnswer({ metric, prediction, gold });
  expect(verdict.correct).toBe(correct);
  expect(verdict.scores?.f1).toBe(f1);
});

test('an assignment has the highest total, not the highest first', () => {
  const total = (scores: number[][]) => bestAssignment(scores).reduce((sum, { score }) => sum + score, 0);
  expect(
    total([
      [0.9, 0.8],
      [0.8, 0.1],
    ]),
  ).toBeCloseTo(1.6);
  expect(total([[0.5], [0.7], [0.6]])).toBeCloseTo(0.7);
  expect(total([])).toBe(0);
});
