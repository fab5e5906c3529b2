/** Labels that were rounded, refused or read otherwise than their datasets mean them, and what is said of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPredictions } from '../../src/formats/prediction';
import { readQuestions } from '../../src/formats/question';
import { scoreAnswer } from '../../src/scoring/score';
import { noticeOfLists } from '../../src/scoring/list-golds';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('golds');
const file = (text: string) => {
  const path = join(folder, 'lines.jsonl');
  writeFileSync(path, text);
  return path;
};
const read = (value: unknown) =>
  readQuestions(file(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`), { needs: 'gold' });

describe('whole numbers that JSON would round', () => {
  test.each(['9007199254740993', '-9007199254740993', '123456789012345678901234567890'])('%s is refused', async (n) => {
    for (const answer of [n, `[1, ${n}]`, `{"anyOf": [${n}]}`])
      await expect(read(`{"question": "q", "gold": ${answer}}`)).rejects.toThrow(
        /would be rounded; write it as a text/,
      );
    const { problems } = await readPredictions(file(`{"index": 1, "prediction": "x", "gold": ${n}}\n`));
    expect(problems[0]?.message).toMatch(/would be rounded/);
  });

  test.each(['9007199254740991', '"9007199254740993"', '6.02e23', '0.1234567890123456789'])('%s is read', async (n) => {
    expect((await read(`{"question": "q", "answer": ${n}}`))[0]?.gold).toBe(JSON.parse(n));
  });

  test('one elsewhere in a line does not matter, and a prediction keeps its digits', async () => {
    expect(await read('{"question": "q", "answer": "a", "tweet": 9007199254740993}')).toHaveLength(1);
    const { items } = await readPredictions(file('{"index": 1, "prediction": 9007199254740993, "gold": "a"}\n'));
    expect(items[0]?.prediction).toBe('9007199254740993');
  });
});

test.each([
  ['SQuAD 2.0', { question: 'q', answers: { text: [], answer_start: [] } }],
  ['SQuAD 2.0 as first published', { question: 'q', answers: [], is_impossible: true }],
])('%s: a question without an answer is unanswerable', async (_, line) => {
  const [question] = await read(line);
  const right = (prediction: string) =>
    scoreAnswer({ metric: 'squad', prediction, gold: question?.gold ?? 'none' }).correct;
  expect(['unanswerable', 'Unanswerable.', 'No answer'].map(right)).toEqual([true, true, true]);
  expect(['Paris', 'an answer', ''].map(right)).toEqual([false, false, false]);
});

test('no answers without such a word are still refused', async () => {
  await expect(read({ question: 'q', answers: [] })).rejects.toThrow(/no label/);
});

test.each([
  ['LangSmith', { inputs: { question: 'q' }, outputs: { answer: 'a' } }],
  ['LangSmith, other names', { inputs: { input: 'q' }, outputs: { output: 'a' } }],
  ['MLflow', { inputs: { question: 'q' }, expectations: { expected_response: 'a' } }],
])('%s: question and label in objects of their own', async (_, line) =>
  expect(await read(line)).toEqual([{ index: 0, question: 'q', gold: 'a' }]),
);

test('an object of questions is still told to be taken apart', async () => {
  await expect(read({ 1: { question: 'q' }, 2: { question: 'r' } })).rejects.toThrow(/to_entries/);
});

test('names in capitals are told how to be renamed', async () => {
  await expect(read({ QUESTION: 'q', ANSWER: 'a' })).rejects.toThrow(
    "Rename with: jq -c '. + {question: .QUESTION, answer: .ANSWER}' FILE > NEW",
  );
});

test('lists of labels are told of once, unless they are known', () => {
  const lists = [['a', 'b'], 'c', ['d']];
  expect(noticeOfLists('mine', lists)).toMatch(/^mine: 1 of 3 gold answers are lists.*anyOf/);
  expect(noticeOfLists('mine', lists, 'squad')).toBeUndefined();
  expect(noticeOfLists('mine', [{ anyOf: ['a', 'b'] }])).toBeUndefined();
  expect(noticeOfLists('hotpotqa', lists)).toBeUndefined();
});
