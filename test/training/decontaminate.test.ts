import { TestQuestions } from '../../src/training/decontaminate';

test('marks and quotes do not hide a short test question, and signs and points make another one', () => {
  const tests = new TestQuestions();
  tests.add('What area does "Lake Como" cover?');
  tests.add('What is 2+3.5?');
  for (const copy of ['what area does Lake Como cover', '“What area does Lake Como cover ？”', 'What is  2+3.5 ?'])
    expect(tests.find(copy)).toBe('exact');
  for (const other of ['What is 2-3.5?', 'What is 2+35?', 'What area does Lake Garda cover?'])
    expect(tests.find(other)).toBeUndefined();
});

test.each([
  'Q: What is 2+3.5?',
  'Question 3: What is 2+3.5?',
  '**Question 3:** What is 2+3.5?',
  '### Problem 12. What is 2+3.5?',
  'Question: What is 2+3.5?\nAnswer:',
  'Q: What is 2+3.5?\n\n**A:**',
  '3) What is 2+3.5?',
  'Example 1:\nQ: What is 2+3.5?',
])('what announces a short question does not hide it: %j', (copy) => {
  for (const [one, other] of [
    ['What is 2+3.5?', copy],
    [copy, 'what is 2+3.5'],
  ] as const) {
    const tests = new TestQuestions();
    tests.add(one);
    expect(tests.find(other)).toBe('exact');
  }
});

test('a question that begins with a number or such a word is not cut', () => {
  const tests = new TestQuestions();
  tests.add('5 apples are left?');
  tests.add('What is 2+3?');
  for (const other of ['3.5 apples are left?', 'apples are left?', 'Question what is 2+3?', '1.5+What is 2+3?'])
    expect(tests.find(other)).toBeUndefined();
});
