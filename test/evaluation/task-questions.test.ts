import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readQuestions } from '../../src/formats/question';
import { scoreAnswer } from '../../src/scoring/score';
import { findTaskQuestions } from '../../src/evaluation/task-questions';
import { findTask, type Task } from '../../src/scoring/tasks';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'husky-task-questions-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const taskOf = (name: string) => findTask(name) as Task;

it('atlas-qa and its hard sets need no data directory: their questions are made, different, and right by their metric', async () => {
  const asked = new Set<string>();
  const wrong: string[] = [];
  for (const name of ['atlas-qa', 'atlas-qa-families', 'atlas-qa-entities']) {
    const task = taskOf(name);
    for (const { question, gold } of await readQuestions(findTaskQuestions(task, { folder }) ?? '', {
      needs: 'gold',
    })) {
      asked.add(question);
      if (!scoreAnswer({ task: name, prediction: String(gold), gold }).correct) wrong.push(question);
    }
  }
  expect(wrong).toEqual([]);
  expect(asked.size).toBe(900);
}, 300_000);

it('a file in the data directory comes first, and other tasks need one', () => {
  const data = path.join(folder, 'data');
  mkdirSync(path.join(data, 'atlas-qa'), { recursive: true });
  const file = path.join(data, 'atlas-qa/test.jsonl');
  writeFileSync(file, '{"index":0,"question":"q","answer":"a"}\n');
  expect(findTaskQuestions(taskOf('atlas-qa'), { data, folder })).toBe(file);
  expect(findTaskQuestions(taskOf('gsm8k'), { data, folder })).toBeUndefined();
  expect(findTaskQuestions(taskOf('gsm8k'), { folder })).toBeUndefined();
});
