import { Readable } from 'node:stream';
import path from 'node:path';
import type { LineProblem } from '../../src/formats/json-lines';
import { readPredictions } from '../../src/formats/prediction';
import { readQuestions } from '../../src/formats/question';
import { scoreFile, type ScoredLine, type ScoreFileInput, type ScoreFileSummary } from '../../src/scoring/score-file';
import { scoreAnswer } from '../../src/scoring/score';
import { findTask, taskNames } from '../../src/scoring/tasks';
import { findMetric } from '../../src/scoring/metrics/registry';

const lines = (...values: unknown[]): Readable =>
  Readable.from(values.map((value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`));

async function run(input: ScoreFileInput): Promise<{ scored: ScoredLine[]; summary: ScoreFileSummary }> {
  const scoring = scoreFile({ bounds: { workerFile: path.join(__dirname, 'score-worker.cjs') }, ...input });
  const scored: ScoredLine[] = [];
  for (;;) {
    const step = await scoring.next();
    if (step.done === true) return { scored, summary: step.value };
    scored.push(step.value);
  }
}

describe('a file of predictions', () => {
  const questions = [
    { index: 0, question: 'a', gold: '5' },
    { index: 1, question: 'b', gold: '7' },
    { index: 4, question: 'c', gold: '9' },
  ];

  it('reads NaN as Python writes it, and counts a line once whose label stands beside it', async () => {
    const read = await readPredictions(
      lines(
        '{"index": 0, "prediction": NaN, "gold": "5"}',
        { index: 1, prediction: '7', gold: '7' },
        { index: 1, prediction: '8', gold: '7' },
        { index: 1, prediction: '9', gold: '9' },
        { prediction: '9', gold: '9' },
        { prediction: '9', gold: '9' },
      ),
    );
    expect(read.problems).toEqual([]);
    const { scored, summary } = await run({ predictions: read.items, metric: 'number' });
    expect(scored.map(({ scores }) => scores?.acc)).toEqual([0, 1, 0, 1, 1, 1]);
    expect(summary.datasets[0]?.scored).toBe(5);
    expect(summary.problems).toEqual([
      { kind: 'duplicate', line: 3, message: 'index 1 is already on line 2; the first one counts' },
    ]);
  });

  it('reads predictions as other programs write them, and says what it finds in the place of one', async () => {
    const message = { role: 'assistant', content: '5' };
    const read = await readPredictions(
      lines(
        { id: 'batch_1', custom_id: '0', response: { status_code: 200, body: { choices: [{ index: 0, message }] } } },
        { doc_id: 0, doc: {}, target: '#### 5', resps: [['5']], filtered_resps: ['-'] },
        { id: 0, epoch: 1, target: '5', output: { model: 'm', choices: [], completion: '5' } },
        { idx: 0, expected_answer: '5', generation: '5', predicted_answer: '-' },
        { key: 'q:0:2', task: 'q', index: 0, sample: 2, gold: '5', prediction: '5' },
        { id: 'batch_2', custom_id: '0', response: null, error: {} },
        { question: 'a', answer: '5' },
        { samples: [{ id: 0 }] },
        { 0: '5', 1: '7' },
        { prediction: '5' },
      ),
      { ownLabels: true },
    );
    expect(read.items.map(({ prediction, gold, index }) => [prediction, gold, Number(index)])).toEqual([
      ...[['5', undefined, 0], ['5', '5', 0], ['5', '5', 0], ['5', '5', 0], ['5', '5', 0], [null, undefined, 0]], // prettier-ignore
    ]);
    expect(read.items.map(({ sample }) => sample)).toEqual([undefined, undefined, 1, undefined, 2, undefined]);
    expect(read.problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("it has question, answer. Rename with: jq -c '.prediction = .NAME'"),
      expect.stringContaining("jq -c '.samples[]' FILE > NEW"),
      expect.stringContaining("jq -c 'to_entries[] | {index: .key, prediction: .value}' FILE > NEW"),
      expect.stringContaining("jq -c '.index = input_line_number - 1' FILE > NEW"),
    ]);
    // With a dataset its labels count.
    const { items } = await readPredictions(lines({ doc_id: 1, target: '2', resps: [['7']] }));
    expect((await run({ predictions: items, questions: new Map([['predictions', questions]]) })).scored).toMatchObject([
      { scores: { acc: 1 } },
    ]);
  });

  it('takes the answer of a run that asked a failed question again', async () => {
    const line = { key: 'q:0:0', task: 'q', index: 0, sample: 0, gold: '5' };
    const failure = { type: 'SystemFailed', message: 'no' };
    const failed = { ...line, prediction: null, failure };
    const read = await readPredictions(lines(failed, { ...line, key: 'q:1:0', index: 1, prediction: '5' }, failed, { ...line, prediction: '5' })); // prettier-ignore
    expect(read.items.map(({ index, prediction }) => [index, prediction])).toEqual([[1, '5'], [0, '5']]); // prettier-ignore
  });

  it('counts several samples of a question as one question', async () => {
    const answers = ['5', '6', '5', '7'].map((prediction, sample) => ({ index: 0, sample, prediction, gold: '5' }));
    const read = await readPredictions(lines(...answers, { index: 1, sample: 0, prediction: '7', gold: '7' }));
    const { summary } = await run({ predictions: read.items, metric: 'number' });
    expect(summary.problems).toEqual([]);
    const [{ scored, questions: count, scores } = {}] = summary.datasets;
    expect({ scored, count, mean: scores?.acc?.mean }).toEqual({ scored: 5, count: 2, mean: 0.75 });
  });

  it('gives a line a prediction and names everything wrong with the rest', async () => {
    const read = await readPredictions(
      lines(
        { dataset: 'gsm8k', index: 0, prediction: '5.0' },
        '{ broken',
        { dataset: 'gsm8k', index: 1, prediction: '70' },
        { dataset: 'gsm8k', index: 0, prediction: '6' },
        { dataset: 'gsm8k', index: 99, prediction: '1' },
        { dataset: 'drop', index: 1, prediction: '7' },
        { index: 1 },
      ),
    );
    expect(read.problems.map(({ kind, line }) => [kind, line])).toEqual([
      ['malformed', 2],
      ['malformed', 7],
    ]);
    const { scored, summary } = await run({
      predictions: read.items,
      questions: new Map([['gsm8k', questions]]),
      dataset: 'gsm8k',
    });
    const line = (index: number, answer: string) => ({ dataset: 'gsm8k', index, answer, extraction: 'whole text' });
    expect(scored).toEqual([
      { ...line(0, '5.0'), scores: { acc: 1 }, reason: 'same number' },
      { ...line(1, '70'), scores: { acc: 0 }, reason: 'another number' },
      { ...line(0, '6'), scores: { acc: 0 }, reason: 'another number' },
    ]);
    expect(summary.datasets[0]?.extractions).toEqual({ 'whole text': 2 });
    expect(summary.problems.map(({ kind, line }) => [kind, line])).toEqual([
      ['duplicate', 4],
      ['unknown', 5],
      ['other dataset', 6],
    ]);
    expect(summary.datasets[0]).toMatchObject({ scored: 2, missing: [4], scores: { acc: { mean: 0.5 } } });
  }, 120_000);

  it('needs no dataset where lines carry their gold answers, of any task', async () => {
    const { items } = await readPredictions(
      lines(
        { dataset: 'MATH', index: null, gold: '\\frac12', prediction: '0.5' },
        { dataset: 'strategyqa', index: 3, gold: false, prediction: 'No.' },
        { dataset: 'my-own', index: 'q1', gold: 'Paris', prediction: 'paris' },
      ),
    );
    const { scored, summary } = await run({ predictions: items });
    expect(scored.map(({ scores }) => scores)).toEqual([{ acc: 1 }, { em: 1 }, { acc: 1 }]);
    expect(summary.problems).toEqual([]);
    const asReference = await run({ predictions: items, rules: 'husky-v1' });
    expect(asReference.scored).toHaveLength(2);
    expect(asReference.summary.problems).toMatchObject([{ line: 3, kind: 'other dataset' }]);
  }, 120_000);
});

it('only a line feed ends a line, and problems say what is wrong with a field', async () => {
  const read = await readPredictions(
    Readable.from([
      '\ufeff{"index":0,"prediction":"18\u2028x"}\r\n{"index":1,"pre',
      'diction":["3","4"]}\n{"index":2}\n[1]\n{"index":1.5,"prediction":"3"}\n',
      `{"index":6,"prediction":"${'x'.repeat(17 * 2 ** 20)}"}\n`,
      '{"index":7,"prediction":3}',
    ]),
  );
  expect(read.items.map(({ line, index, prediction }) => [line, index, prediction])).toEqual([
    [1, 0, '18\u2028x'],
    [7, 7, '3'],
  ]);
  expect(read.problems.map(({ line, message }) => [line, message])).toEqual([
    [2, 'is not a prediction: prediction: is not text, a number, true, false or null'],
    [3, 'is not a prediction: prediction: missing'],
    [4, 'is not a prediction but a JSON array; one object a line is needed, as jq -c ".[]" FILE makes of a JSON array'],
    [5, 'is not a prediction: index: is not a whole number or a text of 1 to 200 characters'],
    [6, 'is longer than 16 MiB'],
  ]);
});

it('questions with a repeated index keep the first and say so', async () => {
  const problems: LineProblem[] = [];
  const read = await readQuestions(lines({ index: 1, answer: 'a' }, { index: 1, answer: 'b' }, { index: 2 }), {
    needs: 'gold only',
    onProblem: (problem) => problems.push(problem),
  });
  expect(read).toMatchObject([{ index: 1, gold: 'a' }]);
  expect(problems.map(({ kind, line }) => [kind, line])).toEqual([
    ['duplicate', 2],
    ['malformed', 3],
  ]);
});

describe('the task registry', () => {
  it('names a metric that exists for every task', () => {
    for (const name of taskNames()) expect(() => findMetric(findTask(name)?.metric ?? '')).not.toThrow();
    expect(taskNames()).toEqual(expect.arrayContaining(['finqa', 'drop', 'iirc', 'huskyqa', 'atlas-qa']));
  });

  it('knows aliases', () => {
    expect(findTask('mmqa')?.name).toBe('multimodalqa');
  });

  it('scores answers of no task by the general metric, and has no rules of the reference for them', () => {
    expect(scoreAnswer({ prediction: '1', gold: '1.0' })).toMatchObject({ correct: true });
    expect(() => scoreAnswer({ prediction: '1', gold: '1', rules: 'husky-v1' })).toThrow('default rules');
    expect(() => scoreAnswer({ metric: 'nothing', prediction: '1', gold: '1' })).toThrow('Known metrics');
  });
});
