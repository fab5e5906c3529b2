import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf, leftOut, readDocuments } from '../../src/search/sqlite/read-documents';

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
  const lines = ['{"title":"A","text":"a"}', '{broken', '{"title":"A"}', '', '[]', '{"title":"A","text":" "}'];
  const failure = read('bad.jsonl', lines.join('\n'));
  await expect(failure).rejects.toMatchObject({ type: 'InputInvalid' });
  await expect(failure).rejects.toThrow(
    /bad\.jsonl: line 2 is not JSON .*; line 3 is not a document: text: missing; line 5 .*; line 6 .* text: /,
  );
  await expect(read('worse.jsonl', 'x\n'.repeat(9))).rejects.toThrow(/line 5 is not JSON .*; 4 more/);
});

test('an absent file and an unknown kind are named', async () => {
  await expect(readDocuments(join(folder, 'absent.md'))).rejects.toThrow(/absent\.md cannot be read \(no such file\)/);
  await expect(read('a.pdf', 'x')).rejects.toThrow(/a\.pdf is none of .*\.md, .*pdftotext/);
  await expect(read('a.json', '[]')).rejects.toThrow(/jq -c '\.\[\]'/);
});

test.each([
  ['Pyserini', { id: 1, contents: 'The Po is long.' }],
  ['LangChain', { page_content: 'The Po is long.', metadata: {} }],
  ['BEIR, without a title', { _id: '1', title: '', text: 'The Po is long.' }],
])('lines as others write them are read, and one without a title has none: %s', async (_, line) => {
  expect(await read('rivers.jsonl', JSON.stringify(line))).toEqual([{ title: '', text: 'The Po is long.' }]);
});

test('a web page gives its words: headings, paragraphs, items, rows', async () => {
  const page = `<!doctype html><html><head><title>Danube &amp; Co</title><style>p{}</style></head><body><nav>Home</nav><script>1<2</script>
    <h1>Length</h1><p>It is 2,850&nbsp;km
    <b>long</b>.</p><h2>Cities</h2><ul><li>Vienna</li><li>Budapest</li></ul>
    <table><tr><th>Country</th><th>Share</th></tr><tr><td>Romania</td><td>29 %</td></tr></table></body></html>`;
  expect(await read('page.html', page)).toEqual([
    { title: 'Danube & Co: Length', text: 'It is 2,850 km long.' },
    { title: 'Danube & Co: Cities', text: '- Vienna\n- Budapest\nCountry | Share\nRomania | 29 %' },
  ]);
});

test('a table gives its rows, titled by what is no number', async () => {
  const csv = 'id,river,length_km,note\r\n1,Danube,2850,"ten countries, ""really"""\n2,Rhine,1230,\n';
  expect(await read('rivers.csv', csv)).toEqual([
    { title: 'Danube', text: 'id: 1; river: Danube; length_km: 2850; note: ten countries, "really"' },
    { title: 'Rhine', text: 'id: 2; river: Rhine; length_km: 1230' },
  ]);
  expect(await read('d.tsv', 'title\ttext\turl\nPo\tIt is long.\thttps://p\n')).toEqual([
    { title: 'Po', text: 'It is long.', url: 'https://p' },
  ]);
  expect(await read('s.csv', 'name;size\nPo;1,5\n')).toEqual([{ title: 'Po', text: 'name: Po; size: 1,5' }]);
});

test('a folder gives its readable files, not those that are hidden; others are told by their kind', async () => {
  const inner = join(folder, 'tree');
  mkdirSync(join(inner, '.git'), { recursive: true });
  mkdirSync(join(inner, 'sub'));
  for (const name of ['b.md', 'sub/a.txt', '.git/c.md', 'd.PDF', 'e.pdf', 'sub/LICENSE'])
    writeFileSync(join(inner, name), 'x');
  const { files, others } = filesOf(inner);
  expect(files).toEqual([join(inner, 'b.md'), join(inner, 'sub/a.txt')]);
  expect(leftOut(others)).toMatch(/: 2 \.pdf \(convert: pdftotext .*\), 1 without a kind\.$/);
  expect(filesOf(join(inner, 'b.md'))).toEqual({ files: [join(inner, 'b.md')], others: [] });
});

test("a page's settings before its text name it; a line of = makes a heading", async () => {
  const text = '---\ntitle: "Rivers of Europe"\ntags: [a]\n---\nVolga\n=====\n\nLong.\n';
  expect(await read('n.md', text)).toEqual([{ title: 'Rivers of Europe: Volga', text: 'Long.' }]);
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
