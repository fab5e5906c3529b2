import { Command } from 'commander';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registerIndex } from '../../src/cli/commands/index-command';
import { registerSearch } from '../../src/cli/commands/search';
import { startEmbeddings } from './embedding-service';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-search-cli-'))));
afterAll(() => rmSync(folder, { recursive: true }));

async function husky(...words: string[]): Promise<{ out: string; err: string }> {
  const written = { out: '', err: '' };
  const capture = (key: 'out' | 'err') => (chunk: unknown) => ((written[key] += String(chunk)), true);
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation(capture('out')),
    jest.spyOn(process.stderr, 'write').mockImplementation(capture('err')),
  ];
  try {
    const program = new Command('husky').exitOverride();
    registerIndex(program);
    registerSearch(program);
    await program.parseAsync(['node', 'husky', ...words]);
    return written;
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

test('files are indexed, and then found', async () => {
  const out = join(folder, 'facts.db');
  const facts = file('facts.jsonl', '{"title":"Zembla","text":"Area: 12,345 square miles.","source":"Kinbote"}\n');
  const notes = file('notes.md', '# Onhava\nThe capital of Zembla.\n');
  const built = await husky('index', facts, notes, '--out', out);
  expect(built.out).toContain(`${out}: 2 documents`);
  expect(built.err).toContain('facts.jsonl: 1 document\n');
  expect((await husky('index', facts, notes, '--out', out)).out).toContain('unchanged');
  const found = await husky('search', 'area', 'of', 'Zembla', '--index', out);
  expect(found.out).toBe('Zembla: Area: 12,345 square miles.\n');
  expect(found.err).toContain('Kinbote');
  const { out: json } = await husky('search', 'area of Zembla', '--index', out, '--json');
  expect(JSON.parse(json)).toMatchObject({ engine: 'sqlite', query: 'area of Zembla', results: [{ title: 'Zembla' }] });
});

test('lines without a title are shown as they are, without the name of their file', async () => {
  const out = join(folder, 'untitled.db');
  const lines = ['The canteen opens at nine.', 'The roof is closed.'].map((text) => JSON.stringify({ text }));
  await husky('index', file('facts.jsonl', `${lines.join('\n')}\n`), '--out', out);
  const found = await husky('search', 'When does the canteen open?', '--index', out);
  expect(found).toMatchObject({ out: 'The canteen opens at nine.\n', err: '' });
  // The file's name is no subject.
  await expect(husky('search', 'facts', '--index', out)).rejects.toThrow(/found nothing/);
});

test('a document that has the name of the index is left as it is', async () => {
  const notes = file('precious.md', '# Onhava\nThe capital of Zembla.\n');
  await expect(husky('index', notes, '--out', notes)).rejects.toThrow(/precious\.md is there and is no index/);
  expect(readFileSync(notes, 'utf8')).toContain('# Onhava');
  await expect(husky('index', notes, '--out', folder)).rejects.toThrow(/is no file/);
});

test('the bundled facts answer without any set-up', async () => {
  expect((await husky('search', 'area of Texas in square miles')).out).toMatch(/268,5\d\d/);
});

test('nothing found is an error that names the query', async () => {
  await expect(husky('search', 'area of Zembla')).rejects.toThrow('sqlite found nothing for "area of Zembla".');
});

test('every unreadable file is named at once, and no index is written', async () => {
  const bad = file('bad.jsonl', 'oops\n');
  const out = join(folder, 'none.db');
  await expect(husky('index', bad, join(folder, 'absent.txt'), '--out', out)).rejects.toThrow(
    /bad\.jsonl: line 1 is not JSON[^]*absent\.txt cannot be read[^]*No index was written/,
  );
  await expect(husky('search', 'x', '--index', out)).rejects.toThrow(/cannot be opened as a search index/);
});

test('an unknown engine is named beside those that exist', async () => {
  await expect(husky('search', 'x', '--engine', 'altavista')).rejects.toThrow(/altavista.*sqlite, serpapi/);
});

test('with an embedding model in the configuration an index is built and asked by meaning', async () => {
  const service = await startEmbeddings();
  const out = join(folder, 'meaning.db');
  const lines = ['A year has 28 days of vacation.', 'Lunch is at noon.'].map((text) => JSON.stringify({ text }));
  const facts = file('policy.jsonl', `${lines.join('\n')}\n`);
  const embeddings = { baseUrl: `${service.url}/v1`, model: 'meaning' };
  const config = file('meaning.yaml', JSON.stringify({ search: { index: 'meaning.db', embeddings } }));
  try {
    const built = await husky('index', facts, '--out', out, '--config', config);
    expect(built.out).toContain('2 documents');
    expect(service.texts).toEqual(['A year has 28 days of vacation.', 'Lunch is at noon.']);
    expect((await husky('search', 'my holiday', '--config', config)).out).toBe('A year has 28 days of vacation.\n');
    expect((await husky('index', facts, '--out', out, '--config', config)).out).toContain('unchanged');
    service.failFrom = 0;
    const more = file('more.jsonl', '{"text":"The car park is shut."}\n');
    await expect(husky('index', facts, more, '--out', out, '--config', config)).rejects.toThrow(
      /The embedding model meaning answered 400: input is too large to process\. Lower search\.embeddings\.maxChars.*No index was written\./,
    );
    await husky('index', facts, '--out', out, '--config', config, '--no-embeddings');
    await expect(husky('search', 'my holiday', '--config', config)).rejects.toThrow(/meaning\.db has no embeddings/);
  } finally {
    await service.close();
  }
});
