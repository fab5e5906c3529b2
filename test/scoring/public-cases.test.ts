/** What met other scorers in public (C01 to C07, and S03 for integers of many digits), each case beside others of its kind. */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { readPredictions } from '../../src/formats/prediction';
import { readQuestions } from '../../src/formats/question';
import type { Gold } from '../../src/scoring/metric';
import { scoreAnswer } from '../../src/scoring/score';
import { scoreFile } from '../../src/scoring/score-file';
import { temporaryFolder } from '../temporary-folder';

type Pair = [gold: Gold, prediction: string];
const R = String.raw;

const unlike = (pairs: readonly Pair[], right: boolean, metric = 'math') =>
  pairs.filter(([gold, prediction]) => {
    const { correct, undecided } = scoreAnswer({ metric, gold, prediction });
    return correct !== right || undecided === true;
  });
/** Every pair that is judged otherwise than the table says. */
function misjudged({ right, wrong }: { right: Pair[]; wrong: Pair[] }) {
  const golds = [...right, ...wrong].map(([gold]): Pair => [gold, String(gold)]);
  return { right: unlike(right, true), wrong: unlike(wrong, false), itself: unlike(golds, true) };
}
const NONE = { right: [], wrong: [], itself: [] };

const DIGITS = String(2n ** 20_000n);

test('values beyond the range of doubles are compared by their digits or logarithms, never as 0 = 0 (C01)', () => {
  const right: Pair[] = [
    [R`\frac{1}{2004!}`, R`\frac{1}{2004!}`],
    [R`\frac{1}{2^{2000}}`, R`2^{-2000}`],
    [R`\frac{1}{e^{2000}}`, R`e^{-2000}`],
    [R`\frac{e^{1000}}{e^{999}}`, 'e'],
    [R`\sqrt{2}^{3000}`, R`2^{1500}`],
    [R`(-2)^{2001}`, R`-2^{2001}`],
    [R`(0.5)^{3000}`, R`(0.25)^{1500}`],
    [R`\binom{2000}{999}`, R`\binom{2000}{1001}`],
    [R`5001!`, R`5001\cdot 5000!`],
    [R`\frac{x}{2^{2000}}`, R`x \cdot 2^{-2000}`],
    [R`\sin \pi`, '0'],
  ];
  const wrong: Pair[] = [
    [R`\frac{1}{2004!}`, R`\frac{1}{2006!}`],
    [R`\frac{1}{2^{99}}`, R`\frac{1}{2^{98}}`],
    [R`\frac{2^{2005}+1}{3 \cdot 2^{2006}}`, R`\frac{1}{3 \cdot 2^{2006}}`],
    [R`1-\frac{1}{\mathrm{e}}`, R`1+\frac{1}{\mathrm{e}}`],
    [R`e^{-1000}`, R`e^{-1001}`],
    [R`e^{-100}`, R`e^{-101}`],
    [R`e^{-30}`, '0'],
    ['0', R`\frac{1}{2004!}`],
    [R`2^{-2000}`, R`-2^{-2000}`],
    [R`1+10^{-400}`, '1'],
    [R`\pi^{-1000}`, R`\pi^{-1001}`],
    [R`\sqrt{2}\cdot 10^{-400}`, R`\sqrt{3}\cdot 10^{-400}`],
    [R`\sqrt{2}\cdot 10^{400}`, R`\sqrt{3}\cdot 10^{400}`],
    [R`10^{10^{10}}`, R`10^{10^{11}}`],
    [R`\frac{x}{2^{2000}}`, R`\frac{x}{2^{2001}}`],
    [R`\frac{x}{2004!}`, R`\frac{x}{2006!}`],
    [R`\frac{\sqrt{x}}{2^{2000}}`, R`\frac{\sqrt{x}}{2^{2001}}`],
  ];
  expect(misjudged({ right, wrong })).toEqual(NONE);
});

