import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readAnyQuestions, readQuestionLines, readQuestions } from '../../src/formats/question';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('questions');
const file = (text: string | Buffer, name = 'questions.jsonl') => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const line = (value: unknown) => `${JSON.stringify(value)}\n`;

describe('lines of public datasets are read as they are published', () => {
  test.each([
    ['GSM8K', { question: 'q', answer: 'Half of 48 is 24.\n48+24=<<48+24=72>>72.\n#### 72' }, { index: 0, gold: '72' }],
    [
      'MATH',
      { problem: 'q', level: 'Level 3', solution: 'So $x = \\boxed{\\frac{1}{2}}$.' },
      { index: 0, gold: '\\frac{1}{2}' },
    ],
    [
      'MATH-500',
      { problem: 'q', solution: '\\boxed{9}', answer: '9', unique_id: 'test/a/1.json' },
      { index: 'test/a/1.json', gold: '9' },
    ],
    [
      'HotpotQA',
      { _id: '5a7a', question: 'q', answer: 'yes', type: 'comparison', context: [] },
      { index: '5a7a', gold: 'yes' },
    ],
    ['StrategyQA', { qid: 'b8677', question: 'q', answer: false, facts: [] }, { index: 'b8677', gold: false }],
    ['answers under target', { id: 7, question: 'q', target: ['a', 3] }, { index: 7, gold: ['a', 3] }],
    ['a short solution', { index: 1, question: 'q', solution: '128' }, { index: 1, gold: '128' }],
    ['a prediction beside its label', { index: 1, question: 'q', answer: '5', gold: '4' }, { index: 1, gold: '4' }],
  ])('%s', async (_, published, expected) => {
    expect(await readQuestions(file(line(published)), { needs: 'gold' })).toEqual([{ question: 'q', ...expected }]);
  });

  test.each([
    ['SQuAD', { answers: { text: ['a', 'b', 'a'], answer_start: [1, 2, 1] } }, { anyOf: ['a', 'b'] }],
    ['SQuAD, one answer', { answers: { text: ['a', 'a'], answer_start: [1, 1] } }, 'a'],
    ['DPR', { answers: ['a', 'b'] }, { anyOf: ['a', 'b'] }],
    ['DROP, spans of one answer', { answers_spans: { spans: ['a', 'b'], types: ['span', 'span'] } }, ['a', 'b']],
    ['DROP, a number', { answers_spans: { spans: ['3', '3'], types: ['number', 'number'] } }, '3'],
    [
      'DROP, several people',
      { answers_spans: { spans: ['3', 'a', 'b'], types: ['number', 'span', 'span'] } },
      { anyOf: ['3', ['a', 'b']] },
    ],
    [
      'TriviaQA',
      { answer: { value: 'a', aliases: ['a', 'b'], normalized_aliases: ['x'], type: 'WikipediaEntity' } },
      { anyOf: ['a', 'b'] },
    ],
    ['TriviaQA as first published', { Answer: { Value: 'a', Aliases: ['b'] } }, { anyOf: ['a', 'b'] }],
    ['MuSiQue', { answer: 'a', answer_aliases: ['b'] }, { anyOf: ['a', 'b'] }],
    ['SQuAD as first published', { answers: [{ text: 'a', answer_start: 1 }, { text: 'b' }] }, { anyOf: ['a', 'b'] }],
    ['TruthfulQA', { best_answer: 'a', correct_answers: ['a', 'b'] }, { anyOf: ['a', 'b'] }],
    ['PopQA', { possible_answers: '["a", "b"]' }, { anyOf: ['a', 'b'] }],
    ['TAT-QA', { answer: -12.6, scale: 'million' }, { anyOf: ['-12.6 million', -12.6] }],
    [
      'TAT-QA, spans',
      { answer: ['$5', '$6'], scale: 'thousand' },
      {
        anyOf: [
          ['$5 thousand', '$6 thousand'],
          ['$5', '$6'],
        ],
      },
    ],
    ['TAT-QA, no scale', { answer: ['2019'], scale: '' }, ['2019']],
    ['MGSM', { answer: null, answer_number: 18 }, 18],
    ['OlympiadBench', { solution: ['First ...'], final_answer: ['12'] }, ['12']],
    ['GAIA', { 'Final answer': 'a' }, 'a'],
    ['our own', { gold: { anyOf: ['a', 3, ['b', 'c']] } }, { anyOf: ['a', 3, ['b', 'c']] }],
  ])('%s: several accepted answers', async (_, published, gold) => {
    const path = file(line({ question: 'q', ...published }));
    expect(await readQuestions(path, { needs: 'gold' })).toEqual([{ index: 0, question: 'q', gold }]);
  });

  const either = (...anyOf: string[]) => ({ anyOf });
  const listed = 'q\nA) red\nB) green\nC) blue';
  test.each([
    ['BoolQ', { passage: 'p', question: 'q', answer: true }, { question: 'p\nq', gold: true }],
    [
      'ROPES',
      { background: 'b', situation: 's', question: 'q', answers: { text: ['a'] } },
      { question: 'b\ns\nq', gold: 'a' },
    ],
    ['ZebraLogic', { puzzle: 'p', question: 'q', answer: 'a' }, { question: 'p\nq', gold: 'a' }],
    [
      'ScienceQA',
      { question: 'q', choices: ['x1', 'y1'], answer: 1, hint: 'h', lecture: '' },
      { question: 'h\nq\nA) x1\nB) y1', gold: { anyOf: ['B', 'y1'] } },
    ],
    [
      'PubMedQA',
      { question: 'q', context: { contexts: ['c', 'd'] }, long_answer: 'l', final_decision: 'yes' },
      { question: 'c\nd\nq', gold: 'yes' },
    ],
    [
      'QuAIL',
      { context: 'c', question: 'q', answers: ['x1', 'y1'], correct_answer_id: 1 },
      { question: 'c\nq\nA) x1\nB) y1', gold: { anyOf: ['B', 'y1'] } },
    ],
    [
      'DREAM',
      { dialogue: ['m', 'w'], question: 'q', choice: ['x', 'a'], answer: 'a' },
      { question: 'm\nw\nq', gold: 'a' },
    ],
    ['LongBench', { input: 'q', context: 'c', answers: ['a'] }, { question: 'c\nq', gold: 'a' }],
    ['NarrativeQA', { question: { text: 'q' }, answers: [{ text: 'a' }] }, { question: 'q', gold: 'a' }],
    ['FRAMES', { Prompt: 'q', Answer: 'a' }, { question: 'q', gold: 'a' }],
    ['CRAG', { query: 'q', answer: 'a', alt_ans: ['b'] }, { question: 'q', gold: { anyOf: ['a', 'b'] } }],
    ['a row of the viewer', { row_idx: 3, row: { question: 'q', answer: 'a' } }, { question: 'q', gold: 'a' }],
    ['a sample of a harness', { doc: { question: 'q', answer: '#### 5' }, target: '5' }, { question: 'q', gold: '5' }],
    [
      "what was expected, beside a model's answer",
      { question: 'q', ground_truth: 'a', answer: 'm' },
      { question: 'q', gold: 'a' },
    ],
    ['SVAMP', { Body: 'p', Question: 'q', Answer: 51 }, { question: 'p\nq', gold: 51 }],
    [
      'a question that holds its passage',
      { context: 'p', question: 'p q', answer: '1' },
      { question: 'p q', gold: '1' },
    ],
    [
      'MMLU',
      { question: 'q', choices: ['red', 'green', 'blue'], answer: 2 },
      { question: listed, gold: either('C', 'blue') },
    ],
    [
      'ARC',
      { question: 'q', choices: { text: ['red', 'green', 'blue'], label: ['A', 'B', 'C'] }, answerKey: 'B' },
      { question: listed, gold: either('B', 'green') },
    ],
    [
      'AQuA',
      { question: 'q', options: ['A)red', 'B)green', 'C)blue'], correct: 'A' },
      { question: listed, gold: either('A', 'red') },
    ],
    [
      'options by letter',
      { question: 'q', options: { A: 'red', B: 'green', C: 'blue' }, answer: 'C' },
      { question: listed, gold: either('C', 'blue') },
    ],
    [
      'MathQA',
      { Problem: 'q', options: 'a ) 38 , b ) 27.675', correct: 'b' },
      { question: 'q\na ) 38 , b ) 27.675', gold: 'B' },
    ],
    [
      'a number among the options',
      { question: 'q', choices: ['3', '2'], answer: 2 },
      { question: 'q\nA) 3\nB) 2', gold: either('B', '2') },
    ],
    [
      'TabMWP',
      { question: 'q', choices: ['red', 'green'], answer: 'red', table_title: 'T', table: 'a | b\n1 | 2' },
      { question: 'T\na | b\n1 | 2\nq\nA) red\nB) green', gold: either('A', 'red') },
    ],
    [
      'FinQA',
      {
        pre_text: ['p'],
        post_text: ['s', '.'],
        table: [
          ['', '2009'],
          ['x', '1'],
        ],
        qa: { question: 'q', answer: '3.8' },
      },
      { question: 'p\n| 2009\nx | 1\ns\n.\nq', gold: '3.8' },
    ],
    [
      'TAT-QA',
      { table: { table: [['a', '1']] }, paragraphs: [{ order: 1, text: 'p' }], question: 'q', answer: 5, scale: '' },
      { question: 'p\na | 1\nq', gold: 5 },
    ],
    [
      'WikiTableQuestions',
      { question: 'q', answers: ['x'], table: { header: ['a', 'b'], rows: [['1', '2']] } },
      { question: 'a | b\n1 | 2\nq', gold: 'x' },
    ],
    [
      'MuSiQue, whose paragraphs are no table',
      { question: 'q', answer: 'x', paragraphs: [{ text: 'p' }] },
      { question: 'q', gold: 'x' },
    ],
    [
      'OpenBookQA',
      { question_stem: 'q', choices: { text: ['red', 'green'], label: ['A', 'B'] }, answerKey: 'B' },
      { question: 'q\nA) red\nB) green', gold: either('B', 'green') },
    ],
    [
      'CommonsenseQA as first published',
      {
        answerKey: 'B',
        id: 'x',
        question: {
          question_concept: 'c',
          choices: [
            { label: 'A', text: 'red' },
            { label: 'B', text: 'green' },
          ],
          stem: 'q',
        },
      },
      { index: 'x', question: 'q\nA) red\nB) green', gold: either('B', 'green') },
    ],
    ['GSM-Hard', { input: 'q', code: 'def', target: 14 }, { question: 'q', gold: 14 }],
    [
      'MMLU, whose options are numbers',
      { question: 'q', choices: ['1', '2', '3'], answer: 1 },
      { question: 'q\nA) 1\nB) 2\nC) 3', gold: either('B', '2') },
    ],
    [
      'HellaSwag',
      { ctx: 'q', endings: ['red', 'green', 'blue'], label: '1' },
      { question: 'q\nWhich of these comes next?\nA) red\nB) green\nC) blue', gold: either('B', 'green') },
    ],
    [
      'PIQA',
      { goal: 'q', sol1: 'red', sol2: 'green', label: 0 },
      { question: 'q\nWhich of these is the right way?\nA) red\nB) green', gold: either('A', 'red') },
    ],
    [
      'WinoGrande',
      { sentence: 'Ann saw Eve, so _ ran.', option1: 'Ann', option2: 'Eve', answer: '2' },
      {
        question: 'Ann saw Eve, so _ ran.\nWhich of these belongs in the place of _?\nA) Ann\nB) Eve',
        gold: either('B', 'Eve'),
      },
    ],
    [
      'SocialIQA',
      { context: 'p', question: 'q', answerA: 'red', answerB: 'green', answerC: 'blue', label: '3' },
      { question: `p\n${listed}`, gold: either('C', 'blue') },
    ],
    [
      'COPA',
      { premise: 'p', question: 'effect', choice1: 'red', choice2: 'green', label: 0 },
      { question: 'p\nWhat happened as a result?\nA) red\nB) green', gold: either('A', 'red') },
    ],
    [
      'MedMCQA',
      { question: 'q', opa: 'red', opb: 'green', opc: 'blue', cop: 2 },
      { question: listed, gold: either('C', 'blue') },
    ],
    [
      'C-Eval',
      { question: 'q', A: 'red', B: 'green', C: 'blue', answer: 'B' },
      { question: listed, gold: either('B', 'green') },
    ],
    [
      'LogiQA',
      { context: 'p', query: 'q', options: ['red', 'green', 'blue'], correct_option: 1 },
      { question: `p\n${listed}`, gold: either('B', 'green') },
    ],
    [
      'ReClor',
      { question: 'q', answers: ['red', 'green', 'blue'], label: 2 },
      { question: listed, gold: either('C', 'blue') },
    ],
    [
      'GPQA',
      { Question: 'q', 'Correct Answer': 'green', 'Incorrect Answer 1': 'red', 'Incorrect Answer 2': 'blue' },
      { question: 'q\nA) blue\nB) green\nC) red', gold: either('B', 'green') },
    ],
    [
      'TruthfulQA',
      { question: 'q', mc1_targets: { choices: ['red', 'green', 'blue'], labels: [1, 0, 0] } },
      { question: 'q\nA) blue\nB) green\nC) red', gold: either('C', 'red') },
    ],
    [
      'DROP as first published',
      {
        passage: 'p',
        question: 'q',
        answer: { number: '', date: { day: '3', month: 'May', year: '1990' }, spans: [] },
      },
      { question: 'p\nq', gold: '3 May 1990' },
    ],
    ['Lila', { input: 'q', output_answer: '3', output_program: 'print(3)' }, { question: 'q', gold: '3' }],
    ['no options', { question: 'q', choices: null, correct: 'a', answer: 'x' }, { question: 'q', gold: 'x' }],
  ])('%s: the parts of a question are joined', async (_, published, expected) => {
    expect(await readQuestions(file(line(published)), { needs: 'gold' })).toEqual([{ index: 0, ...expected }]);
  });

  test.each([
    [
      { instruction: 'q', input: '', output: 'a' },
      "missing; it has instruction, input, output. Rename with: jq -c '. + {question: .instruction, answer: .output}' FILE > NEW.",
    ],
    [
      {
        messages: [
          { role: 'user', content: 'q' },
          { role: 'assistant', content: 'a' },
        ],
      },
      "missing; it has messages. Rename with: jq -c '. + {question: .messages[-2].content, answer: .messages[-1].content}' FILE > NEW.",
    ],
    [
      { question: 'q', reference: 'a', response: 'm' },
      "; it has question, reference, response. Rename with: jq -c '. + {answer: .reference}' FILE > NEW.",
    ],
    [
      { prompt: [{ role: 'user', content: 'q' }], reward_model: { ground_truth: '72' } },
      "missing; it has prompt, reward_model. Rename with: jq -c '. + {question: .prompt[-1].content, answer: .reward_model.ground_truth}' FILE > NEW.",
    ],
    [
      { table: {}, paragraphs: [{ text: 'p' }], questions: [{ question: 'q' }] },
      "missing; if its questions lie deeper, take them out with: jq -c '. as $all | .questions[] | ($all | del(.questions)) + .' FILE > NEW.",
    ],
    [
      { 7: { question: 'q' }, 8: { question: 'r' } },
      "take them out with: jq -c 'to_entries[] | {id: .key} + .value' FILE > NEW.",
    ],
    [{ title: 't' }, 'missing; it has title.'],
    [{ question: { 0: 'q' }, answer: { 0: '1' } }, "pandas.read_json('FILE').to_json('NEW.jsonl', orient='records'"],
    [{ columns: ['question'], index: [0], data: [['q']] }, "pandas.read_json('FILE', orient='split').to_json("],
    [{ question: 'q', answer: null }, "its answer is empty. Leave such lines out with: jq -c 'select(.answer != null"],
    ['a text alone', 'it has no label'],
  ])('a line in the form of another tool is told how to rename its fields: %j', async (other, advice) => {
    await expect(readQuestions(file(line(other)), { needs: 'gold' })).rejects.toThrow(advice);
  });

  test('a worked solution without a final answer is no label', async () => {
    const path = file(line({ problem: 'q', solution: 'First we add.\nThen we are done.' }));
    await expect(readQuestions(path, { needs: 'gold' })).rejects.toThrow(
      `${path} line 1 is not a question: the line: it has no label (gold, answer, target, or a solution with \\boxed{}); it has problem, solution.`,
    );
    expect(await readQuestions(path)).toEqual([{ index: 0, question: 'q' }]);
  });
});

