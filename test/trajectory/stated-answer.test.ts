import {
  numbersOf,
  readable,
  sameAnswer,
  sameList,
  scaledAs,
  statedAnswer,
  unmarked,
} from '../../src/trajectory/stated-answer';

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

test.each([
  ['The change is \\boxed{61.6} million.', '61.6 million'],
  ['So \\(\\boxed{3384}\\) thousand dollars.', '3384 thousand'],
  ['It is $\\boxed{12}$ \\text{ percent}.', '12 percent'],
  ['$302 million - $148 million = $154 million. It is \\boxed{154}.', '154 million'],
  ['$2,050 million ÷ 2 = $1,025 million, so \\boxed{1025}.', '1025 million'],
  ['It grew from 3 million by 6 / 2 = 3 times: \\boxed{3}', '3'],
  ['Of 154 million people 54 left: \\boxed{54}', '54'],
  ['\\boxed{2.5 million} million', '2.5 million'],
  ['\\boxed{5} millionaires', '5'],
])('the scale outside a box belongs to its number: %s', (text, answer) => {
  expect(statedAnswer(text, true)).toBe(answer);
});

test('a printed number gets the scale that worked solutions agree on, if it is of their size', () => {
  const million = ['So $1,025 million: \\boxed{1025}', '\\boxed{975} million', 'I cannot tell.'];
  expect(scaledAs('975.0', million)).toBe('975.0 million');
  expect(scaledAs('975000000', million)).toBe('975000000');
  expect(scaledAs('975.0', [...million, '\\boxed{975} thousand'])).toBe('975.0');
  expect(scaledAs('Oslo', million)).toBe('Oslo');
  expect(scaledAs('2.2', ['\\boxed{2.2} percent'])).toBe('2.2');
});

test.each([
  ['\\mathbf{42}', '42'],
  ['\\left(42\\right)', '42'],
  ['42^\\circ', '42'],
  ['42^{\\circ}', '42'],
  ['x = 42', '42'],
  ['4.2 \\times 10^1', '42'],
  ['1.5\\times10^{-3}', '0.0015'],
  ['(1, 2)', '(1, 2)'],
  ['x^2 = 4', 'x^2 = 4'],
])('%s without marks is %s', (answer, expected) => {
  expect(unmarked(answer)).toBe(expected);
});

test.each([
  ['42 \\text{ dollars}', '42 dollars'],
  ['\\$42', '$42'],
  ['2.2\\%', '2.2%'],
  ['\\text{Tuesday}', 'Tuesday'],
  ['\\frac{1}{2} \\text{ cups}', '\\frac{1}{2} \\text{ cups}'],
  ['x_1 = \\text{odd}', 'x_1 = \\text{odd}'],
  ['1,000', '1,000'],
])('%s is shown as %s', (answer, expected) => {
  expect(readable(answer)).toBe(expected);
});

test('numbers are found by their value', () => {
  expect(numbersOf('Texas has 268,596 square miles, 0.5 % of which (-3) .25')).toEqual([268596, 0.5, -3, 0.25]);
});

test.each([
  ['[7, 17, 59]', '7, 17, 59', true],
  ['[7, 17, 59]', '59, 7, \\text{ and } 17', true],
  ['\\{-2, 3\\}', '{3, -2}', true],
  ['[0.5, 2]', '\\frac{1}{2} and 2', true],
  ['[2, 0.5]', '2, \\frac{1}{2}', true],
  ['(1, 2)', '\\left(1, 2\\right)', true],
  ['(1, 2)', '(2, 1)', false],
  ['[7, 17]', '7, 17, 59', false],
  ['[7, 17]', '[7, 18]', false],
  ['7', '[7]', false],
  ['a, b', 'b, a', false],
  ['{7: 1, 17: 1}', '7, 17', false],
])('%s and %s are lists of the same numbers: %s', (one, other, expected) => {
  expect(sameList(one, other)).toBe(expected);
});
