import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerByCommand } from '../../src/evaluation/command-system';

const folder = mkdtempSync(join(tmpdir(), 'husky-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a cancelled program ends with all that it has started', async () => {
  const began = join(folder, 'began');
  const late = join(folder, 'late');
  const cancel = new AbortController();
  const answered = answerByCommand(
    `(touch ${began}; sleep 2; touch ${late}) | cat; echo 1`,
    'How many?',
    cancel.signal,
  );
  while (!existsSync(began)) await new Promise((next) => setTimeout(next, 20));
  cancel.abort(new Error('left'));
  await expect(answered).rejects.toThrow('left');
  await new Promise((next) => setTimeout(next, 3000));
  expect(existsSync(late)).toBe(false);
});

test('the answer is what stands after the last "The answer is", else the last line; a failure says why', async () => {
  const { signal } = new AbortController();
  expect(await answerByCommand('read q; echo "$q"; echo 7', 'q', signal)).toMatchObject({
    answer: '7',
    text: 'q\n7\n',
  });
  expect((await answerByCommand('echo thinking; echo "The answer is 8."', 'q', signal)).answer).toBe('8');
  await expect(answerByCommand('echo broken >&2; exit 3', 'q', signal)).rejects.toMatchObject({
    type: 'SystemFailed',
    message: expect.stringMatching(/status 3: broken/),
  });
});
