import { loneNumber, asAsked, isTruthForThing, asksForYears, asksForNumber } from '../../src/trajectory/asked-answer';
import { asRounded, withoutRounding } from '../../src/trajectory/asked-rounding';

test.each([
  ['Who starred in Crash?', 'Yes', true],
  ['A table.\nWhere can season 2 be found?', 'No, nowhere.', true],
  ['Who won the race?', 'No one', false],
  ['Is it known who won?', 'Yes', false],
  ['By what Ada said, is the door open?', 'No', false],
  ['What is the truth value of P, true or false?', 'True', false],
  ['Which town is larger?', 'Yesterday', false],
])('%s is not answered by a truth value: %s %s', (question, answer, expected) => {
  expect(isTruthForThing(question, answer)).toBe(expected);
});

test.each([
  ['Which is taller, the Sydney Opera House or Mont Blanc?', 'Sydney Opera House', 'Sydney Opera House'],
  ['Which is taller, the Sydney Opera House or Mont Blanc?', '\\text{The Mont Blanc}', '\\text{The Mont Blanc}'],
  ['Which is taller, the Sydney Opera House or Mont Blanc?', '270', undefined],
  ['Which is taller, the Sydney Opera House or Mont Blanc?', 'True', undefined],
  ['Which has more people: Conakry or Perm?', 'Perm has more people than Conakry', undefined],
  ['Which has more people: Conakry or Perm?', 'Perm (982,419 people)', 'Perm (982,419 people)'],
  ['Which number is larger, 3 or 5?', '5', '5'],
  ['Which is hotter, Mars or Venus?', 'the second planet', 'the second planet'],
  ['Is Musala taller than Etna?', 'True', 'yes'],
  ['Is Musala taller than Etna?', 'False.', 'no'],
  ['Is Musala taller than Etna?', 'No, it is lower', 'No, it is lower'],
  ['Is Musala taller than Etna?', '\\text{Yes}', '\\text{Yes}'],
  ['Is Musala taller than Etna?', '400', undefined],
  ['x | y. The table shows a function. Is the function linear or nonlinear?', 'nonlinear', 'nonlinear'],
  ['x | y. The table shows a function. Is the function linear or nonlinear?', '\\text{linear}', '\\text{linear}'],
  ['x | y. The table shows a function. Is the function linear or nonlinear?', 'No', undefined],
  ['Will there be a shortage or a surplus?', '4', undefined],
  ['Will there be a shortage or a surplus?', 'surplus', 'surplus'],
  ['Is it prime or not?', 'No', 'No'],
  ['Anna has 3 apples or pears. Is that more than 2?', 'True', 'yes'],
  ['Is 5 more than what is left? How many are left?', '4', '4'],
  ['How many solutions are there?', 'True', undefined],
  ['How many solutions are there?', 'infinitely many', 'infinitely many'],
  ['What is the ratio of 5 to 3, to one decimal place?', '1.6666', '1.7'],
  ['What is 22 percent of 2,966 cookies, to the nearest integer?', '652.52', '653'],
  ['Who wrote Faust?', 'Goethe', 'Goethe'],
])('%s %s -> %s', (question, answer, expected) => {
  expect(asAsked(question, answer)).toBe(expected);
});

test('a difference is no ratio', () => {
  const asked = (answer: string, known: number[]) =>
    asAsked('How many times deeper is Lake Huron than Lake Turkana, to one decimal place?', answer, known);
  expect(asked('120', [229, 109])).toBeUndefined();
  expect(asked('-120 meters', [109, 229])).toBeUndefined();
  expect(asked('2.1009', [229, 109])).toBe('2.1');
  expect(asked('2', [4, 2])).toBe('2');
  expect(asAsked('How many meters deeper is it?', '120', [229, 109])).toBe('120');
});

test('questions for numbers and ages are told by their words', () => {
  for (const question of [
    'How many people live there?',
    'By how many meters is A higher?',
    'What is the combined population of A and B?',
    'In what year did he die?',
    'At what age did he die?',
    'What was the average height of A and B?',
  ])
    expect([question, asksForNumber(question)]).toEqual([question, true]);
  for (const question of ['Who lives there?', 'What is the capital of France?', 'Which city is larger, A or B?'])
    expect([question, asksForNumber(question)]).toEqual([question, false]);
  const years = [
    'How old was he in 1912?',
    'At what age did he die?',
    'How many years before it was invented was he born?',
  ];
  expect([...years, 'What is the average?', 'In what year did he die?'].filter(asksForYears)).toEqual(years);
});

test.each([
  ['How long does it take, to the nearest integer?', 'How long does it take?', '612.5', '613'],
  ['To the nearest integer, what is the area?', 'What is the area?', '-0.5', '-1'],
  ['What is x, to two decimal places?', 'What is x?', '19.096418', '19.10'],
  ['What is x? Round your answer to the nearest tenth.', 'What is x?', '2.25 cm', '2.3 cm'],
  [
    'What is x? Express it as a decimal to the nearest hundredth.',
    'What is x? Express it as a decimal.',
    '1.005',
    '1.01',
  ],
  ['What is x (rounded to 1 decimal place)?', 'What is x?', '1,234.56', '1234.6'],
  ['What is x to the nearest whole number?', 'What is x?', '-0.2', '0'],
  // Fewer decimals, fractions and words stay as they are.
  ['What is x, to two decimal places?', 'What is x?', '36.7', '36.7'],
  ['What is x, to the nearest integer?', 'What is x?', '\\frac{5}{2}', '\\frac{5}{2}'],
  ['What is x, to the nearest integer?', 'What is x?', 'about 2.7', 'about 2.7'],
  // A rounding in the middle belongs to the computation.
  ['Prices are rounded to the nearest integer. What does it cost?', undefined, '2.7', '2.7'],
  ['What is x?', undefined, '2.7', '2.7'],
])('%s', (question, exact, answer, rounded) => {
  expect(withoutRounding(question)).toBe(exact ?? question);
  expect(asRounded(question, answer)).toBe(rounded);
});

test('long questions take no long time', () => {
  for (const part of ['which , ', ' or a', ' \n', 'to the nearest ', 'is a ', 'a.  '])
    expect(() => asAsked(`${part.repeat(400_000 / part.length)}?`, '2.5')).not.toThrow();
  expect(asRounded('What is x, to the nearest integer?', '7'.repeat(32_000))).toHaveLength(32_000);
});

test.each([
  ['What percentage of Ohio is Utah, to the nearest integer?', '19.68% of Ohio is Utah.', '19.68%'],
  ['How many hours does it take at 30 miles an hour?', 'At 30 miles an hour it takes 4.5 hours.', '4.5 hours'],
  ['How old was he?', 'He was born in 1900 and died in 1990.', 'He was born in 1900 and died in 1990.'],
  ['How long is it?', 'x = 5 or so it seems', 'x = 5 or so it seems'],
  ['How tall is it?', '306 meters', '306 meters'],
  ['Who was born in 1900?', 'Ada, born 1900, had 2 sons', 'Ada, born 1900, had 2 sons'],
])('%s: the number of "%s"', (question, text, number) => expect(loneNumber(question, text)).toBe(number));
