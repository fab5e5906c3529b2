import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaleOfTable } from '../../src/trajectory/table-scale';

const table = (head: string, question: string) =>
  [
    `Sales by type ${head}:`,
    "['', '2019', '2018']",
    "['Fixed', '1452.4', '1146.2']",
    "['Other', '44.1', '56.7']",
    question,
  ].join('\n');

test.each([
  ['(in millions)', 'What is the change in Other?', '-12.6', 'million'],
  ['(in thousands, except shares)', 'What is the sum of Fixed?', '2598.6', 'thousand'],
  ["($'000)", 'What is the average of Other?', '50.4', 'thousand'],
  ['(£m)', 'What is the change in Other?', '-12.6', 'million'],
  ['(in millions)', 'What is the percentage change in Other?', '-22.2', undefined],
  ['(in millions)', 'In which year was Other larger?', '2018', undefined],
  ['(in millions)', 'What is the ratio of Other to Fixed?', '0.03', undefined],
  ['(in millions)', 'What is the change in Other?', '-12600000', undefined],
  ['(in millions)', 'What is the change in Other?', '-12.6 million', undefined],
  ['(in millions, some in thousands)', 'What is the change in Other?', '-12.6', undefined],
  ['', 'What is the change in Other?', '-12.6', undefined],
])('a table %s, %s %s: %s', (head, question, answer, expected) => {
  expect(scaleOfTable(table(head, question), answer)).toBe(expected);
});

test('a question of one line has no table', () => {
  expect(scaleOfTable('Sales (in millions) were 5 and 7. What is the sum?', '12')).toBeUndefined();
});

const data = process.env['HUSKY_SHARED'] ?? join(__dirname, '../../../shared');
const rowsOf = (task: string): { question: string; answer: string }[] | undefined => {
  try {
    const text = readFileSync(join(data, `data/datasets/${task}/test.jsonl`), 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { question: string; answer: string });
  } catch {
    console.warn(`Skipped: ${data} has no ${task}.`);
    return undefined;
  }
};
const GOLD = /^(-?[\d.,]+)(?: (thousand|million|billion|percent))?$/;

test('most tables of TAT-QA have the scale of their gold answers, and no other task gets one', () => {
  const count = { named: 0, right: 0 };
  for (const { question, answer } of rowsOf('tatqa') ?? []) {
    const [, number = '', scale] = GOLD.exec(String(answer)) ?? [];
    const found = scaleOfTable(question, number);
    if (found !== undefined) count.named += 1;
    if (found !== undefined && found === scale) count.right += 1;
  }
  if (count.named > 0) expect(count).toEqual({ named: 311, right: 295 });
  for (const task of ['gsm8k', 'MATH', 'tabmwp'])
    for (const { question, answer } of rowsOf(task) ?? [])
      expect(scaleOfTable(question, String(answer))).toBeUndefined();
});
