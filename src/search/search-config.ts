/**
 * How the search engine is chosen; every option of `search:` in the configuration is documented here.
 *
 * @module
 */
import { z } from 'zod';

export const SEARCH_ENGINES = ['sqlite', 'serpapi', 'serper', 'tavily', 'brave', 'exa', 'searxng'] as const;

export const searchConfigSchema = z.strictObject({
  /** @default 'sqlite', the embedded index */
  engine: z.enum(SEARCH_ENGINES).default('sqlite'),
  /** For `sqlite`: path of an index built by `husky index`. @default the bundled atlas */
  index: z.string().min(1).optional(),
  /** Name of the environment variable that holds the key; the key itself never enters the configuration. */
  apiKeyEnv: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not a key').optional(),
  /** Address of the service, for SearXNG and for tests. @default the engine's public address */
  baseUrl: z.url().optional(),
  /** Where the searcher is, for engines that ask, e.g. `Seattle,Washington`. */
  location: z.string().optional(),
  /** Results read. @default 1 (Husky-v1) */
  limit: z.number().int().min(1).max(20).default(1),
  /** Characters of result text that a model is shown; longer text is cut with a marker. @default 2000 */
  maxChars: z.number().int().positive().default(2000),
});

export type SearchConfig = z.infer<typeof searchConfigSchema>;
