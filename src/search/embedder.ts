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
const TOO_LONG =
  /too (?:large|long|many tokens)|maximum (?:context|input|sequence)|exceed|physical batch size|must have less than|(?:longer|greater) than/i;
/**
 * Too many texts in one request, or too much text in all of them: TEI and SiliconFlow, DashScope, Google, Infinity, OpenAI, Cohere, Mistral,
 * Voyage, and what stands before a server.
 */
const TOO_MANY =
  /\bbatch(?:es|[ _]?size)?\b|too many (?:inputs|texts|items|strings)|at most \d+ (?:items|inputs|texts|strings)|must be at most \d+|array too long|tokens per request|payload too large|entity too large|length limit exceeded/i;

const wordsOf = ({ text }: Refusal) => oneLine(saidError(text).message, 300);

const isTooMany = (refused: Refusal) =>
  refused.status === 413 ||
  (refused.status < 500 && TOO_MANY.test(wordsOf(refused)) && !/physical batch/i.test(wordsOf(refused)));

function refusal(refused: Refusal): Diagnosis | undefined {
  const said = wordsOf(refused);
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
  const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  /** Texts of a request that the server takes, as far as its refusals have told. */
  let most = Infinity;

  async function ask(input: readonly string[], signal: AbortSignal | undefined): Promise<number[][]> {
    const parts: number[][] = [];
    while (parts.length < input.length) {
      const part = input.slice(parts.length, parts.length + most);
      parts.push(...(await askOnce(part, signal, () => (most = Math.min(most, Math.floor(part.length / 2))))));
    }
    return parts;
  }

  /** @param onTooMany learns that half of the texts are to be tried @returns no vector in that case */
  async function askOnce(input: readonly string[], signal: AbortSignal | undefined, onTooMany: () => void) {
    let tooMany = false;
    const sent = requestJson({
      name,
      url,
      headers,
      body: { model, input },
      timeoutMs,
      signal,
      redact,
      refusal: (refused) => {
        tooMany = input.length > 1 && isTooMany(refused);
        return refusal(refused);
      },
    });
    const answered = await sent.catch((error: unknown) => {
      if (!tooMany) throw error;
      onTooMany();
    });
    if (tooMany) return [];
    const parsed = answerSchema.safeParse(answered);
    if (!parsed.success) throw fail('answered JSON that holds no embeddings');
    const rows = parsed.data.data.map((row, at) => ({ ...row, at: row.index ?? at })).sort((a, b) => a.at - b.at);
    const vectors = rows.map(({ embedding }) => embedding);
    if (vectors.length !== input.length) throw fail(`gave ${vectors.length} embeddings for ${input.length} texts`);
    return vectors;
  }

  return {
    model,
    passagePrefix,
    batch,
    maxChars,
    async embed(texts, kind, signal) {
      const prefix = kind === 'query' ? queryPrefix : passagePrefix;
      const vectors = await ask(
        texts.map((text) => prefix + text.slice(0, maxChars)),
        signal,
      );
      if (vectors.some(({ length }) => length !== vectors[0]?.length)) throw fail('gave embeddings of several lengths');
      return vectors;
    },
  };
}
