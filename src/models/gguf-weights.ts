/** Loads the weights of a GGUF file once for all models that use it: adapters of one base share them. */
import { existsSync } from 'node:fs';
import type { Llama, LlamaModel } from 'node-llama-cpp' with { 'resolution-mode': 'import' };
import { createFailure } from '../failures';
import { notGguf } from './gguf-head';
import { holdLlama } from './llama-runtime';
import { SharedThings, type Held } from './shared-things';

export interface Weights {
  llama: Llama;
  model: LlamaModel;
}

interface LoadedWeights extends Weights {
  runtime: Held<Llama>;
}

const files = new SharedThings<string, LoadedWeights>(async ({ model, runtime }) => {
  await model.dispose();
  await runtime.release();
});

/**
 * The last model that is closed frees the memory.
 *
 * @param name of the model, for messages
 * @throws ConfigurationInvalid when the file is missing or cannot be loaded
 */
export const holdWeights = (path: string, name: string, gpuLayers: 'auto' | number): Promise<Held<Weights>> =>
  files.hold(`${gpuLayers} ${path}`, () => load(path, name, gpuLayers));

async function load(path: string, name: string, gpuLayers: 'auto' | number): Promise<LoadedWeights> {
  if (!existsSync(path))
    throw createFailure('ConfigurationInvalid', `The file of the model ${name} does not exist: ${path}.`);
  const instead = notGguf(path);
  if (instead !== undefined)
    throw createFailure('ConfigurationInvalid', `The file of the model ${name} is ${instead}: ${path}.`);
  const runtime = await holdLlama(gpuLayers === 0 ? false : 'auto');
  const llama = runtime.value;
  try {
    return { runtime, llama, model: await llama.loadModel({ modelPath: path, gpuLayers }) };
  } catch (error) {
    await runtime.release();
    throw createFailure(
      'ConfigurationInvalid',
      `The file of the model ${name} cannot be loaded (${(error as Error).message}; llama.cpp says more on standard error): ${path}. It may be cut off, or of a kind that this llama.cpp does not know.`,
    );
  }
}
