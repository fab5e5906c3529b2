/** The options of `search:` in the configuration. */
import { z } from 'zod';
import { httpAddress } from '../formats/http-address';
import { embeddingConfigSchema } from './embedding-config';
import { ENGINE_NAMES } from './engine-names';
import { keyVariable } from './key-variable';

export const searchConfigSchema = z
  .strictObject({
    /** `sqlite` is an index on this machine, the others are services. @default 'sqlite' */
    engine: z.enum(ENGINE_NAMES).default('sqlite'),
    /** Index built by `husky index`. @default the bundled atlas */
    index: z.string().min(1).optional(),
    /**
     * Environment variable with the key. @default SERPAPI_API_KEY, SERPER_API_KEY, TAVILY_API_KEY, BRAVE_API_KEY or EXA_API_KEY; SearXNG
     * needs none
     */
    apiKeyEnv: keyVariable.optional(),
    /** A model that finds what means the same in other words; for an index of your own (docs/tools.md#by-meaning). @default words alone */
    embeddings: embeddingConfigSchema.optional(),
    /** Set it for SearXNG or a proxy. @default the engine's public address */
    baseUrl: httpAddress().optional(),
    /** For `serpapi` and `serper`, e.g. `Seattle,Washington` (Husky-v1). @default not sent */
    location: z.string().min(1).optional(),
    /** Results that are read. @default 1 (Husky-v1) */
    limit: z.number().int().min(1).max(20).default(1),
    /** Characters of results that a model is shown. @default 2000 */
    maxChars: z.number().int().positive().default(2000),
    /** Milliseconds until the search is tried again. @default 20000 */
    timeoutMs: z.number().int().positive().default(20_000),
  })
  .refine(({ embeddings, engine, index }) => !embeddings || (engine === 'sqlite' && index !== undefined), {
    path: ['embeddings'],
    message: 'needs search.index, an index of your own that npx temporal-husky index builds with them',
  });

export type SearchConfigInput = z.input<typeof searchConfigSchema>;
