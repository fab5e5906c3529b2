/**
 * Notices what Ollama drops of a prompt. It cuts what is longer than the context that it loaded the model with. When the context is full
 * while it answers, it forgets the older half of the prompt and writes on. Both have status 200. Its own API tells the context, and its
 * counts of tokens how much of the prompt the model saw (releases 0.17.4 and 0.33).
 */
import { z } from 'zod';
import { askJson } from '../http/ask-json';
import type { HttpClient } from '../http/http-client';
import type { Usage } from '../trajectory/step';

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
/** Tokens of prompt and answer below which no context is asked for: Ollama's smallest default is 2,048. */
const LEAST_CONTEXT = 2048;
/** Tokens at the beginning that are kept (`num_keep`), with some room. */
const KEPT_TOKENS = 16;

const loadedSchema = z.object({
  models: z.array(z.looseObject({ name: z.string(), context_length: z.number().optional() })),
});
const shownSchema = z.looseObject({ modelfile: z.string() });

/** Where Ollama's own API begins. */
export const ollamaRoot = (baseUrl: string) => baseUrl.replace(/\/v1\/?$/, '');

/**
 * Tokens of the context that the model is loaded with; undefined if it is not loaded, or the server does not tell. Models made of the same
 * file share it, and Ollama lists it under the name that was asked for first.
 */
export async function ollamaContext(of: OllamaModel, signal?: AbortSignal): Promise<number | undefined> {
  const name = /:[^/]*$/.test(of.model) ? of.model : `${of.model}:latest`;
  const loaded = loadedSchema.safeParse(await ask(of, '/api/ps', undefined, signal)).data?.models ?? [];
  const own = loaded.find((one) => one.name === name);
  if (own || loaded.length === 0) return own?.context_length;
  const file = await fileOf(of, name, signal);
  if (file === undefined) return undefined;
  for (const one of loaded) if ((await fileOf(of, one.name, signal)) === file) return one.context_length;
  return undefined;
}

/** The file of a model's weights, as its Modelfile names it. */
async function fileOf(of: OllamaModel, model: string, signal?: AbortSignal): Promise<string | undefined> {
  const shown = shownSchema.safeParse(await ask(of, '/api/show', { model }, signal)).data;
  return /^FROM (.*)$/m.exec(shown?.modelfile ?? '')?.[1];
}

const ask = ({ client, baseUrl }: OllamaModel, path: string, body?: object, signal?: AbortSignal) =>
  askJson(client, `${ollamaRoot(baseUrl)}${path}`, { body, timeoutMs: LIMIT_MS, signal });

/**
 * Whether the model saw less than its prompt. A message that is too long is cut to the context, by release 0.33 to half of it and a few
 * tokens more. Of several messages the first ones are dropped whole, and then fewer tokens are counted than any text has.
 *
 * @param estimated tokens of the prompt, rather too many (estimate-tokens.ts) @param counted by Ollama
 */
const isCut = (estimated: number, counted: number, context: number) =>
  counted >= context ||
  (estimated > context && counted > 0 && counted < Math.max(estimated / 2, context / 2 + KEPT_TOKENS));

/**
 * The context of a model that is not kept in memory (`OLLAMA_KEEP_ALIVE=0`), or of a server that does not tell it: the count of a prompt
 * that was cut is the context, which is a round number.
 */
const roundCount = (estimated: number, counted: number) =>
  counted > 0 && counted < estimated && counted % 1024 === 0 ? counted : undefined;

/** A context with room for the prompt and an answer: a power of two, as contexts are given. */
const roomFor = (tokens: number) => 2 ** Math.ceil(Math.log2(tokens + 1024));

/**
 * Makes the check for one model. The context is asked for once, and again before a prompt is called cut, because the server may have been
 * started anew with another one.
 *
 * @returns a function of a prompt's estimated tokens and the counted ones. It throws a CutPromptError where the prompt was cut, and returns
 * a sentence where the context was full before the end of the answer
 */
export function createCutCheck(of: OllamaModel) {
  let known: number | undefined;
  return async (estimated: number, usage: Usage, signal?: AbortSignal): Promise<string | undefined> => {
    const { inputTokens: counted, outputTokens } = usage;
    const all = counted + outputTokens;
    if (estimated < LEAST_CONTEXT && all < LEAST_CONTEXT) return undefined;
    // The last token of an answer is written and not read, so it needs no place.
    const isFull = (context: number) => isCut(estimated, counted, context) || all > context + 1;
    known ??= await ollamaContext(of, signal);
    if (known !== undefined) {
      if (!isFull(known)) return undefined;
      known = await ollamaContext(of, signal);
    }
    const context = known ?? roundCount(estimated, counted);
    if (context === undefined || !isFull(context)) return undefined;
    const cure = (tokens: number) =>
      `Start it with a longer one (OLLAMA_CONTEXT_LENGTH=${roomFor(tokens)} ollama serve), or set contextTokens: ${context} for this model so that prompts are shortened to it`;
    if (isCut(estimated, counted, context))
      throw new CutPromptError(
        `cut the prompt without an error: it has about ${estimated} tokens, and Ollama loaded the model with a context of ${context}. ${cure(estimated)}`,
      );
    return `Ollama forgot the older half of the prompt while it answered: prompt and answer have ${all} tokens, and the context of the model has ${context}. ${cure(all)}.`;
  };
}
