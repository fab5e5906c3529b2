import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerByCommand, programEnvironment } from '../../src/evaluation/command-system';
import { alive, eventually } from '../cli/command';

const folder = mkdtempSync(join(tmpdir(), 'husky-command-'));
const answer = (command: string, question: string, signal: AbortSignal) =>
  answerByCommand({ command, env: programEnvironment([]) }, question, signal);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a cancelled program ends with all that it has started', async () => {
  const began = join(folder, 'began');
  const cancel = new AbortController();
  const answered = answer(`sh -c 'echo $$ >${began}; exec sleep 600' | cat; echo 1`, 'How many?', cancel.signal);
  const pid = () => Number(existsSync(began) && readFileSync(began, 'utf8'));
  await eventually(() => pid() > 0);
  cancel.abort(new Error('left'));
  await expect(answered).rejects.toThrow('left');
  await eventually(() => !alive(pid()));
});

test('the answer is what stands after the last "The answer is", else the last line; a failure says why', async () => {
  const { signal } = new AbortController();
  expect(await answer('read q; echo "$q"; echo 7', 'q', signal)).toMatchObject({
    answer: '7',
    text: 'q\n7\n',
  });
  expect((await answer('echo thinking; echo "The answer is 8."', 'q', signal)).answer).toBe('8');
  await expect(answer('echo broken >&2; exit 3', 'q', signal)).rejects.toMatchObject({
    type: 'SystemFailed',
    message: expect.stringMatching(/status 3: broken/),
  });
});

// promptfoo/promptfoo#1447
test.each([
  ['echo "[INFO] loading"; echo "The answer is 8."; echo "[INFO] done in 3.2 s"', '8'],
  ['echo 7; echo; echo "2026-11-28 03:42:01,123 - model - INFO - done"; echo INFO:root:bye', '7'],
  ['echo "INFO and nothing else"', 'INFO and nothing else'],
])('lines of a log are no answer: %s', async (command, said) => {
  expect((await answer(command, 'q', new AbortController().signal)).answer).toBe(said);
});

test('a program is given PATH, HOME, LANG, TMPDIR and what was named, and no key of a model', async () => {
  const from = { PATH: process.env.PATH, HOME: '/home/x', OPENAI_API_KEY: 'sk-secret', MINE: 'mine', OTHER: 'other' };
  const env = programEnvironment(['MINE', 'ABSENT'], from);
  expect(env).toEqual({ PATH: process.env.PATH, HOME: '/home/x', MINE: 'mine' });
  const { text } = await answerByCommand({ command: 'env', env }, 'q', new AbortController().signal);
  expect(text).toContain('MINE=mine');
  expect(text).not.toMatch(/sk-secret|OTHER/);
});
