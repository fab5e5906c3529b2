import { readdirSync } from 'node:fs';
import path from 'node:path';
import { scoreAnswer } from '../../src/scoring/score';
import { findTask } from '../../src/scoring/tasks';
import type { Gold } from '../../src/scoring/metric';
import { readJsonLines, sharedFolder } from './shared-data';

const folder = sharedFolder('datasets');
const itWithData = folder === undefined ? it.skip : it;

interface Question {
  index: number;
  answer: Gold;
}

const questions = (name: string): Question[] =>
  readJsonLines<Question>(path.join(folder as string, name, 'test.jsonl'));
const asPrediction = (gold: Gold): string => (typeof gold === 'boolean' ? (gold ? 'yes' : 'no') : String(gold));
const right = (task: string, prediction: string, gold: Gold): boolean =>
  scoreAnswer({ task, prediction, gold }).correct;

itWithData(
  'a gold answer is right against itself in every dataset',
  () => {
    const wrong: string[] = [];
    for (const name of readdirSync(folder as string).filter((entry) => findTask(entry) !== undefined)) {
      for (const { index, answer } of questions(name)) {
        if (!right(name, asPrediction(answer), answer)) wrong.push(`${name} ${index}: ${String(answer)}`);
      }
    }
    expect(wrong).toEqual([]);
  },
  300_000,
);

const REWRITINGS: Record<string, (latex: string) => string> = {
  'spaces around operators': (s) => s.replace(/(?<=[\w)}])\s*([+=])\s*/g, ' $1 '),
  'no spaces': (s) => (/\\text|\\mbox|\\[a-z]+ [a-zA-Z]/.test(s) ? s : s.replaceAll(' ', '')),
  'thin spaces': (s) => s.replace(/, /g, ',\\, '),
  '\\dfrac': (s) => s.replace(/\\frac/g, '\\dfrac'),
  '\\tfrac': (s) => s.replace(/\\[dc]?frac/g, '\\tfrac'),
  '\\left and \\right': (s) => (/^\([^()]*\)$/.test(s) ? `\\left${s.slice(0, -1)}\\right)` : s),
  'mathematics signs': (s) => `$${s}$`,
  parenthesised: (s) => `\\(${s}\\)`,
  boxed: (s) => `So we find \\boxed{${s}}.`,
  'a sentence': (s) => `The answer is ${s}.`,
  padding: (s) => `  ${s}\n`,
};

itWithData.each(Object.entries(REWRITINGS))(
  'MATH answers stay right with %s',
  (_, rewrite) => {
    const wrong = questions('MATH')
      .filter((_question, i) => i % 3 === 0)
      .map(({ answer }) => String(answer))
      .filter((gold) => !right('MATH', rewrite(gold), gold));
    expect(wrong).toEqual([]);
  },
  300_000,
);

itWithData(
  'being the same mathematical answer is symmetric, and other answers are mostly wrong',
  () => {
    const golds = [...new Set(questions('MATH').map(({ answer }) => String(answer)))];
    const asymmetric: string[] = [];
    const same: string[] = [];
    for (let i = 0; i + 7 < golds.length; i++) {
      const [a, b] = [golds[i], golds[i + 7]] as [string, string];
      const [ab, ba] = [right('MATH', a, b), right('MATH', b, a)];
      if (ab !== ba) asymmetric.push(`${a} | ${b}`);
      if (ab) same.push(`${a} | ${b}`);
    }
    expect(asymmetric).toEqual([]);
    expect(same.length).toBeLessThan(golds.length / 200);
  },
  300_000,
);

describe('numbers', () => {
  const same: [string, string][] = [
    ['1,234.50', '1234.5'],
    ['-\\frac{3}{4}', '-0.75'],
    ['2 1/2', '2.5'],
    ['1.5 \\times 10^{-3}', '0.0015'],
    ['3.5 × 10^-1', '7/20'],
    ['½', '0.5'],
    ['１２', '12'],
    ['$5.00', '5'],
    ['0.3333333333', '1/3'],
    ['45%', '0.45'],
    ['45%', '45'],
    ['18k', '18000'],
    ['450 km', '450 kilometers'],
    ['12 sq ft', '12 square feet'],
  ];
  test.each(same)('%s is %s', (prediction, gold) => {
    expect(scoreAnswer({ metric: 'number', prediction, gold }).correct).toBe(true);
  });

  const different: [string, string][] = [
    ['0.33', '1/3'],
    ['500', '5'],
    ['-5', '5'],
    ['1/3', '1/2'],
    ['between 4 and 6', '5'],
    ['nan', '5'],
    ['5e3', '5'],
    ['0.0001', '0.0002'],
    ['18k', '18'],
    ['450 km', '450 miles'],
    ['45', '0.45'],
    ['.5', '5'],
  ];
  test.each(different)('%s is not %s', (prediction, gold) => {
    expect(scoreAnswer({ metric: 'number', prediction, gold }).correct).toBe(false);
  });
});

describe('a point before the first digit counts in every metric', () => {
  test.each(['number', 'exact-match', 'number-or-text', 'answer', 'math'])('%s', (name) => {
    const is = (prediction: string, gold: string) => scoreAnswer({ metric: name, prediction, gold }).correct;
    expect([is('.5', '5'), is('$.5', '5'), is('-.5', '-5'), is('.5', '0.5'), is('-.5', '-0.5')]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });
});

describe('units behind an expression', () => {
  test.each([
    ['2\\pi', '2\\pi \\text{ cm}', true],
    ['2\\pi\\text{ cm}', '2\\pi', true],
    ['\\frac{x}{2}\\mbox{ m}^2', '\\frac x2\\text{ m}^2', true],
    ['3\\pi', '2\\pi \\text{ cm}', false],
    ['2\\pi \\text{ m}', '2\\pi \\text{ cm}', false],
  ])('%s for %s', (prediction, gold, expected) => {
    expect(scoreAnswer({ metric: 'math', prediction, gold }).correct).toBe(expected);
  });
});

describe('choices', () => {
  it.each(['C', '(C)', '\\text{(C)}', 'Option C', 'C. Paris', 'The answer is (C).', 'c'])('"%s" is C', (prediction) => {
    expect(scoreAnswer({ metric: 'choice', prediction, gold: 'C' }).correct).toBe(true);
  });
  it.each(['B', 'Canada', '', 'B or C'])('"%s" is not C', (prediction) => {
    expect(scoreAnswer({ metric: 'choice', prediction, gold: 'C' }).correct).toBe(false);
  });
});
