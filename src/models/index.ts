/**
 * The door of the room: a model from its configuration.
 *
 * @module
 */
import { createGgufModel } from './gguf-model';
import type { Model } from './model';
import type { ModelConfig } from './model-config';
import { createOpenAIModel } from './openai-model';

export { classifyFailure } from './classify-failure';
export { estimateTokens } from './estimate-tokens';
export { createGgufModel } from './gguf-model';
export { createOpenAIModel, type OpenAIModelOptions } from './openai-model';

export interface CreateModelOptions {
  /** Milliseconds that an endpoint has for a whole answer. @default 600000 */
  timeoutMs?: number;
}

/**
 * Opens the model that `config` names. An endpoint is not contacted before the first call; a GGUF file is loaded.
 *
 * @throws ConfigurationInvalid
 */
export async function createModel(config: ModelConfig, options: CreateModelOptions = {}): Promise<Model> {
  return config.provider === 'gguf' ? createGgufModel(config) : createOpenAIModel({ ...config, ...options });
}
