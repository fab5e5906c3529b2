import { namesAskedAbout, namesOf } from '../../src/trajectory/asked-names';

test.each([
  ['How many more people live in Ohio than in Utah?', ['Ohio', 'Utah']],
  ['How tall is Mount St. Helens?', ['Mount St. Helens']],
  ['Is the Jin Mao Tower taller than the Calgary Tower?', ['Jin Mao Tower', 'Calgary Tower']],
  [
    'If a map is drawn so that 1 inch represents 50 miles, how many inches bigger is Mali than Peru, to one decimal place?',
    ['Mali', 'Peru'],
  ],
  ["What is the Rio de la Plata's length?", ['Rio de la Plata']],
])('%s', (question, names) => expect(namesAskedAbout(question)).toEqual(names));

test.each([
  'Natalia sold clips to 48 of her friends in April. She sold half as many in May. How many clips did Natalia sell?',
  'If Tom buys 3 bags of 6 apples and eats 2 of them, how many apples has Tom left?',
  'What is the mean of the numbers?\n[Name, Coins]',
  "Let $f(x) = x^2$. Find Euler's bound for \\sqrt{2}.",
  'How old was the inventor of the cotton gin when it was invented?',
])('nothing is named in: %s', (question) => expect(namesAskedAbout(question)).toEqual([]));

test('a long text takes no longer than reading it', () => {
  const startedAt = process.cpuUsage();
  for (const text of ['A'.repeat(200_000), 'A b '.repeat(50_000), 'A of the '.repeat(25_000), '1 '.repeat(100_000)])
    namesOf(text);
  namesAskedAbout('to the nearest '.repeat(20_000));
  const { user } = process.cpuUsage(startedAt);
  expect(user / 1e6).toBeLessThan(20);
});