test('lists, times and ratios are compared to their ends (C01)', () => {
  const right: Pair[] = [
    ['n=2, 3, 4', '4, 3, 2'],
    [R`1, 2, \ldots, n`, '1, 2, ..., n'],
    [R`19, 46, \text{ and } 82`, '82, 46, 19'],
    ['1:2:3', '2:4:6'],
    ['12:00', '12:00'],
  ];
  const wrong: Pair[] = [
    [R`\pm 2021`, '2021'],
    ['12:00', '1:00'],
    ['10:20', '5:10'],
    ['n=2, 3, 4', 'n=1, 2, 3'],
    ['D = (0, 1)', 'D = (0, 1.5)'],
    [R`1, 2, \ldots, n`, R`1, 3, 5, \ldots, 2n-1`],
    [R`1,2,\ldots,10`, R`1,2,\ldots,11`],
    [R`1:2:3:\ldots`, R`1:4:9:\ldots`],
    ['1:2:3', '1:2:4'],
    ['1:2:3', '1:2'],
    [R`19, 46, \text{ and } 82`, '21, 36, and 82'],
    [R`F_n = \sum_{k=0}^{n-1} F_k F_{n-k-1}`, R`F_n = \sum_{k=0}^{n-2} F_k F_{n-k-2}`],
  ];
  expect(misjudged({ right, wrong })).toEqual(NONE);
});

test('two spellings of one line or curve are the same, two curves are not (C02)', () => {
  const right: Pair[] = [
    ['2x+4y-3=0', 'y = -1/2*x + 3/4'],
    ['2x+4y-3=0', R`y=-\frac{1}{2}x+\frac{3}{4}`],
    ['34x+45y-20z+100=0', '-34x-45y+20z-100=0'],
    [R`\frac{x}{2}+\frac{y}{3}=1`, '3x+2y=6'],
    ['(x-1)^2+(y-2)^2=9', 'x^2+y^2-2x-4y-4=0'],
    ['y^2=4x', R`x=\frac{y^2}{4}`],
  ];
  const wrong: Pair[] = [
    ['3*x-1*y+13=0', '3x + 4y + 14=0'],
    [R`\frac{x^2}{4}+\frac{y^2}{3}=1`, R`\frac{x^2}{16}+\frac{y^2}{12}=1`],
    ['x^2=4', 'x=2'],
    ['x+y=0', 'x-y=0'],
    ['x=0', 'y=0'],
    ['y=x^2', 'y^2=x'],
  ];
  expect(misjudged({ right, wrong })).toEqual(NONE);
});

test('roots and logarithms are told apart on the real numbers, not by a complex branch (C03)', () => {
  const right: Pair[] = [
    [R`\sqrt{1/n}`, R`\frac{1}{\sqrt{n}}`],
    [R`\sqrt{\frac{a}{b}}`, R`\frac{\sqrt{a}}{\sqrt{b}}`],
    [R`\sqrt{ab}`, R`\sqrt{a}\sqrt{b}`],
    [R`(ab)^{1/3}`, R`a^{1/3}b^{1/3}`],
    [R`\sqrt{x^3}`, R`x\sqrt{x}`],
    [R`\sqrt{x^2}`, '|x|'],
    [R`\sqrt{\frac{2V}{\pi h}}`, R`\frac{\sqrt{2V}}{\sqrt{\pi h}}`],
    [R`\ln(ab)`, R`\ln a+\ln b`],
  ];
  const wrong: Pair[] = [
    // They agree for positive x alone, as docs/scoring.md says.
    [R`\ln(x^2)`, R`2\ln x`],
    [R`\sqrt{x^2}`, 'x'],
    [R`\sqrt{a^2b}`, R`a\sqrt{b}`],
    [R`\sqrt{a}+\sqrt{b}`, R`\sqrt{a+b}`],
    [R`\sqrt{a^2+b^2}`, 'a+b'],
    [R`\sqrt{x}`, R`-\sqrt{x}`],
    [R`\ln(a+b)`, R`\ln a+\ln b`],
  ];
  expect(misjudged({ right, wrong })).toEqual(NONE);
});

