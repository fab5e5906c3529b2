/**
 * Gives each document of an index its embedding. Those of the index that is there are taken over if the passage and the model are the same.
 * New ones are kept in a file beside it as they come, so that a build that is stopped goes on where it was.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createFailure } from '../../failures';
import { onDisk } from '../../process/full-disk';
import type { Embedder } from '../embedder';
import { passageOf } from './passage';
import type { SearchDocument } from './search-document';
import { toBytes, type EmbeddedBy } from './vectors';

export interface EmbeddedPassages {
  by: EmbeddedBy;
  /** In the order of the documents. */
  vectors: { key: Uint8Array; vector: Uint8Array }[];
}

export interface EmbedOptions {
  /** Called after each request. @param done passages that have embeddings */
  onProgress?: (done: number) => void;
  /** Requests at a time. @default 4 */
  inFlight?: number;
  /** Asks for all anew. @default false */
  force?: boolean;
}

/** Holds the embeddings that are in no index yet. */
const beside = (path: string) => `${path}.embeddings`;

/**
 * @param path of the index that will hold them
 * @throws InputInvalid for a model whose vectors have another length than those that are there
 */
export async function embedPassages(
  path: string,
  documents: readonly SearchDocument[],
  embedder: Embedder,
  { onProgress, inFlight = 4, force = false }: EmbedOptions = {},
): Promise<EmbeddedPassages> {
  const passages = documents.map(passageOf);
  const keys = passages.map((passage) => keyOf(embedder, passage));
  const known = force ? new Map<string, Uint8Array>() : knownVectors(path, new Set(keys.map(named)));
  mkdirSync(dirname(path), { recursive: true });
  if (force) forgetKept(path);
  const kept = openKept(beside(path));
  try {
    for (const row of kept.prepare('SELECT key, vector FROM vectors').iterate())
      known.set(named(row.key as Uint8Array), row.vector as Uint8Array);
    const keep = kept.prepare('INSERT OR REPLACE INTO vectors (key, vector) VALUES (?, ?)');
    const missing = [...new Map(keys.map((key, at) => [named(key), at])).values()].filter(
      (at) => !known.has(named(keys[at]!)),
    );
    let done = documents.length - missing.length;
    const batches = Array.from({ length: Math.ceil(missing.length / embedder.batch) }, (_, at) =>
      missing.slice(at * embedder.batch, (at + 1) * embedder.batch),
    );
    const work = batches.values();
    const stop = new AbortController();
    const ask = async () => {
      for (const batch of work) {
        const asked = batch.map((at) => passages[at]!);
        const vectors = await embedder.embed(asked, 'passage', stop.signal);
        onDisk(path, () => {
          kept.exec('BEGIN');
          for (const [place, at] of batch.entries()) {
            const vector = new Uint8Array(toBytes(vectors[place]!).buffer);
            keep.run(keys[at]!, vector);
            known.set(named(keys[at]!), vector);
          }
          kept.exec('COMMIT');
        });
        done += batch.length;
        onProgress?.(done);
      }
    };
    const stopAll = (error: unknown) => {
      stop.abort(error);
      throw error;
    };
    await Promise.allSettled(Array.from({ length: inFlight }, () => ask().catch(stopAll)));
    stop.signal.throwIfAborted();
  } finally {
    kept.close();
  }
  const vectors = keys.map((key) => ({ key, vector: known.get(named(key))! }));
  const dimensions = vectors[0]?.vector.length ?? 0;
  const other = vectors.find(({ vector }) => vector.length !== dimensions)?.vector.length;
  if (other !== undefined) {
    forgetKept(path);
    throw createFailure(
      'InputInvalid',
      `${embedder.model} gave embeddings of ${other} numbers, and of ${dimensions} before; it is another model under the same name. Build again, with --force.`,
    );
  }
  return { by: { model: embedder.model, passagePrefix: embedder.passagePrefix, dimensions }, vectors };
}

/** Removes what was kept for an index that is not built, or is built now. */
export const forgetKept = (path: string): void => rmSync(beside(path), { force: true });

function keyOf({ model, passagePrefix, maxChars }: Embedder, passage: string): Uint8Array {
  const text = JSON.stringify([model, passagePrefix + passage.slice(0, maxChars)]);
  return createHash('sha256').update(text).digest().subarray(0, 16);
}

const named = (key: Uint8Array) => Buffer.from(key).toString('latin1');

/** The vectors of the index that is there. */
function knownVectors(path: string, wanted: ReadonlySet<string>): Map<string, Uint8Array> {
  const known = new Map<string, Uint8Array>();
  if (!existsSync(path)) return known;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    for (const row of database.prepare('SELECT key, vector FROM vectors').iterate())
      if (wanted.has(named(row.key as Uint8Array))) known.set(named(row.key as Uint8Array), row.vector as Uint8Array);
  } catch {
    // No index, or one without embeddings.
  } finally {
    database?.close();
  }
  return known;
}

function openKept(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;');
  return database;
}
