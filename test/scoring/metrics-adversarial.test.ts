import { scoreAnswer } from '../../src/scoring/score';
import { findTask } from '../../src/scoring/tasks';
import { DIFFERENT, SAME } from './adversarial-pairs';

const isRight = (name: string, prediction: string, gold: (typeof SAME)[string][number][1]): boolean =>
  scoreAnswer({ ...(findTask(name) ? { task: name } : { metric: name }), prediction, gold }).correct;

test.each(Object.entries(SAME))('%s: other spellings of the answer are right', (name, pairs) => {
  expect(pairs.filter(([prediction, gold]) => !isRight(name, prediction, gold))).toEqual([]);
});

test.each(Object.entries(DIFFERENT))('%s: what only looks like the answer is wrong', (name, pairs) => {
  expect(pairs.filter(([prediction, gold]) => isRight(name, prediction, gold))).toEqual([]);
});

/** A gold answer that is not one of the metric's own form has no verdict the other way round. */
const SYMMETRIC = ['MATH', 'hotpotqa'];

test.each(SYMMETRIC)('%s: two answers are the same whichever is the gold one', (name) => {
  const pairs = [...(SAME[name] ?? []), ...(DIFFERENT[name] ?? [])].filter(
    ([prediction]) => !/boxed|answer|^\$|^\\\[|^$|\.$|^(?:yes|no)\b/i.test(prediction),
  );
  const asymmetric = pairs.filter(
    ([prediction, gold]) => isRight(name, prediction, gold) !== isRight(name, String(gold), prediction),
  );
  expect(asymmetric).toEqual([]);
});