test('an interval and its inequality are the same in either order (C03)', () => {
  const same: Pair[] = [
    ['(0, 12.5)', '0 < x < 12.5'],
    [R`m \geq \sqrt{2}`, R`m \in [\sqrt{2}, +\infty)`],
    [R`x>3 \text{ or } x<1`, R`(-\infty,1)\cup(3,\infty)`],
    ['[0,1]', R`0\le t\le 1`],
  ];
  const right = same.flatMap(([a, b]): Pair[] => [
    [a, b],
    [b, String(a)],
  ]);
  const wrong: Pair[] = [
    ['(0, 12.5)', '[0, 12.5]'],
    [R`x \le 3`, R`(-\infty,3)`],
    [R`m \in (0,1)`, '0<n<1'],
  ];
  expect(misjudged({ right, wrong })).toEqual(NONE);
});

test('one of several required answers is not enough, and a list as gold means all of it (C07)', () => {
  const right: Pair[] = [
    ['1331 and 1728', '1728, 1331'],
    [['1331', '1728'], '1331, 1728'],
    ['x=2 or x=-3', 'x=-3 or x=2'],
  ];
  const wrong: Pair[] = [
    ['1331 and 1728', '1728'],
    ['1331 and 1728', '1331'],
    ['1331 or 1728', '1331'],
    ['x=2 or x=-3', 'x=2'],
    ['x=2, y=3', 'x=2'],
    [R`\{1,2,3\}`, R`\{1,2\}`],
    ['(1,2),(3,4)', '(1,2)'],
    [R`\pm 3`, '3'],
    [R`0 \text{ and } \pi`, R`\pi`],
    ['5', '5 or 6'],
  ];
  expect(misjudged({ right, wrong })).toEqual(NONE);
  const lists: Pair[] = [[['1331', '1728'], '1728']];
  for (const metric of ['math', 'answer', 'list', 'exact-match', 'number-or-text'])
    expect({ metric, wrong: unlike(lists, false, metric) }).toEqual({ metric, wrong: [] });
});

test.each([
  ['math', R`2^{20000}`],
  ['answer', R`2^{20000}`],
  ['python-math', '2**20000'],
  ['number', DIGITS],
])('by metric %s an integer of 6,021 digits is right to its last one (S03)', (metric, gold) => {
  const verdicts = [DIGITS, String(2n ** 20_000n + 1n), DIGITS.slice(1)].map(
    (prediction) => scoreAnswer({ metric, gold, prediction }).correct,
  );
  expect(verdicts).toEqual([true, false, false]);
});

describe('a benchmark as it is published is scored by the answer at its end (C06)', () => {
  const folder = temporaryFolder('public-cases');
  const GSM8K = 'He paid 80,000+50,000=$<<80000+50000=130000>>130,000\n#### 70000';
  const MATH = R`Solving, we get $n=1$ ... $\boxed{\dfrac{9}{7}}$`;

  test.each([
    ['number', { question: 'q', answer: GSM8K }, ['$70,000.00', '#### 70000', GSM8K, '130000'], [1, 1, 1, 0]],
    ['math', { problem: 'q', solution: MATH, level: 'Level 3' }, ['9/7', R`\frac{9}{7}`, MATH, '1'], [1, 1, 1, 0]],
    ['number', { question: 'q', answer: 29 }, ['$29.00', '29 dollars', '$29.50'], [1, 1, 0]],
  ])(
    'by metric %s: %j',
    async (metric, line, answers, expected) => {
      const file = join(folder, 'test.jsonl');
      writeFileSync(file, answers.map(() => `${JSON.stringify(line)}\n`).join(''));
      const predictions = join(folder, 'predictions.jsonl');
      writeFileSync(
        predictions,
        answers.map((prediction, index) => `${JSON.stringify({ index, prediction })}\n`).join(''),
      );
      const questions = await readQuestions(file, { needs: 'gold' });
      const scored = [];
      const scoring = scoreFile({
        predictions: (await readPredictions(predictions)).items,
        questions: new Map([['hub', questions]]),
        dataset: 'hub',
        metric,
        bounds: { workerFile: join(__dirname, 'score-worker.cjs') },
      });
      for await (const { scores } of scoring) scored.push(scores?.acc);
      expect(scored).toEqual(expected);
    },
    120_000,
  );
});

