/** The interface of search engines. */
import type { EmbeddingConfig } from './embedding-config';

export interface SearchResult {
  title: string;
  snippet: string;
  url?: string;
  /** Source and licence of a bundled fact. */
  source?: string;
  license?: string;
}

export interface SearchResponse {
  /**
   * The text that a model is shown; undefined if the search found nothing usable. Never an apology or a placeholder, which a model would
   * read as a result.
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

/** The engine's settings; search-config.ts documents them and sets the defaults. */
export interface EngineSettings {
  index?: string;
  apiKeyEnv?: string;
  baseUrl?: string;
  location?: string;
  embeddings?: EmbeddingConfig;
  limit: number;
  maxChars: number;
  timeoutMs: number;
}

/** Opens an engine; each file of engines/ exports one. */
export type OpenEngine = (settings: EngineSettings, env: NodeJS.ProcessEnv) => SearchEngine | Promise<SearchEngine>;
