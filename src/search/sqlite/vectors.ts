/**
 * Embeddings in an index. Each number is kept as a byte, relative to the largest of its vector: for cosines that is exact enough, and a
 * quarter of the memory. All vectors are compared with a query; a hundred thousand of 384 numbers take some 30 ms
 * (benchmarks/search/vectors.ts).
 */
import type { DatabaseSync } from 'node:sqlite';
import type { EmbeddedPassages } from './embed-passages';

/** Passages near a query that are ranked. */
const NEAREST = 60;
/** Of fewer passages the nearest is always taken. */
const FEW = 20;
/**
 * Standard deviations by which the nearest passage must exceed what the best of as many random ones has. With 0.5 some 2 % of right passages
 * are passed over, and most queries that an index knows nothing of find nothing.
 */
const ABOVE_CHANCE = 0.5;

const TABLE = 'CREATE TABLE vectors (rowid INTEGER PRIMARY KEY, key BLOB NOT NULL, vector BLOB NOT NULL);';
const META = 'embeddings';

/** What the vectors of an index were made with. */
export interface EmbeddedBy {
  model: string;
  passagePrefix: string;
  dimensions: number;
}

/** How near the passages of an index are to a query, in standard deviations of all passages' similarity above their mean. */
export interface Near {
  of(rowid: number): number;
  /** The nearest, in order. */
  best: number[];
  /** Whether the nearest is nearer than it would be by chance. */
  standsOut: boolean;
}

export function toBytes(vector: readonly number[]): Int8Array {
  const largest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Int8Array.from(vector, (value) => (largest === 0 ? 0 : Math.round((value / largest) * 127)));
}

/** Writes the vectors of the documents that the index has, in their order. */
export function writeVectors(database: DatabaseSync, { by, vectors }: EmbeddedPassages): void {
  database.exec(TABLE);
  const insert = database.prepare('INSERT INTO vectors (rowid, key, vector) VALUES (?, ?, ?)');
  for (const [at, { key, vector }] of vectors.entries()) insert.run(at + 1, key, vector);
  database.prepare('INSERT INTO meta (key, value) VALUES (?, ?)').run(META, JSON.stringify(by));
}

/** @returns undefined for an index without embeddings */
export function embeddedBy(database: DatabaseSync): EmbeddedBy | undefined {
  const row = database.prepare('SELECT value FROM meta WHERE key = ?').get(META);
  return row && (JSON.parse(String(row.value)) as EmbeddedBy);
}

/** Reads all vectors. @returns compares a query with them */
export function openVectors(database: DatabaseSync, { dimensions }: EmbeddedBy): (query: readonly number[]) => Near {
  const rows = Number(database.prepare('SELECT max(rowid) AS n FROM vectors').get()?.n ?? 0);
  const values = new Int8Array(rows * dimensions);
  const lengths = new Float64Array(rows);
  for (const row of database.prepare('SELECT rowid, vector FROM vectors').iterate()) {
    const vector = new Int8Array((row.vector as Uint8Array).slice().buffer);
    const at = Number(row.rowid) - 1;
    values.set(vector, at * dimensions);
    lengths[at] = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  }
  return (query) => {
    const similarities = new Float64Array(rows);
    for (let row = 0; row < rows; row += 1) {
      let sum = 0;
      for (let at = 0, from = row * dimensions; at < dimensions; at += 1)
        sum += (query[at] as number) * (values[from + at] as number);
      similarities[row] = sum / (lengths[row] as number);
    }
    return nearOf(similarities);
  };
}

function nearOf(similarities: Float64Array): Near {
  const { length } = similarities;
  const mean = similarities.reduce((sum, value) => sum + value, 0) / length;
  const deviation = Math.sqrt(similarities.reduce((sum, value) => sum + (value - mean) ** 2, 0) / length) || 1;
  const of = (rowid: number) => ((similarities[rowid - 1] as number) - mean) / deviation;
  const best: number[] = [];
  for (let rowid = 1; rowid <= length; rowid += 1) {
    if (best.length === NEAREST && of(rowid) <= of(best[NEAREST - 1] as number)) continue;
    const place = best.findIndex((other) => of(other) < of(rowid));
    best.splice(place === -1 ? best.length : place, 0, rowid);
    best.length = Math.min(best.length, NEAREST);
  }
  const byChance = Math.sqrt(2 * Math.log(length));
  const standsOut = length > 0 && (length < FEW || of(best[0] as number) > byChance + ABOVE_CHANCE);
  return { of, best, standsOut };
}
