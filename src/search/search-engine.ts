/**
 * What a search engine is to Husky.
 *
 * @module
 */

export interface SearchResult {
  title: string;
  snippet: string;
  url?: string;
  /** Where a bundled fact comes from, and its licence. */
  source?: string;
  license?: string;
}

export interface SearchResponse {
  /**
   * What a model is shown, or undefined when the search found nothing usable. Never an apology or a placeholder:
   * an empty search must not reach a model as if it were a result.
   */
  text: string | undefined;
  results: SearchResult[];
}

export interface SearchOptions {
  /** Results wanted. @default the engine's setting, 1 (what Husky-v1 reads) */
  limit?: number;
  signal?: AbortSignal;
}

/** Failures (network, key, quota) are thrown as ApplicationFailure of the types in failures.ts. */
export interface SearchEngine {
  readonly name: string;
  search(query: string, options?: SearchOptions): Promise<SearchResponse>;
  close?(): void | Promise<void>;
}

/** What the configuration says about the chosen engine; search-config.ts documents each and sets the defaults. */
export interface EngineSettings {
  index?: string;
  apiKeyEnv?: string;
  baseUrl?: string;
  location?: string;
  limit: number;
  maxChars: number;
  timeoutMs: number;
}

/** Opens an engine; each file of engines/ exports one. */
export type OpenEngine = (settings: EngineSettings, env: NodeJS.ProcessEnv) => SearchEngine | Promise<SearchEngine>;
