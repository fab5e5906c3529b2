/**
 * What tells two models apart that have one name: their settings, and weights by what they hold, not where they lie.
 *
 * @module
 */
import { fingerprint } from '../files/fingerprint';
import type { ModelConfig } from './model-config';

/** All of a model's settings that can change an answer; weights by their content. */
export async function identityOfModel({ concurrency: _, price: __, ...model }: ModelConfig): Promise<unknown> {
  if (model.provider !== 'gguf') return model;
  const { path, lora, threads: ___, ...rest } = model;
  return { ...rest, weights: await contentOf(path), ...(lora ? { lora: await contentOf(lora) } : {}) };
}

/** Identifies a large file by its content; by its path where it cannot be read, so that the run fails where it is used. */
export async function contentOf(path: string): Promise<string> {
  return (await fingerprint(path)) ?? path;
}
