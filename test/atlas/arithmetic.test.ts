/** Calculations with the numbers of a question alone, and units that are asked of a mean or a range. */
import { readQuestion } from '../../src/atlas/reading/read-question';

test.each([
  ['What is 12 times 12?', '12 * 12'],
  ['whats 17% of 340', '340 * 17 / 100'],
  ['what is 25 percent of 80', '80 * 25 / 100'],
  ['Twelve times twelve', '12 * 12'],
  ['three hundred and five plus twenty-two', '305 + 22'],
  ['Add three and four.', '3 + 4'],
  ['Subtract 5 from 9', '9 - 5'],
  ['What is the average of 3, 4 and 5?', '(3 + 4 + 5) / 3'],
  ['how much is 1,250 * 4 ?', '1250 * 4'],
  ['(3+4)*2 =', '(3 + 4) * 2'],
  ['12×12', '12 * 12'],
  ['2-5', '2 - 5'],
  ['What is half of 90?', '90 / 2'],
  ['What is 7 squared?', '7 * 7'],
  ['What is 3 million plus 2?', '3000000 + 2'],
])('%s is computed', (question, compute) => {
  expect(readQuestion(question)).toMatchObject({ isOutside: false, plan: { searches: [], compute } });
});

test('it is rounded as the question says', () => {
  const { plan, change } = readQuestion('What is 10 divided by 3, to two decimal places?');
  expect([plan?.compute, change]).toEqual(['10 / 3', { kind: 'rounded', places: 2 }]);
});

test.each(['What is 12?', 'What is 3 4?', 'How old is 5 plus?', 'In 1911, what was 5 percent?', '(3 + 4 * 2'])(
  '%s is no calculation',
  (question) => {
    expect(readQuestion(question).plan).toBeUndefined();
  },
);

test.each([
  [
    'What is the average area of Texas, Utah and Nevada in km2?',
    '(area of Texas + area of Utah + area of Nevada) / 3 * 2.58999',
  ],
  ['Average the heights of K2 and Mont Blanc in feet', '(height of K2 + height of Mont Blanc) / 2 * 3.28084'],
  ['What is the average height of K2 and Mont Blanc?', '(height of K2 + height of Mont Blanc) / 2'],
  ['What is the range of the heights of K2, Mont Blanc and Ben Nevis in feet?', '({larger} - {smaller}) * 3.28084'],
])('%s is told in the unit that it asks for', (question, compute) => {
  expect(readQuestion(question).plan?.compute).toBe(compute);
});