describe('what is wrong is named by file and line, the same for every command', () => {
  test.each([
    [
      'an index twice',
      line({ index: 'a', question: 'q' }) + line({ index: 'a', question: 'r' }),
      /line 2 has index a, which is that of line 1 too/,
    ],
    [
      'an index that is a number and its text',
      line({ index: 1, question: 'q' }) + line({ index: '1', question: 'r' }),
      /line 2 has index 1, which/,
    ],
    [
      'an index with a fraction',
      line({ index: 1.5, question: 'q' }),
      /line 1 is not a question: index: is not a whole number or a text/,
    ],
    [
      'a comma behind the object',
      `${line({ question: 'q' }).trim()},\n`,
      /line 1 is not JSON \(.*; a comma stands behind the object: sed /,
    ],
    [
      'a line cut off at its middle',
      `${line({ question: 'q' })}\n{"question":"r`,
      /line 3 is not JSON \(.*; the file ends within this line\)/,
    ],
    [
      'a JSON array',
      '[{"question":"q"},\n{"question":"r"}]',
      /line 1 is not JSON .*one object a line is needed, as jq -c/,
    ],
    [
      'an object over several lines',
      '{\n  "question": "q"\n}\n',
      /line 1 is not JSON .*as jq -c \. FILE makes of objects/,
    ],
    ['a JSON array in one line', '[{"question": "q"}]\n', /line 1 is not a question but a JSON array; .*jq -c/],
    ['Parquet', Buffer.from('PAR1\x15\x04\x15', 'latin1'), /is a Parquet file\. Write it as JSON lines: python3 -c/],
    ['Arrow', Buffer.from('ARROW1\0\0', 'latin1'), /is an Arrow file\. .*pandas\.read_feather\(/],
    [
      'what datasets saves',
      Buffer.from('\xff\xff\xff\xff\x10\0', 'latin1'),
      /is an Arrow stream\. .*Dataset\.from_file/,
    ],
    ['bzip2', Buffer.from('BZh91AY&SY\0', 'latin1'), /is compressed with bzip2\. Unpack it: bunzip2 -c/],
    ['xz', Buffer.from('\xfd7zXZ\0', 'latin1'), /is compressed with xz\. Unpack it: xz -dc/],
    ['a pickle', Buffer.from('\x80\x04\x95\0', 'latin1'), /is a Python pickle/],
    ['gzip', Buffer.from('\x1f\x8b\x08\x00', 'latin1'), /is compressed with gzip\. Unpack it: gunzip -c/],
    ['a workbook', Buffer.from('PK\x03\x04\x14', 'latin1'), /is a ZIP archive, or a document in one/],
    ['UTF-16', Buffer.from(`\ufeff${line({ question: 'q' })}`, 'utf16le'), /is written in UTF-16\. Save it as UTF-8/],
    [
      'UTF-16 without a mark',
      Buffer.from(line({ question: 'q' }), 'utf16le'),
      /holds zero bytes: it is no text, or written in UTF-16/,
    ],
    [
      'Latin-1',
      Buffer.from(`${line({ question: 'a' })}${line({ question: 'où' })}`, 'latin1'),
      /line 2 is not written in UTF-8/,
    ],
    [
      'a line of 17 MiB',
      line({ question: 'q' }) + line({ question: 'x'.repeat(17 * 2 ** 20) }),
      /line 2 is longer than 16 MiB/,
    ],
    ['nothing', ' \n\r\n', /holds no question/],
  ])('%s', async (_, text, message) => {
    const path = file(text);
    for (const read of [readQuestions, readAnyQuestions]) await expect(read(path)).rejects.toThrow(message);
    for (const read of [readQuestions, readAnyQuestions])
      await expect(read(path)).rejects.toMatchObject({
        type: 'InputInvalid',
        message: expect.stringContaining(path) as string,
      });
  });

  test('a CSV file', async () => {
    const path = file('question,answer\n"How many?",4\n', 'questions.csv');
    for (const read of [readQuestions, readAnyQuestions])
      await expect(read(path)).rejects.toThrow(/questions\.csv line 1 is not JSON .*python3 -c .*csv\.DictReader/);
  });

  test('a file that is absent, and a folder', async () => {
    await expect(readQuestions(join(folder, 'absent.jsonl'))).rejects.toThrow(/There is no file .*absent\.jsonl/);
    await expect(readAnyQuestions(folder)).rejects.toThrow(/is a folder, not a file/);
  });

  test.each([
    ['dataset_dict.json', "load_from_disk('FOLDER')['SPLIT'].to_json"],
    ['state.json', "load_from_disk('FOLDER').to_json"],
    ['data-00000-of-00002.jsonl', 'join its files: cat FOLDER/*.jsonl > NEW.jsonl'],
    ['part.jsonl.gz', 'join its files: gunzip -c FOLDER/*.jsonl.gz > NEW.jsonl'],
  ])('a folder with %s is told how to become a file', async (name, advice) => {
    const data = mkdtempSync(join(folder, 'data-'));
    writeFileSync(join(data, name), '');
    await expect(readQuestions(data)).rejects.toThrow(advice.replace('FOLDER', data));
  });
});

test('where problems are collected, a line that cannot be read keeps its place, and a file of another form is refused', async () => {
  const problems: number[] = [];
  const options = { onProblem: ({ line: at }: { line: number }) => problems.push(at) };
  const path = file(`${line({ question: 'a' })}{"question"\n${line({ question: 'c' })}`);
  expect(await readQuestions(path, options)).toEqual([
    { index: 0, question: 'a' },
    { index: 2, question: 'c' },
  ]);
  expect(problems).toEqual([2]);
  for (const [text, name] of [
    ['[\n{"question":"a"},\n{"question":"b"}\n]\n', 'array.json'],
    ['{\n"question":"a"\n}\n', 'pretty.json'],
    ['question,answer\na,b\n', 'table.csv'],
  ] as const)
    await expect(readQuestions(file(text, name), options)).rejects.toThrow(
      /line 1 is not JSON .*one object a line is needed/,
    );
});

test('a byte order mark, carriage returns, blank lines and U+2028 within a text change nothing', async () => {
  const path = file('\ufeff{"question":"a\u2028b","answer":1}\r\n\r\n \n{"question":"c","answer":true}');
  expect(await readQuestions(path)).toEqual([
    { index: 0, question: 'a\u2028b', gold: 1 },
    { index: 1, question: 'c', gold: true },
  ]);
});

test('a question without an index has the place of its line, wherever reading begins', async () => {
  const path = file(line({ question: 'a' }) + '\n' + line({ question: 'b' }) + line({ question: 'c' }));
  const { value: first } = (await readQuestionLines(path).next()) as { value: { next: number } };
  const rest = [];
  for await (const { question } of readQuestionLines(path, { from: first.next })) rest.push(question);
  expect(rest).toEqual([
    { index: 1, question: 'b' },
    { index: 2, question: 'c' },
  ]);
});

test('questions handed in may be plain lines or JSON texts, from a file or standard input', async () => {
  const plain = [
    { index: 0, question: 'What is "it"?' },
    { index: 1, question: '{odd}' },
  ];
  expect(await readAnyQuestions(file('What is "it"?\n\n{odd}\n', 'plain.txt'))).toEqual(plain);
  expect(await readAnyQuestions(Readable.from([Buffer.from('What is "it"?\n{o'), Buffer.from('dd}')]))).toEqual(plain);
  expect(
    await readAnyQuestions(Readable.from(['"a"\n{"question":"b","dataset":"gsm8k","answer":"x\\n#### 4"}\n'])),
  ).toEqual([
    { index: 0, question: 'a' },
    { index: 1, question: 'b', dataset: 'gsm8k', gold: '4' },
  ]);
  await expect(readAnyQuestions(Readable.from(['{"question":"a"}\noops\n']))).rejects.toThrow(
    /^standard input line 2 is not JSON/,
  );
});

test('the datasets that this project measures on are read whole', async () => {
  const shared = join(__dirname, '../../../shared/data/datasets');
  let text: string;
  try {
    text = readFileSync(join(shared, 'strategyqa/test.jsonl'), 'utf8');
  } catch {
    console.warn(`Skipped: ${shared} is not on this machine.`);
    return;
  }
  const read = await readQuestions(join(shared, 'strategyqa/test.jsonl'), { needs: 'gold' });
  expect(read).toHaveLength(text.trim().split('\n').length);
});
