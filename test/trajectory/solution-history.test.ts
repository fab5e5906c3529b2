import { cutEnd, cutMiddle, oneLine } from '../../src/trajectory/bounded-text';
import { bestAnswer } from '../../src/trajectory/best-answer';
import { fitHistory } from '../../src/trajectory/fit-history';
import { renderSolutionHtml } from '../../src/evaluation/report/render-solution';
import { renderMarkdown } from '../../src/trajectory/render-markdown';
import { renderHistory } from '../../src/trajectory/solution-history';
import { NO_USAGE, type Step } from '../../src/trajectory/step';

const step = (over: Partial<Step>): Step => ({
  index: 0,
  tool: 'code',
  step: 'Add 1 and 2.',
  output: 'It is 3.',
  model: {},
  usage: NO_USAGE,
  durationMs: 1,
  attempts: 1,
  ...over,
});

describe('renderHistory', () => {
  test('is None before the first step', () => expect(renderHistory([])).toBe('None'));
  test('shows step and output without numbers, and says when an output is missing', () => {
    const entries = [
      { step: ' Find x. ', output: 'x is 3. ' },
      { step: 'Find y.', output: '' },
    ];
    expect(renderHistory(entries)).toBe('Step: Find x.\nOutput: x is 3.\nStep: Find y.\nOutput: This step has failed.');
  });
});

describe('fitHistory', () => {
  const count = (text: string) => text.length;
  const history = Array.from({ length: 10 }, (_, i) => ({ step: `step ${i}`, output: `${i}`.repeat(300) }));

  test('leaves a history alone that fits', () => {
    expect(fitHistory(history, 10_000, count)).toEqual({ entries: history, shortened: 0, omitted: 0 });
  });

  test('shortens the oldest outputs first and only as many as needed', () => {
    const fitted = fitHistory(history, 2500, count);
    const whole = fitted.entries.map(({ output }) => output.length === 300);
    expect(fitted.shortened).toBeGreaterThan(0);
    expect(whole.indexOf(true)).toBe(fitted.shortened);
    expect(whole.slice(fitted.shortened)).not.toContain(false);
    expect(fitted.entries[0]?.output).toContain('300 characters in all');
  });

  test('leaves out the oldest steps only when all others are short, and says how many', () => {
    const fitted = fitHistory(history, 900, count);
    expect(fitted.omitted).toBeGreaterThan(0);
    expect(fitted.entries[0]?.step).toContain(`${fitted.omitted} earlier steps`);
    expect(fitted.entries.at(-1)).toEqual(history.at(-1));
  });
});

describe('fitHistory, when the newest output alone is too long', () => {
  test('keeps as much of its start and end as fits, and says so', () => {
    const history = [
      { step: 'Find x.', output: 'x is 3.' },
      { step: 'Print all.', output: `first ${'digit '.repeat(500)}last` },
    ];
    const { entries, shortened, omitted } = fitHistory(history, 400, ({ length }) => length);
    const newest = entries.at(-1)?.output ?? '';
    expect(newest).toMatch(/^first [^]*3010 characters in all[^]*last$/);
    expect(newest.length).toBeGreaterThan(250);
    expect(entries[0]?.step).toBe('(1 earlier steps)');
    const shown = entries.map(({ step, output }) => `Step: ${step}\nOutput: ${output}\n`).join('');
    expect(shown.length).toBeLessThanOrEqual(400);
    expect({ shortened, omitted }).toEqual({ shortened: 1, omitted: 1 });
  });
});

describe('bounded text', () => {
  test('names the full length where it cut', () => {
    expect(cutEnd('abcdef', 3)).toBe('abc [... cut, 6 characters in all]');
    expect(cutMiddle('abcdefgh', 4)).toBe('ab\n[... cut, 8 characters in all ...]\ngh');
    expect(cutMiddle('abcd', 4)).toBe('abcd');
  });
  test('never cuts a character in two', () => {
    expect(cutEnd('a😀b', 2)).toBe('a [... cut, 4 characters in all]');
    expect(cutMiddle('a😀😀b', 4)).not.toMatch(
      /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/,
    );
  });
  test('oneLine keeps to one line', () => expect(oneLine(' a\n b\tc ', 4)).toBe('a b…'));
});

describe('bestAnswer', () => {
  test('is the result of the last program that ran', () => {
    const steps = [
      step({ observation: '7' }),
      step({ observation: '8\n' }),
      step({ tool: 'search', observation: 'Texas' }),
      step({ observation: '9', failure: { kind: 'program-failed', message: 'NameError' } }),
    ];
    expect(bestAnswer(steps)).toBe('8');
  });
  test('is empty without a program', () => expect(bestAnswer([step({ tool: 'math' })])).toBe(''));
});

describe('renderMarkdown', () => {
  test('shows question, steps and end so that a person can follow', () => {
    const text = renderMarkdown({
      question: 'How many?',
      steps: [step({ code: 'print("```")', observation: '3' })],
      usage: { calls: 2, inputTokens: 10, outputTokens: 4 },
      answer: '3',
      stopReason: 'max-steps',
      partial: true,
    });
    expect(text).toContain('**1. [code]** Add 1 and 2.');
    expect(text).toContain('````\nprint("```")\n````');
    expect(text).toContain('**Answer** 3 (max-steps, best result so far)');
    expect(text).toContain('2 model calls');
  });

  test('a step of a tool shows its arguments, and a result that is its output once, on every page', () => {
    const called = step({ tool: 'odd_rows', arguments: { limit: 2 }, output: 'ten rows', observation: 'ten rows' });
    const solution = { question: 'How many?', steps: [called], usage: NO_USAGE, answer: '3', partial: false };
    for (const page of [renderMarkdown(solution), renderSolutionHtml(solution)]) {
      expect(page.replaceAll('&quot;', '"')).toContain('{"limit":2}');
      expect(page.match(/ten rows/g)).toHaveLength(1);
    }
  });
});
