/** `husky score` as it is typed: what it prints, where, and how it ends. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { household, type Household } from '../cli/command';

jest.setTimeout(120_000);

let home: Household;
const file = (name: string, ...lines: unknown[]) => {
  writeFileSync(
    join(home.folder, name),
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );
  return name;
};
beforeAll(() => {
  home = household();
});
afterAll(() => home.close());

const gold = [
  { index: 0, question: 'How many legs have two spiders?', answer: 16 },
  { index: 1, question: 'How many legs have three?', answer: 24 },
  { index: 2, question: 'How many legs have four?', answer: 32 },
];

test('--data may be a file, for predictions that name no dataset', async () => {
  const args = [
    '--data',
    file('legs.jsonl', ...gold),
    '--predictions',
    file('p.jsonl', { index: 0, prediction: '16' }),
  ];
  expect(await home.run(['score', ...args])).toMatchObject({ code: 0, out: expect.stringContaining('"acc":1') });
});

test('a line a prediction on stdout, the summary and every trouble with its line number on stderr', async () => {
  const dataset = file('legs.jsonl', ...gold);
  const predictions = file(
    'predictions.jsonl',
    { index: 0, prediction: '16 legs' },
    { index: 1, prediction: '25' },
    { index: 1, prediction: '24' },
    { index: 9, prediction: '1' },
    '{"index": 2, ',
  );
  const { code, out, err } = await home.run([
    ...['score', '--dataset', dataset, '--metric', 'number', '--predictions', predictions],
  ]);
  expect(code).toBe(0);
  const scores = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { index: number; scores: { acc: number } });
  expect(scores.map(({ index, scores: { acc } }) => [index, acc])).toEqual([
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  expect(err).toMatch(/legs \(default\): acc 50\.00 % \[\d+\.\d+, \d+\.\d+\], 2 scored/);
  expect(err).toMatch(/1 without a prediction, not counted: 2/);
  for (const trouble of [/line 3 /, /line 4 /, /line 5 /]) expect(err).toMatch(trouble);
});

test('where nothing could be scored it says so and ends with 1', async () => {
  const dataset = file('legs.jsonl', ...gold);
  const predictions = file('others.jsonl', { dataset: 'gsm8k', index: 0, prediction: '16' });
  const { code, out, err } = await home.run(['score', '--dataset', dataset, '--predictions', predictions]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/No prediction could be scored\.\n$/);
});

test('predictions that are not there are wrong use', async () => {
  const { code, err } = await home.run(['score', '--predictions', 'absent.jsonl']);
  expect(code).toBe(2);
  expect(err).toMatch(/There is no file absent\.jsonl/);
});

describe('a table of pandas is told as such, and no prediction as one of no question', () => {
  const column = (...values: unknown[]) => Object.fromEntries(values.entries());
  const columns = {
    'Unnamed: 0': column(0, 1),
    index: column(0, 1),
    question: column('q', 'r'),
    answer: column('1', '2'),
  };
  const split = { columns: ['Unnamed: 0', 'answer'], index: [0], data: [[0, '1']] };
  const predictions = { index: 0, prediction: '1', '': '0' };

  test.each([
    [
      '--gold',
      columns,
      /^husky: No gold answer could be read from table\.json: line 1 .*it has columns, not lines: .*read_json\('FILE'\)/,
    ],
    ['--gold', split, /No gold answer could be read from .*it has columns, not lines: .*orient='split'/],
    ['--dataset', columns, /No gold answer could be read from .*it has columns, not lines/],
    ['--gold', { 'Unnamed: 0': 1, final: 2 }, /No gold answer could be read from .*it has no label .*; it has final\./],
    ['--predictions', columns, /No prediction could be read from .*it has columns, not lines/],
    ['--predictions', { '': '0', index: 1, said: '2' }, /prediction: missing; it has said\. Rename with/],
  ])('%s %j', async (option, table, message) => {
    const others = option === '--predictions' ? [] : ['--predictions', file('p.jsonl', predictions)];
    const { err, out } = await home.run(['score', option, file('table.json', table), '--metric', 'number', ...others]);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/not in the dataset|Invalid input/);
    expect(out).toBe('');
  });
});
