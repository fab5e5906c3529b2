import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { atlasDocuments } from '../../src/atlas';
import { buildIndex, createSearchEngine, createSqliteEngine, type SearchDocument } from '../../src/search';

const DOCUMENTS: SearchDocument[] = [
  {
    title: 'Mount Washington',
    text: 'Its area is small: 6,288 feet high, some square miles of rock.',
    source: 'a',
    license: 'CC0',
  },
  {
    title: 'Washington',
    text: 'Area: 71,298 square miles. Capital: Olympia.',
    source: 'b',
    license: 'CC0',
    url: 'https://w',
  },
  { title: 'George Washington', text: 'First president, born 1732.' },
  { title: 'Texas', text: 'Area: 268,596 square miles. Capital: Austin.' },
  { title: 'Lake Chelan', text: 'The largest natural lake in Washington; it covers 50 square miles.' },
  { title: 'Georgia (country)', text: 'Capital: Tbilisi.' },
  { title: 'Bogotá', text: 'Capital of Colombia.' },
  { title: 'C++', text: 'A language by Bjarne Stroustrup.' },
  { title: 'C#', text: 'A language by Microsoft.' },
  { title: 'invoices', text: 'Invoice 7 is of 1,234.50 dollars, invoice 8 of 20500.' },
  { title: 'GPT-4', text: 'Released in 2023.' },
  { title: '東京タワー', text: '東京タワーは高さ333メートルの電波塔である。' },
  { title: '北京', text: '北京是中国的首都，人口约两千万。' },
  { title: 'กรุงเทพ', text: 'กรุงเทพเป็นเมืองหลวงของประเทศไทย' },
  { title: 'Αθήνα', text: 'Η Αθήνα έχει τρεις αποθήκες.' },
  { title: 'чай', text: 'Новый английский чай и ёлка.' },
  { title: 'й'.normalize('NFD'), text: 'Київський трамвай'.normalize('NFD') },
  { title: '식당', text: '서울 사무실의 식당은 아홉 시에 문을 엽니다.' },
  { title: 'कैंटीन', text: 'दिल्ली कार्यालय की कैंटीन सुबह नौ बजे खुलती है।' },
  { title: 'محمد', text: 'مُحَمَّد يعمل في مكتب القاهرة.' },
  { title: 'Łódź', text: 'Łódź ma żółty tramwaj.' },
  { title: 'Straße', text: 'Die Große Straße ist gesperrt.' },
];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-search-'))));
afterAll(() => rmSync(folder, { recursive: true }));