test('numbers in the notations of other countries and programs are numbers', () => {
  const right: Pair[] = [
    ['1234567', "1'234'567"],
    ['1234567', '1’234’567'],
    ['1234567', '12,34,567'],
    ['1234567', '1_234_567'],
    ['1234567', '1.234.567'],
    ['1234.5', "1'234.5"],
    ['0.5', '0,5'],
    ['100000', '10^5'],
  ];
  const wrong: Pair[] = [
    ['1234', '1.234'],
    ['12', '1,2'],
    ['1234567', '1.234.568'],
    ['5', '0,5'],
  ];
  expect(unlike(right, true, 'number')).toEqual([]);
  expect(unlike(wrong, false, 'number')).toEqual([]);
});

test('colours, words, open ends and empty sets are read in their other spellings', () => {
  const right: Pair[] = [
    ['42', R`\boxed{\color{red}{42}}`],
    ['42', R`\boxed{\textcolor{blue}{42}}`],
    ['42', R`\boxed{\text{The answer is } 42}`],
    ['42', '答案是42。'],
    ['42', '```\n42\n```'],
    ['42', "{'answer': '42'}"],
    ['42', 'The answer is therefore 42.'],
    [R`\frac13`, R`0.\dot{3}`],
    ['(0,1)', ']0,1['],
    ['[0,1)', '[0,1['],
    [R`\emptyset`, 'no solution'],
    ['3:4', R`\frac34`],
  ];
  const wrong: Pair[] = [
    ['(0,1)', '[0,1]'],
    ['[0,1)', ']0,1]'],
    ['0', 'no solution'],
    ['3:4', R`\frac43`],
  ];
  expect(unlike(right, true)).toEqual([]);
  expect(unlike(wrong, false)).toEqual([]);
});

test.each([
  ['choice', 'B', R`\boxed{\textbf{(B)}\ 12}`, true],
  ['choice', 'B', 'Ⓑ', true],
  ['choice', 'B', '[B]', true],
  ['choice', 'A', 'A dog is the answer.', false],
  ['yes-no', 'no', 'Nope', true],
  ['yes-no', 'no', 'The statement is false.', true],
  ['yes-no', 'yes', 'Correct.', true],
  ['yes-no', 'no', 'N', true],
  ['yes-no', 'no', 'N is a prime number.', false],
  ['yes-no', 'yes', 'Correct spelling is hard.', false],
  ['answer', '20°C', '20 degrees Celsius', true],
  ['answer', '20°C', '20°F', false],
  ['answer', 'St. Louis', 'Saint Louis', true],
  ['answer', 'Mt. Everest', 'Mount Everest', true],
  ['answer', '44 BC', '44 BCE', true],
  ['answer', '44 BC', '44 AD', false],
  ['answer', 'ﬁre', 'fire', true],
  ['exact-match', 'Vitamin A', 'Vitamin', false],
  ['exact-match', 'Vitamin A', 'vitamin a', true],
  ['exact-match', 'A Plan', 'Plan', true],
  ['exact-match', 'July 4, 1776', 'on Thursday, July 4, 1776', true],
  ['exact-match', 'July 4, 1776', '1776/07/04', true],
  ['exact-match', 'July 4, 1776', 'in July 1776', false],
  ['exact-match', '1776', 'in 1776', true],
  ['exact-match', '1776', 'AD 1776', true],
  ['exact-match', '1776', 'before 1776', false],
  ['exact-match', '1914-1918', 'from 1914 to 1918', true],
  ['exact-match', '12:00 pm', 'noon', true],
  ['exact-match', '12:00 am', 'noon', false],
  ['exact-match', 'Müller', 'Mueller', true],
  ['exact-match', 'Müller', 'Muller', true],
  ['yes-no', 'yes', 'Thus, the statement is true.', true],
  ['yes-no', 'no', 'So, the claim is incorrect.', true],
  ['number', '5', 'np.float64(5.0)', true],
  ['number', '0.75', 'Fraction(3, 4)', true],
  ['number', '0.75', 'Fraction(4, 3)', false],
  ['list', "['a', 'b']", "{'b', 'a'}", true],
  ['list', "['a', 'b']", "{'a': 1, 'b': 2}", false],
  ['list', '[1, 2]', 'np.array([1., 2.])', true],
  ['list', '[1, 2]', 'array([1, 3])', false],
])('%s: %j answered by %j is %s', (metric, gold, prediction, right) => {
  expect(scoreAnswer({ metric, gold, prediction }).correct).toBe(right);
});
