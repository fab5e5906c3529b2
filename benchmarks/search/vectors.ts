/**
 * How long a query takes to be compared with all embeddings of an index: 100,000 passages of 384 random numbers.
 *
 *     node benchmarks/node-ts.cjs benchmarks/search/vectors.ts
 *
 * @module
 */
import { DatabaseSync } from 'node:sqlite';
import { openVectors, writeVectors } from '../../src/search/sqlite/vectors';

const PASSAGES = 100_000;
const DIMENSIONS = 384;
const QUERIES = 9;

const key = new Uint8Array(16);
const random = () => new Uint8Array(Array.from({ length: DIMENSIONS }, () => Math.floor(Math.random() * 256)));
const vectors = Array.from({ length: PASSAGES }, () => ({ key, vector: random() }));
const by = { model: 'random', passagePrefix: '', dimensions: DIMENSIONS };
const database = new DatabaseSync(':memory:');
database.exec('CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID; BEGIN');
writeVectors(database, { by, vectors });
database.exec('COMMIT');

const timed = <Result>(work: () => Result): [ms: number, Result] => {
  const startedAt = performance.now();
  const result = work();
  return [performance.now() - startedAt, result];
};
const [opened, compare] = timed(() => openVectors(database, by));
const query = Array.from({ length: DIMENSIONS }, () => Math.random() - 0.5);
const times = Array.from({ length: QUERIES }, () => timed(() => compare(query))[0]).sort((a, b) => a - b);
const median = times[(QUERIES - 1) / 2] ?? 0;
console.log(
  `${PASSAGES} passages of ${DIMENSIONS}: read in ${opened.toFixed(0)} ms, a query takes ${median.toFixed(0)} ms`,
);
