import { existsSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { scoreAnswer } from '../../src/scoring/score';
import { Scorer } from '../../src/scoring/scorer';

const marker = path.join(os.tmpdir(), `husky-score-${process.pid}`);
const many = (text: string, n: number): string => text.repeat(n);

const HOSTILE: Record<string, string> = {
  'a tower of powers': '9^{9^{9^{9^{9}}}}',
  'a tower of powers in Python': '9**9**9**9**9',
  'factorials of factorials': '170!!!!!!!!',
  'a huge power of a sum': '(x+y+z+1)^{9999}',
  'a number of 100,000 digits': many('7', 100_000),
  'a decimal of 100,000 digits': `0.${many('3', 100_000)}`,
  'an exponent of nine digits': '1e999999999',
  '100 kB of braces': many('{', 100_000),
  'balanced braces, 100 kB': many('{', 50_000) + many('}', 50_000),
  'nested parentheses': many('(', 20_000) + '1' + many(')', 20_000),
  'nested fractions': many('\\frac{1}{', 300) + '2' + many('}', 300),
  'nested roots': many('\\sqrt', 400) + '2',
  'a chain of minus signs': `${many('-', 100_000)}5`,
  '50,000 elements': `${many('1,', 50_000)}1`,
  'a union of 10,000 intervals': many('(1,2)\\cup ', 10_000) + '(1,2)',
  'boxes in boxes': many('\\boxed{', 20_000),
  'answers that are answers': `${many('the answer is ', 10_000)}5`,
  'spaces, 100 kB': `${many(' ', 100_000)}x`,
  'numbers that nearly are a list': `${many('1 ', 20_000)}!`,
  'words, 100 kB': many('a ', 50_000),
  'letters of another alphabet': 'х + 1',
  'half of a surrogate pair': many('\ud800', 5_000),
  'Python code': `__import__("os").system("touch ${marker}")`,
  'Python code as an expression': `exec("open('${marker}','w')")`,
};

const GOLDS: [string, string][] = [
  ['MATH', 'x+1'],
  ['MATH', '(1,2)\\cup(2,3)'],
  ['MATH', '\\frac{1}{2}'],
  ['MATH', '\\begin{pmatrix} 1 \\\\ 2 \\end{pmatrix}'],
  ['lila_deepmind_mathematics_algebra', '[1, 2]'],
  ['gsm8k', '7'],
  ['drop', '45 yards'],
  ['huskyqa', '\\frac{3}{8}'],
];

describe.each(['default', 'husky-v1'] as const)('rules %s', (rules) => {
  test.each(Object.entries(HOSTILE))(
    'gives a verdict on %s, and executes nothing',
    (_, prediction) => {
      for (const [task, gold] of GOLDS) {
        const verdict = scoreAnswer({ task, gold, prediction, rules });
        expect(typeof verdict.correct).toBe('boolean');
        expect(verdict.undecided).toBeUndefined();
      }
      expect(existsSync(marker)).toBe(false);
      rmSync(marker, { force: true });
    },
    120_000,
  );
});

describe('a scoring thread that does not answer', () => {
  const workerFile = path.join(__dirname, 'slow-worker.cjs');

  it('is replaced when it lives long, and each answer has its own verdict', async () => {
    const thread = new Scorer({ timeoutMs: 1_000, workerFile });
    const ask = (prediction: string) => thread.score({ task: 'gsm8k', prediction, gold: '1' });
    const verdicts = await Promise.all(['1', 'hang', '3'].map(ask));
    await thread.close();
    expect(verdicts.map(({ reason }) => reason)).toEqual(['answered 1', 'no verdict within 1 s', 'answered 3']);
    expect((await ask('4')).reason).toBe('answered 4');
    await thread.close();
  }, 300_000);

  it('is not ended while it only waits, as on a machine whose processors are busy', async () => {
    const thread = new Scorer({ timeoutMs: 1_000, workerFile });
    const verdicts = await Promise.all(
      ['wait', 'hang', 'wait'].map((prediction) => thread.score({ task: 'gsm8k', prediction, gold: '1' })),
    );
    await thread.close();
    const reasons = ['answered wait', 'no verdict within 1 s', 'answered wait'];
    expect(verdicts.map(({ reason }) => reason)).toEqual(reasons);
  }, 300_000);

  it('is ended, its line says so, and the others are scored', async () => {
    const requests = ['1', 'hang', '3', 'exhaust', '5'].map((prediction) => ({ task: 'gsm8k', prediction, gold: '1' }));
    const verdicts = [];
    const scorer = new Scorer({ timeoutMs: 3_000, memoryMb: 16, workerFile });
    for await (const verdict of scorer.scoreAll(requests)) verdicts.push(verdict);
    await scorer.close();
    expect(verdicts.map((verdict) => verdict.undecided === true)).toEqual([false, true, false, true, false]);
    expect(verdicts[1]?.reason).toBe('no verdict within 3 s');
    expect(verdicts[3]?.reason).toBe('no verdict within the memory bound');
    expect(verdicts[1]).toMatchObject({ scores: { acc: 0 }, correct: false });
    expect(verdicts[4]).toMatchObject({ reason: 'answered 5' });
  }, 300_000);
});
