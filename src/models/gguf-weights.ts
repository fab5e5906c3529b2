/** Loads the weights of a GGUF file once for all models that use it: adapters of one base share them. */
import { existsSync } from 'node:fs';
import type { LlamaModel } from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { createFailure } from '../failures';
import { holdLlama, type HeldLlama } from './llama-runtime';

interface Shared {
  loaded: Promise<{ held: HeldLlama; model: LlamaModel }>;
  holders: number;
}

const files = new Map<string, Shared>();

export interface HeldWeights {
  llama: HeldLlama['llama'];
  model: LlamaModel;
  /** The last model that is closed frees the memory. */
  release(): Promise<void>;
}

/**
 * @param name of the model, for messages
 * @throws ConfigurationInvalid when the file is missing or cannot be loaded
 */
export async function holdWeights(path: string, name: string, gpuLayers: 'auto' | number): Promise<HeldWeights> {
  const key = `${gpuLayers} ${path}`;
  let shared = files.get(key);
  if (!shared) files.set(key, (shared = { loaded: load(path, name, gpuLayers), holders: 0 }));
  const own = shared;
  own.holders += 1;
  const release = async () => {
    own.holders -= 1;
    if (own.holders > 0) return;
    if (files.get(key) === own) files.delete(key);
    const loaded = await own.loaded.catch(() => undefined);
    await loaded?.model.dispose();
    await loaded?.held.release();
  };
  try {
    const { held, model } = await own.loaded;
    return { llama: held.llama, model, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function load(path: string, name: string, gpuLayers: 'auto' | number) {
  if (!existsSync(path))
    throw createFailure('ConfigurationInvalid', `The file of the model ${name} does not exist: ${path}.`);
  const held = await holdLlama(gpuLayers === 0 ? false : 'auto');
  try {
    return { held, model: await held.llama.loadModel({ modelPath: path, gpuLayers }) };
  } catch (error) {
    await held.release();
    throw createFailure(
      'ConfigurationInvalid',
      `The file of the model ${name} cannot be loaded (${(error as Error).message}): ${path}.`,
    );
  }
}
