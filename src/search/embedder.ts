/** Asks a server for embeddings: `POST /embeddings` of OpenAI's API. Failures are those of a search service. */
import { z } from 'zod';
import { createFailure } from '../failures';
import { environmentKey } from '../http/environment-key';
import { saidError } from '../http/error-body';
import { requestJson, type Diagnosis, type Refusal } from '../http/http-request';
import { createRedactor } from '../http/redact';
import { oneLine } from '../trajectory/bounded-text';
import type { EmbeddingConfig } from './embedding-config';

export interface Embedder {
  readonly model: string;
  readonly passagePrefix: string;
  /** Passages in a request. */
  readonly batch: number;
  /** Characters of a passage that are sent. */
  readonly maxChars: number;
  /** @returns a vector for each text, in their order, all of the same length */
  embed(texts: readonly string[], kind: 'query' | 'passage', signal?: AbortSignal): Promise<number[][]>;
}

const answerSchema = z.object({
  data: z.array(z.object({ embedding: z.array(z.number()).min(1), index: z.number().int().optional() })),
});

/** Servers refuse what is too long in many words. */
const TOO_LONG = /too (?:large|long|many tokens)|maximum (?:context|input|sequence)|exceed|physical batch size/i;

function refusal({ text }: Refusal): Diagnosis | undefined {
  const said = oneLine(saidError(text).message, 300);
  if (!TOO_LONG.test(said)) return undefined;
  return {
    type: 'SearchRequestRejected',
    instead: `${said}. Lower search.embeddings.maxChars and build the index again`,
  };
}

/** @throws SearchAuthentication when the key's environment variable is not set */
export function createEmbedder(settings: EmbeddingConfig, env: NodeJS.ProcessEnv = process.env): Embedder {
  const { baseUrl, model, apiKeyEnv, queryPrefix, passagePrefix, maxChars, batch, timeoutMs } = settings;
  const key = apiKeyEnv === undefined ? '' : environmentKey(apiKeyEnv, env);
  if (typeof key !== 'string')
    throw createFailure('SearchAuthentication', `search.embeddings needs a key, and ${apiKeyEnv} ${key.problem}.`);
  const name = `The embedding model ${model}`;
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/embeddings`);
  const redact = createRedactor([key]);
  const fail = (words: string) => createFailure('SearchUnavailable', `${name} ${words}.`);
  return {
    model,
    passagePrefix,
    batch,
    maxChars,
    async embed(texts, kind, signal) {
      const prefix = kind === 'query' ? queryPrefix : passagePrefix;
      const input = texts.map((text) => prefix + text.slice(0, maxChars));
      const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
      const answered = await requestJson({
        name,
        url,
        headers,
        body: { model, input },
        timeoutMs,
        signal,
        redact,
        refusal,
      });
      const parsed = answerSchema.safeParse(answered);
      if (!parsed.success) throw fail('answered JSON that holds no embeddings');
      const rows = parsed.data.data.map((row, at) => ({ ...row, at: row.index ?? at })).sort((a, b) => a.at - b.at);
      const vectors = rows.map(({ embedding }) => embedding);
      if (vectors.length !== texts.length) throw fail(`gave ${vectors.length} embeddings for ${texts.length} texts`);
      if (vectors.some(({ length }) => length !== vectors[0]?.length)) throw fail('gave embeddings of several lengths');
      return vectors;
    },
  };
}
