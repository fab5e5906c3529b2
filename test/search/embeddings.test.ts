/** Searching by meaning: embeddings in an index, and a server that makes them. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  buildIndex,
  createEmbedder,
  createSearchEngine,
  createSqliteEngine,
  embedPassages,
  type SearchConfigInput,
  type SearchDocument,
} from '../../src/search';
import { embeddingConfigSchema } from '../../src/search/embedding-config';
import { startEmbeddings, type EmbeddingService } from './embedding-service';

let folder: string;
let service: EmbeddingService;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'husky-embeddings-'))));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => (service = await startEmbeddings()));
afterEach(() => service.close());

const FILLERS = [
  'stairs',
  'roof',
  'garden',
  'printer',
  'lamp',
  'window',
  'heating',
  'mail',
  'door',
  'desk',
  'fence',
  'bell',
];
const PASSAGES: SearchDocument[] = [
  'Employees get 28 days of vacation a year.',
  'Lunch is served from noon to two.',
  'A vehicle may stand in the yard for a day.',
  ...FILLERS.map((thing) => `Who breaks the ${thing} tells the house keeper about ${thing} number ${thing.length}.`),
  ...FILLERS.map((thing) => `A new ${thing} was bought last spring by somebody from accounting.`),
].map((text) => ({ title: text, text }));

const settings = (more = {}) => ({ baseUrl: `${service.url}/v1`, model: 'meaning', ...more });
const embedder = (more = {}, env = {}) => createEmbedder(embeddingConfigSchema.parse(settings(more)), env);

async function indexed(name: string, documents = PASSAGES, more = {}, loose = true): Promise<string> {
  const path = join(folder, name);
  buildIndex(path, documents, { loose, embeddings: await embedPassages(path, documents, embedder(more)) });
  return path;
}
const found = async (config: SearchConfigInput, query: string) => {
  const engine = await createSearchEngine(config, {});
  try {
    return (await engine.search(query)).text;
  } finally {
    await engine.close?.();
  }
};

test('a query finds what means the same in other words, and what has its words', async () => {
  const index = await indexed('meaning.db');
  const by = { index, embeddings: settings() };
  expect(await found({ index }, 'How long is my holiday?')).toBeUndefined();
  expect(await found(by, 'How long is my holiday?')).toBe(PASSAGES[0]?.text);
  expect(await found(by, 'Where do I park my car?')).toBe(PASSAGES[2]?.text);
  expect(await found(by, 'Who breaks the roof?')).toContain('Who breaks the roof');
  // Near to nothing more than to all.
  expect(await found(by, 'zzz qqq')).toBeUndefined();
  expect(await found(by, ' ')).toBeUndefined();
});

test('prefixes are sent as the model wants them, and long passages are cut', async () => {
  const index = await indexed('prefix.db', PASSAGES, { passagePrefix: 'passage: ', maxChars: 20 });
  expect(service.texts).toContain('passage: Lunch is served from');
  const embeddings = settings({ passagePrefix: 'passage: ', queryPrefix: 'query: ' });
  await found({ index, embeddings }, 'food');
  expect(service.asked.at(-1)?.body).toEqual({ model: 'meaning', input: ['query: food'] });
});

test('only passages that are new are asked for; a build that was stopped goes on', async () => {
  const path = await indexed('again.db');
  expect(service.texts).toHaveLength(PASSAGES.length);
  const more = [...PASSAGES, { title: 'x', text: 'A laptop is lent for a year.' }];
  await indexed('again.db', more);
  expect(service.texts.slice(PASSAGES.length)).toEqual(['x: A laptop is lent for a year.']);
  const again = await embedPassages(path, more, embedder());
  expect(buildIndex(path, more, { loose: true, embeddings: again }).built).toBe(false);
  service.texts.length = 0;
  await embedPassages(path, more, embedder(), { force: true });
  expect(service.texts).toHaveLength(more.length);

  service.texts.length = 0;
  service.failFrom = 10;
  const broken = join(folder, 'broken.db');
  const asked = (one = embedder({ batch: 5 })) => embedPassages(broken, PASSAGES, one, { inFlight: 1 });
  await expect(asked()).rejects.toThrow(
    'The embedding model meaning answered 400: input is too large to process. Lower search.embeddings.maxChars',
  );
  expect(existsSync(broken)).toBe(false);
  service.failFrom = Infinity;
  const embeddings = await asked();
  expect(service.texts).toHaveLength(PASSAGES.length);
  buildIndex(broken, PASSAGES, { loose: true, embeddings });
  expect(await found({ index: broken, embeddings: settings() }, 'holiday')).toBe(PASSAGES[0]?.text);
});

test('of facts with names, embeddings find only what has the names', async () => {
  const facts = ['Oslo', 'Bergen', 'Turku', 'Malmö'].map((town) => ({
    title: town,
    text: `Lunch in ${town} costs ${town.length} euros.`,
  }));
  const index = await indexed('facts.db', facts, {}, false);
  const by = { index, embeddings: settings() };
  expect(await found(by, 'price of food in Bergen')).toBe('Lunch in Bergen costs 6 euros.');
  expect(await found(by, 'price of food in Paris')).toBeUndefined();
});

test('an index without embeddings, of another model or prefix, or with vectors of another length is told', async () => {
  const plain = join(folder, 'plain.db');
  buildIndex(plain, PASSAGES);
  const open =
    (path: string, more = {}) =>
    () =>
      createSqliteEngine({ path, embedder: embedder(more) });
  expect(open(plain)).toThrow(
    /plain\.db has no embeddings, and search\.embeddings wants them; build it again with npx temporal-husky index/,
  );
  const index = await indexed('one.db');
  expect(open(index, { model: 'other' })).toThrow(/has embeddings of meaning, not of other/);
  expect(open(index, { passagePrefix: 'p: ' })).toThrow(/of the passage prefix "", not of "p: "/);
  const short = await startEmbeddings(5);
  const other = { index, embeddings: { baseUrl: short.url, model: 'meaning' } };
  await expect(found(other, 'food')).rejects.toThrow(/gives embeddings of 5 numbers, and those of .*one\.db have 97/);
  const more = [...PASSAGES, { title: '', text: 'A laptop is lent for a year.' }];
  const mixed = createEmbedder(embeddingConfigSchema.parse({ baseUrl: short.url, model: 'meaning' }), {});
  await expect(embedPassages(index, more, mixed)).rejects.toThrow(/another model under the same name/);
  await short.close();
});

test.each([
  [{ data: [] }, /gave 0 embeddings for 1 texts/],
  [{ error: { message: 'no such model' } }, /answered JSON that holds no embeddings/],
  [{ data: [{ embedding: [] }] }, /holds no embeddings/],
])('an answer that is none: %j', async (body, message) => {
  service.replies.splice(0, 1, { body });
  await expect(embedder().embed(['a'], 'query')).rejects.toThrow(message);
});

test('the key comes from its variable, and stands in no error', async () => {
  const one = embedder({ apiKeyEnv: 'EMBEDDING_KEY' }, { EMBEDDING_KEY: 'sesame' });
  await one.embed(['food'], 'passage');
  expect(service.asked.at(-1)?.headers.authorization).toBe('Bearer sesame');
  service.replies.splice(0, 1, { status: 401, body: { error: { message: 'bad key sesame' } } });
  const error = (await one.embed(['food'], 'passage').catch((failure: unknown) => failure)) as Error;
  expect(error.message).toContain('answered 401');
  expect(error.message).not.toContain('sesame');
  expect(() => embedder({ apiKeyEnv: 'EMBEDDING_KEY' })).toThrow(/EMBEDDING_KEY is not set/);
});

test('the configuration wants an index of its own', async () => {
  await expect(createSearchEngine({ embeddings: settings() }, {})).rejects.toThrow(
    /search\.embeddings: needs search\.index/,
  );
});
