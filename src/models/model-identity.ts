/** Identifies a model by its settings and the content of its weights; two models may have one name. */
import { fingerprint } from '../files/fingerprint';
import type { ModelConfig } from './model-config';

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
