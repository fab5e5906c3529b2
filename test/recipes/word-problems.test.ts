import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder';
import { node } from './kit';

interface Problem {
  question: string;
  answer: string;
  problem: number;
  change: string;
}
const folder = temporaryFolder('word-problems');
function made(seed: number): Problem[] {
  const file = join(folder, `${seed}.jsonl`);
  const script = join(__dirname, '../../recipes/word-problems.mjs');
  const { status, stderr } = spawnSync(node, [script, file, '--seed', String(seed)], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Problem);
}
const sentences = ({ question }: Problem) => question.split(/(?<=[.?]) /);

test('a seed gives the same hundred questions, another one other names and numbers', () => {
  const [first, again, other] = [made(1), made(1), made(2)];
  expect(again).toEqual(first);
  const questions = new Set([...first, ...other].map(({ question }) => question));
  expect(first).toHaveLength(100);
  expect(questions.size).toBeGreaterThan(190);
});

test.each([1, 2, 3, 4, 5])('every answer of seed %d is a positive integer', (seed) => {
  for (const { answer } of made(seed)) expect(answer).toMatch(/^[1-9]\d*$/);
});

test('a problem has five wordings: one more fact, another order, another question', () => {
  const all = made(1);
  for (let problem = 0; problem < 20; problem += 1) {
    const wordings = all.filter((one) => one.problem === problem);
    const of = (change: string) => wordings.find((one) => one.change === change)!;
    expect(wordings.map(({ change }) => change)).toEqual(['plain', 'again', 'order', 'asked', 'extra']);
    expect(sentences(of('extra'))).toHaveLength(sentences(of('plain')).length + 1);
    const asks = (one: Problem) =>
      sentences(one)
        .at(-1)!
        .replace(/\p{Lu}\w+|\d+/gu, '');
    expect(asks(of('asked'))).not.toBe(asks(of('plain')));
    const begins = (one: Problem) => sentences(one)[0]!.replace(/\p{Lu}\w+|\d+/gu, '');
    expect(begins(of('order'))).not.toBe(begins(of('plain')));
  }
});

test('the plums that are left are those of all boxes without the eaten ones', () => {
  for (const seed of [1, 2, 3]) {
    const { question, answer } = made(seed)[0]!;
    const [boxes = 0, each = 0, eaten = 0] = [...question.matchAll(/\d+/g)].map(Number);
    expect(Number(answer)).toBe(boxes * each - eaten);
  }
});