describe('what is found', () => {
  const engine = createSqliteEngine({ documents: DOCUMENTS });
  afterAll(() => engine.close?.());
  const titleOf = async (query: string) => (await engine.search(query)).results[0]?.title;

  test.each([
    ['area of Washington in square miles', 'Washington'],
    ['what is the area of washington?', 'Washington'],
    ['Washington', 'Washington'],
    ['how high is Mount Washington', 'Mount Washington'],
    ['When was George Washington born?', 'George Washington'],
    ['largest lake in Washington', 'Lake Chelan'],
    ['AREA OF TEXAS', 'Texas'],
    ["Texas's area", 'Texas'],
    ['capital of Georgia', 'Georgia (country)'],
    ['bogota', 'Bogotá'],
    ['What country is Bogotá the capital of?', 'Bogotá'],
    ['C++', 'C++'],
    ['who made C#', 'C#'],
    ['gpt4 release', 'GPT-4'],
    ['GPT 4', 'GPT-4'],
    ['268596 square miles', 'Texas'],
    ['71,298 square miles', 'Washington'],
    ['invoice 1,234.50', 'invoices'],
    ['invoice 1234.50', 'invoices'],
    ['invoice 20,500', 'invoices'],
    ['東京タワーの高さ', '東京タワー'],
    ['中国的首都是哪里？', '北京'],
    ['เมืองหลวงของประเทศไทย', 'กรุงเทพ'],
    ['Αθήνα αποθήκες', 'Αθήνα'],
    ['ΑΘΗΝΑ', 'Αθήνα'],
    ['английский чай', 'чай'],
    ['елка', 'чай'],
    ['київський', 'й'.normalize('NFC')],
    ['서울 식당', '식당'],
    ['사무실에서', '식당'],
    ['कैंटीन', 'कैंटीन'],
    ['محمد', 'محمد'],
    ['Lodz', 'Łódź'],
    ['grosse Strasse', 'Straße'],
  ])('%s: %s', async (query, title) => expect(await titleOf(query)).toBe(title));

  test.each([
    ['an entity that is nowhere', 'area of Atlantis in square miles'],
    ['the same in small letters', 'area of atlantis in square miles'],
    ['a misspelt entity', 'area of Texass in square miles'],
    ['an entity of which nothing of the kind is known', 'capital of Mount Washington'],
    ['no word at all', '?! ... —'],
    ['an empty query', ''],
  ])('%s is no text', async (_, query) => expect(await engine.search(query)).toEqual({ text: undefined, results: [] }));

  test.each([
    '"',
    "'",
    '* OR *',
    'NEAR(',
    'title:',
    'Texas AND NOT (',
    'Texas -area',
    '^Texas + "',
    'a:b {c} \u0000 Texas',
  ])('the syntax of FTS5 in %j is only words', async (query) => {
    const { results } = await engine.search(query);
    expect(results.map(({ title }) => title)).toEqual(query.includes('Texas') ? ['Texas'] : []);
  });

  test.each(['wifi', 'Wi-Fi', 'wi fi'])('%s finds Wi-Fi', async (query) => {
    const wifi = createSqliteEngine({ documents: [{ title: 'guests', text: 'The password of the Wi-Fi is otter.' }] });
    expect((await wifi.search(`${query} password`)).results).toHaveLength(1);
    wifi.close?.();
  });

  test('a result says where it comes from', async () => {
    const { results } = await engine.search('Washington area');
    expect(results).toEqual([
      { title: 'Washington', snippet: DOCUMENTS[1]?.text, url: 'https://w', source: 'b', license: 'CC0' },
    ]);
  });

  test('the title stands before the text unless the text says it', async () => {
    expect((await engine.search('Texas area')).text).toBe('Texas: Area: 268,596 square miles. Capital: Austin.');
    const facts = createSqliteEngine({ documents: [{ title: 'area of Texas', text: 'Texas (state): area 268,596.' }] });
    expect((await facts.search('Texas area')).text).toBe('Texas (state): area 268,596.');
    facts.close?.();
  });

  test('more results are more lines, best first', async () => {
    const { text, results } = await engine.search('square miles of Washington', { limit: 2 });
    expect(results.map(({ title }) => title)).toContain('Washington');
    expect(text?.split('\n')).toHaveLength(2);
  });

  test('the same text under two titles is one result, and scripts without spaces are shown as they were', async () => {
    const twice = ['Who', 'The Who'].map((title) => ({ title, text: 'The Who formed in 1964.' }));
    const other = createSqliteEngine({ documents: [...twice, ...DOCUMENTS], limit: 3 });
    expect((await other.search('The Who')).text).toBe('The Who formed in 1964.');
    expect((await other.search('東京タワー')).text).toBe('東京タワーは高さ333メートルの電波塔である。');
    await other.close?.();
  });

  test('long text is cut with a marker that names its length', async () => {
    const long = createSqliteEngine({ documents: [{ title: 'Pi', text: `3.${'1'.repeat(9000)}` }], maxChars: 100 });
    expect((await long.search('Pi')).text).toMatch(/^Pi: 3\.1+ \[\.\.\. cut, 9006 characters in all\]$/);
    long.close?.();
  });

  test('an aborted search is not begun', async () => {
    await expect(engine.search('Texas', { signal: AbortSignal.abort(new Error('no more')) })).rejects.toThrow(
      'no more',
    );
  });
});

describe('the bundled atlas', () => {
  test('every fact of it is the first result of the query that asks for it', async () => {
    const documents = [...atlasDocuments()];
    const engine = await createSearchEngine();
    const missed: string[] = [];
    for (const { title, text } of documents) {
      const found = await engine.search(title);
      if (found.text !== text) missed.push(`${title} -> ${found.text}`);
    }
    await engine.close?.();
    expect(missed).toEqual([]);
    expect(documents.length).toBeGreaterThan(1000);
  });

  test('it knows Texas and Washington', async () => {
    const engine = await createSearchEngine({ engine: 'sqlite' });
    expect((await engine.search('area of Texas in square miles')).text).toMatch(/268,5\d\d square miles/);
    const { text, results } = await engine.search('area of Washington in square miles');
    expect(text).toMatch(/71,2\d\d square miles/);
    expect(results[0]?.license).toBeTruthy();
    await engine.close?.();
  });

  test.each([
    ['Find the year Rosa Parks died.', 'death year 2005'],
    ['When was Rosa Parks born?', 'birth year 1913'],
    ['How tall is Mount Elbrus?', 'height 5,642 meters'],
    ['How deep is Lake Como?', 'depth'],
    ['How long is the Columbia River?', 'length'],
  ])('%s finds a fact in other words', async (query, fact) => {
    const engine = await createSearchEngine();
    expect((await engine.search(query)).text).toContain(fact);
    await engine.close?.();
  });
});

