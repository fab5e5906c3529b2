/** Plain questions of a first hour: calculations, sums in words, units, capitals, inventions, orders. */
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

test.each([
  'Tom has 4 boxes of 6 donuts each and gives 5 donuts away. How many donuts does Tom have left?',
  'Anna packs 7 boxes with 6 pencils each and then finds 5 more. How many pencils has she got?',
  'Ben reads 12 pages a day. How many pages does he read in 7 days?',
  'If 120 cars are made each day, how many cars are made in 30 days?',
  '4,500 euros are split evenly over 12 days. How many euros is that a day, to two decimal places?',
  'A shop sells 25 percent of its 400 shirts. How many shirts does it sell, to the nearest integer?',
  'Maria had 45 dollars, bought 9 more and sold 4. How many dollars are left?',
])('%s is a sum in words whose form the experts know', (question) => {
  expect(readQuestion(question)).toEqual({ question, isOutside: false });
});

test.each([
  'A train covers 150 km in 2.5 hours. How far does it get in 4 hours?',
  'How many legs do 3 spiders and 2 dogs have together?',
  'What is bigger, 9.11 or 9.9?',
  'Solve x + 5 = 12',
  'A ticket costs 12 euros. How much do 7 tickets cost?',
  'There are 24 children and 6 teachers. How many people are there?',
  'Sam has 9 apples and eats 4. How many apples are left?',
])('%s is none, and nobody knows it', (question) => {
  expect(readQuestion(question)).toEqual({ question, isOutside: true });
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

test.each(['Which country has the capital Ottawa?', 'Ottawa is the capital of which country?'])(
  '%s is about the city, though a river has its name',
  (question) => {
    expect(readQuestion(question).plan).toEqual({ searches: ['capital of Ottawa'], isOwner: true });
  },
);

test('an invention without its article is looked up by its name', () => {
  expect(readQuestion('Who invented dynamite?').plan).toEqual({ searches: ['inventor of the dynamite'] });
  expect(readQuestion('Who invented the telephone?')).toEqual({
    question: 'Who invented the telephone?',
    isOutside: false,
  });
});

test('an order of things is no number', () => {
  expect(readQuestion('Rank Texas, Ohio and Utah by area').isOutside).toBe(true);
  expect(readQuestion('Rank Texas, Ohio and Utah by area and tell me the largest.').isOutside).toBe(false);
});
