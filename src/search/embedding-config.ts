/** The options of `search.embeddings:`: a model that finds passages by their meaning, behind a server. */
import { z } from 'zod';
import { httpAddress } from '../formats/http-address';
import { keyVariable } from './key-variable';

export const embeddingConfigSchema = z.strictObject({
  /** Address of a server with OpenAI's API for embeddings, such as `http://localhost:8080/v1`: vLLM, llama-server, Ollama, TEI and others. */
  baseUrl: httpAddress(),
  /** Name of the model at the server. The index remembers it. */
  model: z.string().min(1),
  /** Environment variable with the key. @default none is sent */
  apiKeyEnv: keyVariable.optional(),
  /** Put before each query, as the model's card says, such as `query: `. */
  queryPrefix: z.string().default(''),
  /** Put before each passage, such as `passage: `. The index remembers it. */
  passagePrefix: z.string().default(''),
  /** Characters of a passage that are sent; servers refuse texts that are too long for their model. @default 2000 */
  maxChars: z.number().int().positive().default(2000),
  /** Passages in a request while an index is built. @default 32 */
  batch: z.number().int().min(1).max(2048).default(32),
  /** Milliseconds until a request is given up. @default 60000 */
  timeoutMs: z.number().int().positive().default(60_000),
});

export type EmbeddingConfig = z.output<typeof embeddingConfigSchema>;
