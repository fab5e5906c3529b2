/**
 * The room's door: opens the search engine of the configuration.
 *
 * @module
 *
 * @example
 * ```ts
 * const engine = await createSearchEngine({ engine: 'sqlite', index: 'facts.db' });
 * const { text } = await engine.search('area of Texas in square miles');
 * ```
 */
import { createFailure } from '../failures';
import { ENGINES } from './registry';
import { searchConfigSchema, type SearchConfigInput } from './search-config';
import type { SearchEngine } from './search-engine';

/**
 * @param env where keys are looked up. @default process.env
 * @throws ConfigurationInvalid for a bad option, SearchAuthentication when the key's environment variable is not set
 */
export async function createSearchEngine(
  config: SearchConfigInput = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<SearchEngine> {
  const parsed = searchConfigSchema.safeParse(config);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `search.${path.join('.')}: ${message}`);
    throw createFailure('ConfigurationInvalid', `${problems.join('; ')}.`);
  }
  const { engine, ...settings } = parsed.data;
  return ENGINES[engine](settings, env);
}

export { createEmbedder, type Embedder } from './embedder';
export { embedPassages, type EmbeddedPassages, type EmbedOptions } from './sqlite/embed-passages';
export { createSqliteEngine } from './sqlite/sqlite-engine';
export { buildIndex, type BuildIndexOptions, type BuiltIndex } from './sqlite/build-index';
export type { SearchDocument } from './sqlite/search-document';
export { ENGINE_NAMES, type EngineName } from './engine-names';
export type { SearchConfigInput } from './search-config';
export type { SearchEngine, SearchOptions, SearchResponse, SearchResult } from './search-engine';
