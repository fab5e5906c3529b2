/**
 * How often the embedded engine finds a fact, beside bm25 alone: `npm run bench:search`. With a server of embeddings also by meaning:
 * `npm run bench:search -- --embeddings http://127.0.0.1:8080/v1 --model bge-small-en-v1.5`.
 * The facts of StrategyQA's training questions are the index, and the steps of its annotators are the queries: as they wrote them, and as
 * keywords with the name in front. A fact is right if the annotator of the same question wrote it, so the figures are too low for all.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DatabaseSync } from 'node:sqlite';
import { createEmbedder, embedPassages, type Embedder, type SearchEngine } from '../../src/search';
import { embeddingConfigSchema } from '../../src/search/embedding-config';
import { buildIndex } from '../../src/search/sqlite/build-index';
import { matchAny, queryTerms } from '../../src/search/sqlite/query-terms';
import { createSqliteEngine } from '../../src/search/sqlite/sqlite-engine';

interface Line {
  facts?: string[];
  decomposition?: string[];
}

const shared = process.env['HUSKY_SHARED'] ?? path.join(__dirname, '../../../shared');
const file = path.join(shared, 'data/datasets/strategyqa/train.jsonl');
const lines = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Line);

/** `What genre is Ludacris?` as `Ludacris genre`; undefined without a name and another word. */
function keywords(query: string): string | undefined {
  const words = query.match(/[\p{L}\p{N}-]+/gu) ?? [];
  const isName = (word: string, position: number) => position > 0 && /^\p{Lu}/u.test(word);
  const told = new Set(queryTerms(query).map(({ word }) => word));
  const names = words.filter(isName);
  const rest = words.filter((word, position) => !isName(word, position) && told.has(word.toLowerCase()));
  return names.length > 0 && rest.length > 0 ? [...names, ...rest].join(' ') : undefined;
}

type Find = (query: string) => Promise<string[]>;

async function measure(name: string, find: Find, reword: (query: string) => string | undefined): Promise<void> {
  let [queries, first, third, nothing] = [0, 0, 0, 0];
  for (const { facts = [], decomposition = [] } of lines)
    for (const step of decomposition) {
      const query = /#\d/.test(step) ? undefined : reword(step);
      if (!query) continue;
      const found = await find(query);
      queries += 1;
      if (found.length === 0) nothing += 1;
      if (found[0] && facts.includes(found[0])) first += 1;
      if (found.some((text) => facts.includes(text))) third += 1;
    }
  const share = (count: number) => `${((100 * count) / queries).toFixed(1)} %`.padStart(7);
  console.log(
    `${name.padEnd(22)} ${queries} queries: right first ${share(first)}, among three ${share(third)}, nothing found ${share(nothing)}`,
  );
}

/** Of `--embeddings`, `--model` and `--prefix` (of queries). */
function embedderOf(): Embedder | undefined {
  const text = { type: 'string' } as const;
  const {
    embeddings: baseUrl,
    model,
    prefix: queryPrefix,
  } = parseArgs({
    options: { embeddings: text, model: text, prefix: text },
  }).values;
  return baseUrl ? createEmbedder(embeddingConfigSchema.parse({ baseUrl, model, queryPrefix })) : undefined;
}

async function main(): Promise<void> {
  const embedder = embedderOf();
  const folder = mkdtempSync(path.join(tmpdir(), 'husky-search-'));
  try {
    const index = path.join(folder, 'facts.db');
    const documents = lines.flatMap(({ facts = [] }) => facts.map((text) => ({ title: '', text })));
    const embeddings = embedder && (await embedPassages(index, documents, embedder));
    buildIndex(index, documents, { embeddings });
    const byMeaning = embedder && createSqliteEngine({ path: index, embedder });
    const engine: SearchEngine = createSqliteEngine({ path: index });
    const database = new DatabaseSync(index, { readOnly: true });
    const byBm25 = database.prepare(
      'SELECT text FROM documents WHERE documents MATCH ? ORDER BY bm25(documents, 5, 1) LIMIT 3',
    );
    const by =
      (one: SearchEngine): Find =>
      async (query) =>
        (await one.search(query, { limit: 3 })).results.map(({ snippet }) => snippet);
    const bm25: Find = async (query) =>
      byBm25.all(matchAny(queryTerms(query).map(({ word }) => word))).map(({ text }) => String(text));
    for (const [form, reword] of [
      ['as written', (query: string) => query],
      ['keywords', keywords],
    ] as const) {
      await measure(`bm25, ${form}`, bm25, reword);
      await measure(`sqlite, ${form}`, by(engine), reword);
      if (byMeaning) await measure(`meaning, ${form}`, by(byMeaning), reword);
    }
    database.close();
    await engine.close?.();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
