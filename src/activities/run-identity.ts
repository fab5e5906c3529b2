/**
 * What tells two runs apart that name the same files: the weights and the index themselves, not where they lie.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { HuskyConfig } from '../config';
import type { ModelConfig } from '../models/model-config';

/** Bytes that are read of each end of a file; a smaller one is read whole. */
const READ = 64 * 1024 * 1024;

/** The models of a configuration, each GGUF file by its content. */
export async function identityOfModels(models: HuskyConfig['models']): Promise<Record<string, unknown>> {
  const entries = Object.entries(models).filter((entry): entry is [string, ModelConfig] => entry[1] !== undefined);
  return Object.fromEntries(
    await Promise.all(
      entries.map(async ([expert, model]) => {
        if (model.provider !== 'gguf') return [expert, model];
        const { path, ...rest } = model;
        return [expert, { ...rest, weights: await fingerprint(path) }];
      }),
    ),
  );
}

/** The search settings, an index by its content. */
export async function identityOfSearch(search: HuskyConfig['search']): Promise<unknown> {
  const { index, ...rest } = search;
  return index === undefined ? rest : { ...rest, index: await fingerprint(index) };
}

/** SHA-256 of a file's size and of its first and last 64 MiB; its path where it cannot be read, so that the run fails where it is used. */
async function fingerprint(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (!file) return path;
  try {
    const { size } = await file.stat();
    const hash = createHash('sha256').update(`${size}`);
    const parts =
      size <= 2 * READ
        ? [[0, size]]
        : [
            [0, READ],
            [size - READ, READ],
          ];
    for (const [position = 0, length = 0] of parts) {
      const buffer = Buffer.alloc(length);
      await file.read(buffer, 0, length, position);
      hash.update(buffer);
    }
    return hash.digest('hex');
  } finally {
    await file.close();
  }
}
