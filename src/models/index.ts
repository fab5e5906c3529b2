/** The room's door: opens a model from its configuration. */
import { createGgufModel } from './gguf-model';
import { holdWeights } from './gguf-weights';
import { localModelPath } from './hub/model-cache';
import { fallbackKinds, withFallbacks } from './fallback-model';
import type { Model } from './model';
import type { ModelConfig } from './model-config';
import { nameOfModel } from './model-identity';
import { createOpenAIModel } from './openai-model';

export { estimateTokens } from './estimate-tokens';
export { localModelPath } from './hub/model-cache';
export { pullModel } from './hub/pull-model';
export { createOpenAIModel, type OpenAIModelOptions } from './openai-model';

export interface CreateModelOptions {
  /** Milliseconds until an endpoint must have answered completely. @default 600000 */
  timeoutMs?: number;
}

/**
 * Opens a model with its fallbacks and its price. An endpoint is not contacted before the first call. A GGUF file is loaded; a hub's file
 * must be in the cache.
 *
 * @throws ConfigurationInvalid
 */
export async function createModel(config: ModelConfig, options: CreateModelOptions = {}): Promise<Model> {
  const { fallback = [], ...own } = config;
  const first = await open(own, options);
  if (fallback.length === 0) return first;
  return withFallbacks(
    first,
    fallback.map(({ on, ...other }) => ({ on: fallbackKinds({ on }), open: () => open(other, options) })),
  );
}

async function open(config: Omit<ModelConfig, 'fallback'>, options: CreateModelOptions): Promise<Model> {
  const checked = config as ModelConfig;
  const model =
    checked.provider === 'gguf'
      ? await createGgufModel({
          ...checked,
          path: localModelPath(checked.path),
          model: nameOfModel(checked),
        })
      : createOpenAIModel({ ...checked, ...options });
  return checked.price ? withPrice(model, checked.price) : model;
}

/**
 * Begins to load the weights of a GGUF file that will be asked for soon; a model of an endpoint has none. A failure shows with the first
 * call, not here.
 *
 * @returns lets go of them; models that have taken them up meanwhile keep them
 */
export function loadAhead(config: ModelConfig): () => Promise<void> {
  if (config.provider !== 'gguf') return async () => undefined;
  const held = Promise.resolve()
    .then(() => holdWeights(localModelPath(config.path), nameOfModel(config), config.gpuLayers ?? 'auto'))
    .catch(() => undefined);
  return async () => (await held)?.release();
}

/** Adds its cost to the usage of each call, in the place of what the service says. */
function withPrice(model: Model, { input, output, cached = input }: NonNullable<ModelConfig['price']>): Model {
  return {
    ...model,
    generate: async (request, options) => {
      const generation = await model.generate(request, options);
      const { inputTokens, outputTokens, cachedTokens = 0 } = generation.usage;
      const money = ((inputTokens - cachedTokens) * input + cachedTokens * cached + outputTokens * output) / 1e6;
      return { ...generation, usage: { ...generation.usage, money } };
    },
  };
}
