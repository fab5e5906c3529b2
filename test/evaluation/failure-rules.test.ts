import { falseEquation } from '../../src/trajectory/equations';
import { explainFailure, FAILURE_RULES } from '../../src/evaluation/failure-rules';
import { contentNames, numbersIn } from '../../src/evaluation/words';
import { FAULTS, makeSample } from './report-runs';

test('a right answer has no failure, and neither has an unspoilt trajectory with a wrong answer', () => {
  for (let index = 0; index < 200; index += 1) {
    expect(explainFailure(makeSample(index))).toEqual([]);
    expect(explainFailure(makeSample(index, 'unexplained'))).toEqual([]);
  }
});

test.each(FAULTS.filter((fault) => fault !== 'unexplained'))('%s is found, and nothing else', (fault) => {
  for (let index = 0; index < 50; index += 1) {
    const findings = explainFailure(makeSample(index, fault));
    expect(findings.map(({ rule }) => rule)).toEqual([fault]);
    expect(findings[0]?.evidence).toBeTruthy();
  }
});

test('every rule has a fault that shows it', () => {
  expect(FAILURE_RULES.map(({ id }) => id).sort()).toEqual(FAULTS.filter((fault) => fault !== 'unexplained').sort());
});

test('a finding points at the step that shows it', () => {
  expect(explainFailure(makeSample(1, 'empty-search'))).toMatchObject([{ rule: 'empty-search', step: 1 }]);
  expect(explainFailure(makeSample(1, 'code-error'))).toMatchObject([
    { step: 2, evidence: 'ReferenceError: texas is not defined' },
  ]);
});

test('what a baseline wrote is checked for its arithmetic', () => {
  const { solution: _, ...sample } = makeSample(1, 'unexplained');
  expect(explainFailure({ ...sample, text: 'So 12 x 12 = 154. The answer is 154.' })).toEqual([
    { rule: 'arithmetic', evidence: '12 x 12 = 154' },
  ]);
});

test.each([
  ['12 x 3 = 36', undefined],
  ['12 x 3 = 35', '12 x 3 = 35'],
  ['$1,200 + $300 = $1,500', undefined],
  ['10 / 3 = 3.33', undefined],
  ['10 / 3 = 3.43', '10 / 3 = 3.43'],
  ['10 / 4 = 3', undefined],
  ['2 + 3 x 4 = 14', undefined],
  ['7 − 9 = -2', undefined],
  ['5 ÷ 0 = 0', undefined],
  ['20 / 80 = 25%', undefined],
  ['in 1999-2000 there were 12 = a dozen', undefined],
  // thousands, on either side and in every usual form
  ['The two towns have 12,000 + 12,000 = 24,000 people.', undefined],
  ['5 and then $12,000 + $12,000 = $25,000.', '$12,000 + $12,000 = $25,000'],
  ['1,234,567 - 1,000,000 = 234,567', undefined],
  ['1,00,000 + 2,00,000 = 3,00,000', undefined],
  ['12 000 + 12 000 = 24 000', undefined],
  ['12\u202f000 + 12\u202f000 = 25\u202f000', '12\u202f000 + 12\u202f000 = 25\u202f000'],
  ["12'000 + 12'000 = 24'000", undefined],
  ['12{,}000 \\times 2 = 24{,}000', undefined],
  ['12.000 + 12.000 = 24.000', undefined],
  ['1.200,50 + 1,50 = 1.202', undefined],
  ['in step 5 300 + 400 = 700', undefined],
  ['0.022 \\times 100 = 2.2\\%', undefined],
  ['2x-3 = 7', undefined],
  ['95 \\times 5 = 407 + a_5', undefined],
  ['3 + 4 = 9 - \\frac{1}{2}', undefined],
  ['3 + 4 = 9 - which is wrong', '3 + 4 = 9'],
  ['8 + 7 = 3 \\pmod{12}', undefined],
  ['$1,111 million + $839 million = $1,950 million', undefined],
  ['$1,111 million + $839 million = $2,050 million', '$1,111 + $839 = $2,050'],
  // decimal commas
  ['3,5 + 1,5 = 5', undefined],
  ['3,5 + 1,5 = 6', '3,5 + 1,5 = 6'],
  ['2,5 x 4 = 10', undefined],
  // currencies and percent
  ['12 € + 3 € = 15 €', undefined],
  ['12€ + 3€ = 16€', '12€ + 3€ = 16€'],
  ['$5 - $8 = -$3', undefined],
  ['20% + 30% = 50%', undefined],
  ['20% + 30% = 60%', '20% + 30% = 60%'],
  ['200 * 15% = 30', undefined],
  ['200 * 15% = 3000', '200 * 15% = 3000'],
  ['10 / 40 = 25%', undefined],
  ['10 / 40 = 35%', '10 / 40 = 35%'],
  ['100 + 10% = 110', undefined],
  // parts of something longer say nothing
  ['1 + 12,000 + 12,000 = 24,001', undefined],
  ['10 + 5 = 3 * 5', undefined],
  ['2 * 8 = 2^4', undefined],
  ['2^3 * 4 = 32', undefined],
  ['H2 + 2 = 5', undefined],
  ['1,500 + 1,500 = 3 thousand', undefined],
  ['at 12:30 + 15 = 45', undefined],
  // rounding
  ['11,870 + 12,080 ≈ 24,000', undefined],
  ['11,870 + 12,080 = 24,000', '11,870 + 12,080 = 24,000'],
  ['5 − 8 = −3', undefined],
])('equation %j: %s', (text, expected) => expect(falseEquation(text)).toBe(expected));

test('names and numbers in a text', () => {
  expect(contentNames('Find the height of Mount Everest in meters. Then stop. Compare K2.')).toEqual([
    'Mount',
    'Everest',
    'K2',
  ]);
  expect(numbersIn('Texas has 268,596 sq mi (-3.5 %), K2 8611 m, in 1,2,3 and 2020.')).toEqual([
    268596, -3.5, 8611, 1, 2020,
  ]);
});
