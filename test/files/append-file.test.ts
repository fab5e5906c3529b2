import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendAt, openAppend } from '../../src/files/append-file';
import { temporaryFolder } from '../temporary-folder';

const folder = temporaryFolder('training');
let files = 0;
const fresh = () => join(folder, `file-${(files += 1)}.jsonl`);
const text = (path: string) => readFileSync(path, 'utf8');

test('an append done twice leaves the file as doing it once', async () => {
  const path = fresh();
  const { offset } = await openAppend(path);
  const next = await appendAt(path, offset, ['{"a":1}', '{"a":"ä"}']);
  expect(await appendAt(path, offset, ['{"a":1}', '{"a":"ä"}'])).toBe(next);
  expect(text(path)).toBe('{"a":1}\n{"a":"ä"}\n');
});

test('a late twin of an earlier append leaves later lines alone', async () => {
  const path = fresh();
  const { offset } = await openAppend(path);
  const second = await appendAt(path, offset, ['first']);
  await appendAt(path, second, ['second']);
  await appendAt(path, offset, ['first']);
  expect(text(path)).toBe('first\nsecond\n');
});

test.each([1, 5, 8])('a write torn after %i bytes is overwritten by its repetition', async (bytes) => {
  const path = fresh();
  const { offset } = await openAppend(path);
  const start = await appendAt(path, offset, ['kept']);
  await appendAt(path, start, ['torn line']);
  truncateSync(path, start + bytes);
  await appendAt(path, start, ['torn line']);
  expect(text(path)).toBe('kept\ntorn line\n');
});

test('opening cuts a torn last line, however long, and says so', async () => {
  const path = fresh();
  writeFileSync(path, 'whole\n');
  appendFileSync(path, 'x'.repeat(200_000));
  expect(await openAppend(path)).toEqual({ offset: 6, tornBytes: 200_000 });
  expect(text(path)).toBe('whole\n');
});

test('a file that was shortened behind our back is refused', async () => {
  const path = fresh();
  await openAppend(path);
  await expect(appendAt(path, 100, ['x'])).rejects.toMatchObject({ type: 'InputInvalid' });
});

test('a file that was removed behind our back is refused', async () => {
  await expect(appendAt(fresh(), 100, ['x'])).rejects.toMatchObject({
    type: 'InputInvalid',
    message: expect.stringContaining('is gone') as string,
  });
});
