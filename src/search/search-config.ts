/** The options of `search:` in the configuration. */
import { z } from 'zod';
import { ENGINE_NAMES } from './engine-names';

export const searchConfigSchema = z.strictObject({
  /** `sqlite` is an index on this machine, the others are services. @default 'sqlite' */
  engine: z.enum(ENGINE_NAMES).default('sqlite'),
  /** Index built by `husky index`. @default the bundled atlas */
  index: z.string().min(1).optional(),
  /**
   * Environment variable with the key. @default SERPAPI_API_KEY, SERPER_API_KEY, TAVILY_API_KEY, BRAVE_API_KEY or EXA_API_KEY; SearXNG
   * needs none
   */
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not a key')
    .optional(),
  /** Set it for SearXNG or a proxy. @default the engine's public address */
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** For `serpapi` and `serper`, e.g. `Seattle,Washington` (Husky-v1). @default not sent */
  location: z.string().min(1).optional(),
  /** Results that are read. @default 1 (Husky-v1) */
  limit: z.number().int().min(1).max(20).default(1),
  /** Characters of results that a model is shown. @default 2000 */
  maxChars: z.number().int().positive().default(2000),
  /** Milliseconds until the search is tried again. @default 20000 */
  timeoutMs: z.number().int().positive().default(20_000),
});

export type SearchConfigInput = z.input<typeof searchConfigSchema>;
