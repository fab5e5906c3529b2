/** The name of a model, and what identifies it: two models may have one name. */
import { basename } from 'node:path';
import { fingerprint } from '../files/fingerprint';
import type { ModelConfig } from './model-config';

/** As results show it: of a file without a name of its own the file's, such as `file` for `hf:owner/repo:folder/file.gguf`. */
export const nameOfModel = (config: ModelConfig): string =>
  config.provider === 'gguf' ? (config.model ?? basename(config.path.replace(/^hf:.*:/, ''), '.gguf')) : config.model;

/** The settings that can change an answer, with weights by their content. */
export async function identityOfModel({ concurrency: _, price: __, ...model }: ModelConfig): Promise<unknown> {
  if (model.provider !== 'gguf') return model;
  const { path, lora, threads: ___, ...rest } = model;
  return { ...rest, weights: await contentOf(path), ...(lora ? { lora: await contentOf(lora) } : {}) };
}

/** Identifies a file by its content. One that cannot be read is identified by its path; the run fails when it uses the file. */
export async function contentOf(path: string): Promise<string> {
  return (await fingerprint(path)) ?? path;
}
