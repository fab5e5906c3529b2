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
