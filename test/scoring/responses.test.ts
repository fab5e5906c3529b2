import { extractAnswer, readAnswer } from '../../src/scoring/extraction';
import { scoreAnswer } from '../../src/scoring/score';
import { FORMS, RESPONSES } from './response-pairs';

test.each(Object.entries(RESPONSES))('%s', (_, pairs) => {
  const other = pairs.filter(
    ([metric, prediction, gold, right]) => scoreAnswer({ metric, prediction, gold }).correct !== right,
  );
  expect(other).toEqual([]);
});

test.each(Object.entries(FORMS))('forms of one answer: %s', (_, pairs) => {
  const other = pairs.filter(
    ([prediction, gold, right]) => scoreAnswer({ metric: 'math', prediction, gold }).correct !== right,
  );
  expect(other).toEqual([]);
});

test('a verdict says what was taken, and by which rule', () => {
  const rule = (prediction: string) => {
    const { answer, extraction } = scoreAnswer({ metric: 'number', prediction, gold: '9' });
    return [answer, extraction];
  };
  expect(rule('So \\boxed{9}.')).toEqual(['9', 'boxed']);
  expect(rule('The answer is 9.')).toEqual(['9', 'final answer']);
  expect(rule('3*3\n#### 9')).toEqual(['9', '####']);
  expect(rule('<answer>9</answer>')).toEqual(['9', 'answer tag']);
  expect(rule('9')).toEqual(['9', 'whole text']);
  expect(rule('In the end 3 times 3 makes 9.')).toEqual(['9', 'last number']);
  expect(rule('<think>it is 9')).toEqual([null, undefined]);
});

const RESPONSE = 'We try \\boxed{4}. The answer is 5. In the end there are 6 left over.';

test.each([
  ['auto', '4'],
  ['boxed', '4'],
  ['marked', '5'],
  ['last', '6'],
  ['whole', RESPONSE.slice(0, -1)],
] as const)('extraction %s', (extract, text) => {
  expect(readAnswer(RESPONSE, { extract }).map((reading) => reading.text)).toContain(text);
});

test.each(['marked', 'boxed'] as const)(
  'extraction %s finds nothing in a bare answer, which is then wrong',
  (extract) => {
    expect(scoreAnswer({ metric: 'number', prediction: '5', gold: '5', extract })).toMatchObject({
      correct: false,
      answer: null,
      reason: 'no answer found',
    });
  },
);

describe("lm-evaluation-harness's filters of GSM8K bring its exact match", () => {
  const harness = (extract: 'gsm8k-strict' | 'gsm8k-cot-strict' | 'gsm8k-flexible', prediction: string, gold: string) =>
    scoreAnswer({ metric: 'number', extract, prediction, gold }).correct;

  test.each([
    ['gsm8k-strict', 'First 3.\n#### 1,200', '1200', true],
    ['gsm8k-strict', '#### 18\n\nQuestion: more?\n#### 7', '18', true],
    ['gsm8k-strict', 'The answer is 1200.', '1200', false],
    ['gsm8k-strict', '#### 18.00', '18', false],
    ['gsm8k-strict', '#### $18', '18', false],
    ['gsm8k-cot-strict', 'So 6. The answer is 1,200.', '1200', true],
    ['gsm8k-cot-strict', 'So 6. The answer is $1,200.', '1200', false],
    ['gsm8k-flexible', 'So 6, then $1,200.', '1200', true],
    ['gsm8k-flexible', 'So 1,200 in 3 days', '1200', false],
    ['gsm8k-flexible', 'nothing', '1200', false],
  ] as const)('%s: %s', (extract, prediction, gold, right) => {
    expect(harness(extract, prediction, gold)).toBe(right);
    expect(harness(extract, prediction, `A solution.\n#### ${gold}`)).toBe(right);
  });
});

test('blanks without end cost no time', () => {
  const before = Date.now();
  const prediction = `The answer is 5${' '.repeat(200_000)}because${'\n '.repeat(100_000)}`;
  expect(scoreAnswer({ metric: 'exact-match', prediction, gold: '5' }).correct).toBe(true);
  expect(Date.now() - before).toBeLessThan(5_000);
});

test('a program gets one short answer of a long response', () => {
  expect(extractAnswer('Some work.\n\nThe answer is 18.\n\nLet me know if I can help.').text).toBe('18');
  expect(extractAnswer('Paris').text).toBe('Paris');
  expect(extractAnswer('<think>never ends').text).toBeNull();
});

test('by the rules of husky-v1 a prediction is taken as it is, unless an extraction is asked for', () => {
  const request = { task: 'MATH', prediction: 'So \\boxed{5}', gold: '5', rules: 'husky-v1' as const };
  expect(scoreAnswer(request).correct).toBe(false);
  expect(scoreAnswer({ ...request, extract: 'boxed' }).correct).toBe(true);
});