describe('the index file', () => {
  const path = () => join(folder, 'facts.db');

  test('of documents a part of the words finds one, of facts all names have to be there', async () => {
    const documents = [
      { title: 'handbook: Vacation', text: 'Employees get 30 days of vacation a year.' },
      { title: 'handbook: Sick leave', text: "Acme needs a doctor's note from the fourth day." },
      { title: 'Mia Wolf', text: 'name: Mia Wolf; role: CEO' },
      { title: 'offices', text: 'The Bureau of Labor Statistics is next door in New York City.' },
    ];
    const first = async (loose: boolean, query: string) => {
      buildIndex(path(), documents, { loose });
      const engine = createSqliteEngine({ path: path() });
      const [result] = (await engine.search(query)).results;
      engine.close?.();
      return result?.title;
    };
    const asked = [
      "What is Acme's rule on vacation days?",
      'Who is the CEO of Acme?',
      "When is a doctor's note required?",
    ];
    expect(await first(false, asked[0] as string)).not.toMatch('Vacation');
    expect(await first(false, asked[1] as string)).toBeUndefined();
    for (const [index, query] of ['Vacation', 'Mia', 'Sick'].entries())
      expect(await first(true, asked[index] as string)).toMatch(query);
    for (const initials of ['NYC office', 'Where is the BLS?']) expect(await first(true, initials)).toBe('offices');
    for (const nowhere of ['What is the capital of Mongolia?', 'How long is a day on Venus?', 'leave of Contoso'])
      expect(await first(true, nowhere)).toBeUndefined();
    rmSync(path());
  });

  test.each([
    ['one title', () => 'facts'],
    ['their beginnings as titles', (text: string) => text.slice(0, 35)],
  ])('sentences with %s are found by a part of the words, and before others by a name', async (_, titleOf) => {
    const sentences = [
      'Ludacris is a rap artist.',
      'Happy hardcore is a music genre of hard dance.',
      'Soul is a music genre of the United States.',
      'The Kingdom of Hungary was a monarchy.',
      'A pound sterling is fiat money.',
      'Norway has a king.',
      'Goofy is a dog character.',
      'Many people keep an animal of some kind.',
      'Horchata is a drink made from soaking dry rice in water.',
      'Rice grows in water.',
    ];
    buildIndex(
      path(),
      sentences.map((text) => ({ title: titleOf(text), text })),
    );
    const engine = createSqliteEngine({ path: path() });
    const first = async (query: string) => (await engine.search(query)).results[0]?.snippet;
    expect(await first('What genre is Ludacris?')).toBe(sentences[0]);
    expect(await first('Ludacris music genre')).toBe(sentences[0]);
    expect(await first('Which kind of government ruled over the Kingdom of Hungary?')).toBe(sentences[3]);
    expect(await first('What kind of animal is Goofy?')).toBe(sentences[6]);
    expect(await first('What ingredients are in horchata?')).toBe(sentences[8]);
    expect(await first('What is the capital of Mongolia?')).toBeUndefined();
    expect((await engine.search('horchata')).text).toBe(`${titleOf('') && 'facts: '}${sentences[8]}`);
    engine.close?.();
    rmSync(path());
  });

  test('is built once from the same documents, and again when they change', async () => {
    expect(buildIndex(path(), DOCUMENTS)).toEqual({ path: path(), documents: DOCUMENTS.length, built: true });
    const { ino } = statSync(path());
    expect(buildIndex(path(), DOCUMENTS)).toMatchObject({ built: false });
    expect(statSync(path()).ino).toBe(ino);
    const changed = DOCUMENTS.map((one) => (one.title === 'Texas' ? { ...one, text: 'Area: 1 square mile.' } : one));
    expect(buildIndex(path(), changed)).toMatchObject({ built: true });
    const engine = await createSearchEngine({ index: path() });
    expect((await engine.search('area of Texas')).text).toBe('Texas: Area: 1 square mile.');
    await engine.close?.();
  });

  test('a reader of the old index goes on while the new one takes its place', async () => {
    buildIndex(path(), DOCUMENTS);
    const engine = createSqliteEngine({ path: path() });
    buildIndex(path(), [{ title: 'Nothing', text: 'else' }]);
    expect((await engine.search('area of Texas')).text).toContain('268,596');
    engine.close?.();
  });

  test('a build that fails leaves the old index and no remains', () => {
    buildIndex(path(), DOCUMENTS);
    const before = readFileSync(path());
    const broken = [
      { title: 'x', text: 'y' },
      { title: 'x', text: Symbol('no text') as unknown as string },
    ];
    expect(() => buildIndex(path(), broken)).toThrow();
    expect(readFileSync(path()).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['facts.db']);
  });

  test.each([
    ['absent', () => join(folder, 'absent.db'), /cannot be opened/],
    ['no database', () => file('text.db', 'hello, this is no database at all'), /no search index/],
    ['another database', () => otherDatabase(), /no search index/],
    ['of another version', () => otherVersion(), /version 999/],
  ])('one that is %s is refused, with what to do', async (_, make, message) => {
    const failure = createSearchEngine({ index: make() });
    await expect(failure).rejects.toMatchObject({ type: 'ConfigurationInvalid' });
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toThrow(/husky index FILES --out/);
  });

  function file(name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  }
  function otherDatabase(): string {
    const database = new DatabaseSync(join(folder, 'other.db'));
    database.exec('CREATE TABLE IF NOT EXISTS cats (name TEXT)');
    database.close();
    return join(folder, 'other.db');
  }
  function otherVersion(): string {
    const old = join(folder, 'old.db');
    buildIndex(old, DOCUMENTS, { force: true });
    const database = new DatabaseSync(old);
    database.exec("UPDATE meta SET value = '999' WHERE key = 'version'");
    database.close();
    return old;
  }
});
