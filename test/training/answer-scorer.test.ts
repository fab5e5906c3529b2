import { answerScorer } from '../../src/training/answer-scorer';

const judge = async () => true;
const asked = { dataset: 'my-own', question: 'How many?', gold: '1200' };

test.each([
  ['number', '1,200 men', true],
  ['number', '1,201', false],
  ['exact', '1200', true],
  ['exact', 'twelve hundred', true],
  ['exact', 'fewer than 1200', false],
  ['dataset', '1,200', true],
  ['judge', 'anything', true],
] as const)('by %s, %s is right: %s', async (metric, prediction, right) => {
  expect(await answerScorer(metric, judge)({ ...asked, prediction })).toBe(right);
});

test('algebra that does not end is neither right nor wrong, and the next answer is scored', async () => {
  const score = answerScorer('dataset', judge);
  const math = { dataset: 'math', question: 'What is it?', gold: '\\frac{1}{2}' };
  const tower = `${'9^{'.repeat(40)}9${'}'.repeat(40)}`;
  expect(await score({ ...math, prediction: tower })).not.toBe(true);
  expect(await score({ ...math, prediction: '0.5' })).toBe(true);
}, 60_000);
