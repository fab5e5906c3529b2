import { atlasQuestions } from '../../src/atlas';
import { chainOfThought } from '../../src/atlas/training-sequences';
import { BASELINES, renderBaseline } from '../../src/prompts/baseline-prompts';

const compact = { style: 'compact', language: 'javascript' } as const;
const words = { style: 'few-shot', language: 'python' } as const;

test('the bundled chain-of-thought model is asked as it was trained', () => {
  const questions = atlasQuestions('train', { seed: 3 });
  for (let count = 0; count < 20; count += 1) {
    const { trajectory } = questions.next().value;
    const [asked] = chainOfThought(trajectory).parts;
    expect(renderBaseline('cot', { ...compact, question: trajectory.question }).text).toBe(asked);
  }
});

test('any other model is asked in its chat form, last of all the question as it is written', () => {
  for (const baseline of BASELINES) {
    const { text, messages = [] } = renderBaseline(baseline, { ...words, question: 'What does $& {rules} cost?' });
    expect(text).toContain('What does $& {rules} cost?');
    expect(messages.at(-1)).toMatchObject({ role: 'user' });
    expect(messages.at(-1)?.content).toMatch(/^What does \$& \{rules\} cost\?\n/);
  }
});

test('thinking is asked for without examples, and with examples in a baseline of its own', () => {
  const zero = renderBaseline('cot', { ...words, question: 'Q' });
  const shown = renderBaseline('cot-few-shot', { ...words, question: 'Q' });
  expect(zero.messages).toEqual([
    { role: 'user', content: 'Q\n\nPlease reason step by step, and put your final answer within \\boxed{}.' },
  ]);
  expect(shown.messages?.length).toBeGreaterThan(5);
  expect(shown.messages?.at(-1)).toEqual(zero.messages?.[0]);
  expect(renderBaseline('direct', { ...words, question: 'Q' }).text).not.toContain('step by step');
});

test('a program is asked for in the language of the sandbox', () => {
  expect(renderBaseline('program', { ...words, question: 'Q' }).text).toContain('a Python program');
  expect(renderBaseline('program', { ...words, language: 'javascript', question: 'Q' }).text).toContain('console.log');
});

test('one answer is greedy, and one of several is sampled', () => {
  expect(renderBaseline('cot', { ...words, question: 'Q' }).temperature).toBe(0);
  expect(renderBaseline('cot', { ...words, question: 'Q', samples: 5 }).temperature).toBeGreaterThan(0.3);
});

test('the bundled model is asked for no baseline that it was not trained for', () => {
  expect(() => renderBaseline('program', { ...compact, question: 'Q' })).toThrow(/compact.*cot alone/);
});
