/**
 * Notices that Ollama cut a prompt. It cuts what is longer than the context that it loaded the model with, and answers the rest with status
 * 200. Its own API tells the context, and its count of tokens how much of the prompt the model saw (release 0.17.4).
 *
 * @module
 */
import { z } from 'zod';
import { parse } from '../http/error-body';
import type { HttpClient } from '../http/http-client';

/** The model answered a part of its prompt. */
export class CutPromptError extends Error {
  override readonly name = 'CutPromptError';
}

export interface OllamaModel {
  client: HttpClient;
  baseUrl: string;
  model: string;
}

const LIMIT_MS = 5000;
/** Estimated tokens of a prompt below which no context is asked for: Ollama's smallest default is 2,048. */
const LEAST_CONTEXT = 2048;

const loadedSchema = z.object({
  models: z.array(z.looseObject({ name: z.string(), context_length: z.number().optional() })),
});

/** Where Ollama's own API begins. */
export const ollamaRoot = (baseUrl: string) => baseUrl.replace(/\/v1\/?$/, '');

/** Tokens of the context that the model is loaded with; undefined if it is not loaded, or the server does not tell. */
export async function ollamaContext(
  { client, baseUrl, model }: OllamaModel,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const name = /:[^/]*$/.test(model) ? model : `${model}:latest`;
  try {
    const { status, text } = await client.send({ url: `${ollamaRoot(baseUrl)}/api/ps`, timeoutMs: LIMIT_MS, signal });
    const loaded = status === 200 ? loadedSchema.safeParse(parse(text)).data?.models : undefined;
    return loaded?.find((one) => one.name === name)?.context_length;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/**
 * Whether the model saw less than its prompt. A message that is too long fills the context; of several messages the first ones are
 * dropped whole, and then fewer tokens are counted than any text has.
 *
 * @param estimated tokens of the prompt, rather too many (estimate-tokens.ts) @param counted by Ollama
 */
const isCut = (estimated: number, counted: number, context: number) =>
  counted >= context || (estimated > context && counted > 0 && counted < estimated / 2);

/** A context with room for the prompt and an answer: a power of two, as contexts are given. */
const roomFor = (estimated: number) => 2 ** Math.ceil(Math.log2(estimated + 1024));

/**
 * Makes the check for one model. The context is asked for once, and again before a prompt is called cut, because the server may have been
 * started anew with another one.
 *
 * @returns a function of a prompt's estimated and counted tokens that throws a CutPromptError
 */
export function createCutCheck(of: OllamaModel) {
  let known: number | undefined;
  return async (estimated: number, counted: number, signal?: AbortSignal): Promise<void> => {
    if (estimated < LEAST_CONTEXT) return;
    known ??= await ollamaContext(of, signal);
    if (known === undefined || !isCut(estimated, counted, known)) return;
    known = await ollamaContext(of, signal);
    if (known === undefined || !isCut(estimated, counted, known)) return;
    throw new CutPromptError(
      `cut the prompt without an error: it has about ${estimated} tokens, and Ollama loaded the model with a context of ${known}. Start it with a longer one (OLLAMA_CONTEXT_LENGTH=${roomFor(estimated)} ollama serve), or set contextTokens: ${known} for this model so that prompts are shortened to it`,
    );
  };
}
