import { numbersOf, sameAnswer, statedAnswer } from '../../src/trajectory/stated-answer';

test.each([
  ['So \\[ \\boxed{\\frac{5}{14}} \\]', '\\frac{5}{14}'],
  ['first \\boxed{1}, then \\boxed{\\text{Tuesday}}.', '\\text{Tuesday}'],
  ['The final answer is: **18 dollars**.', '18 dollars'],
  ['**Answer:** $x = 3$', 'x = 3'],
  ['I cannot tell.', undefined],
  ['An open box \\boxed{3', undefined],
  ['\\boxed{}', undefined],
])('%s states %s', (text, answer) => {
  expect(statedAnswer(text)).toBe(answer);
});

test.each([
  ['1,200', '1200.0'],
  ['$18', '18 dollars'],
  ['\\frac{1}{2}', '0.5'],
  ['\\dfrac12', '1/2'],
  ['-\\frac{3}{4}', '-0.75'],
  ['25\\%', '25%'],
  ['Yes.', 'yes'],
  ['\\text{Conakry}', 'conakry'],
  ['x=3', 'x = 3'],
])('%s and %s are the same', (one, other) => {
  expect(sameAnswer(one, other)).toBe(true);
});

test.each([
  ['18', '180'],
  ['1/2', '1/3'],
  ['yes', 'no'],
  ['3', 'three cats'],
  ['x = 3', 'x = 4'],
])('%s and %s are not', (one, other) => {
  expect(sameAnswer(one, other)).toBe(false);
});

test('numbers are found by their value', () => {
  expect(numbersOf('Texas has 268,596 square miles, 0.5 % of which (-3) .25')).toEqual([268596, 0.5, -3, 0.25]);
});
