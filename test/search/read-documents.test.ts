import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDocuments } from '../../src/search/sqlite/read-documents';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-documents-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return readDocuments(join(folder, name));
};

test('JSON lines give one document a line, with their origin', async () => {
  const line = { title: 'Texas', text: 'Area: 268,596 sq mi', url: 'https://t', source: 's', license: 'CC0', more: 1 };
  const { more: _, ...document } = line;
  expect(await read('a.jsonl', `\uFEFF${JSON.stringify(line)}\r\n\r\n{"title":"B","text":"b"}`)).toEqual([
    document,
    { title: 'B', text: 'b' },
  ]);
});

test('malformed lines are named by number, all at once', async () => {
  const lines = ['{"title":"A","text":"a"}', '{broken', '{"title":"A"}', '', '[]', '{"title":" ","text":"a"}'];
  const failure = read('bad.jsonl', lines.join('\n'));
  await expect(failure).rejects.toMatchObject({ type: 'InputInvalid' });
  await expect(failure).rejects.toThrow(
    /bad\.jsonl: line 2 is not JSON .*; line 3 is not a document: text: missing; line 5 .*; line 6 .* title: /,
  );
  await expect(read('worse.jsonl', 'x\n'.repeat(9))).rejects.toThrow(/line 5 is not JSON .*; 4 more/);
});

test('an absent file and an unknown kind are named', async () => {
  await expect(readDocuments(join(folder, 'absent.md'))).rejects.toThrow(/absent\.md cannot be read \(no such file\)/);
  await expect(read('a.pdf', 'x')).rejects.toThrow(/a\.pdf is none of .*\.md/);
});

test('Markdown is cut at headings; a fence holds none', async () => {
  const text =
    '# Atlas\nIntroduction.\n\n## Texas ##\nBig.\n\n```sh\n# no heading\n```\n\n### Deep\n\nText.\n## Empty\n';
  expect(await read('my_atlas.md', text)).toEqual([
    { title: 'my atlas: Atlas', text: 'Introduction.' },
    { title: 'my atlas: Texas', text: 'Big.\n```sh\n# no heading\n```' },
    { title: 'my atlas: Deep', text: 'Text.' },
  ]);
});

test('text is cut at paragraphs, joined while they fit, and no word of it is lost', async () => {
  const paragraphs = Array.from({ length: 40 }, (_, i) => `Paragraph ${i}. ${'word '.repeat(i * 12)}end${i}.`);
  const documents = await read('long.txt', paragraphs.join('\n\n'));
  expect(documents.length).toBeGreaterThan(5);
  for (const { title, text } of documents) {
    expect(title).toBe('long');
    expect(text.length).toBeLessThanOrEqual(1200);
  }
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  expect(words(documents.map(({ text }) => text).join(' '))).toEqual(words(paragraphs.join(' ')));
});

test('a text without any space still ends', async () => {
  const documents = await read('wall.txt', 'x'.repeat(5000));
  expect(documents.map(({ text }) => text).join('')).toBe('x'.repeat(5000));
});
