import { answerScorer } from '../../src/training/answer-scorer';

const judge = async () => true;
const asked = { dataset: 'my-own', question: 'How many?', gold: '1200' };

test.each([
  ['number', '1,200 men', true],
  ['number', '1,201', false],
  ['exact', '1200', true],
  ['exact', 'twelve hundred', false],
  ['dataset', '1,200', true],
  ['judge', 'anything', true],
] as const)('by %s, %s is right: %s', async (metric, prediction, right) => {
  expect(await answerScorer(metric, judge)({ ...asked, prediction })).toBe(right);
});
