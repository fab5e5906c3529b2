import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerByCommand, programEnvironment } from '../../src/evaluation/command-system';

const folder = mkdtempSync(join(tmpdir(), 'husky-command-'));
const answer = (command: string, question: string, signal: AbortSignal) =>
  answerByCommand({ command, env: programEnvironment([]) }, question, signal);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a cancelled program ends with all that it has started', async () => {
  const began = join(folder, 'began');
  const late = join(folder, 'late');
  const cancel = new AbortController();
  const answered = answer(`(touch ${began}; sleep 2; touch ${late}) | cat; echo 1`, 'How many?', cancel.signal);
  while (!existsSync(began)) await new Promise((next) => setTimeout(next, 20));
  cancel.abort(new Error('left'));
  await expect(answered).rejects.toThrow('left');
  await new Promise((next) => setTimeout(next, 3000));
  expect(existsSync(late)).toBe(false);
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

test('a program is given PATH, HOME, LANG, TMPDIR and what was named, and no key of a model', async () => {
  const from = { PATH: process.env.PATH, HOME: '/home/x', OPENAI_API_KEY: 'sk-secret', MINE: 'mine', OTHER: 'other' };
  const env = programEnvironment(['MINE', 'ABSENT'], from);
  expect(env).toEqual({ PATH: process.env.PATH, HOME: '/home/x', MINE: 'mine' });
  const { text } = await answerByCommand({ command: 'env', env }, 'q', new AbortController().signal);
  expect(text).toContain('MINE=mine');
  expect(text).not.toMatch(/sk-secret|OTHER/);
});
