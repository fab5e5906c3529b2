/**
 * What Ollama does to requests without a word: it cuts long prompts at the context that it loaded the model with, and it sends a chat as
 * bare text where the model has no template. Its own API tells both.
 */
import { z } from 'zod';
import { askJson } from '../../http/ask-json';
import { sharedHttpClient } from '../../http/http-client';
import type { OpenAIModelConfig } from '../../models/model-config';
import { modelsUrl } from '../../models/model-server';
import { ollamaContext, ollamaRoot } from '../../models/ollama-context';
import { serverOf } from '../../models/server-kind';

const LIMIT_MS = 5000;
const LOAD_MS = 60_000;
/** The template that Ollama gives to a file whose own it does not know. */
const NO_TEMPLATE = /^\s*\{\{-?\s*\.Prompt\s*-?\}\}\s*$/;

const shownSchema = z.looseObject({
  template: z.string(),
  model_info: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
const versionSchema = z.strictObject({ version: z.string() });

/** @param config of a model that has just answered, so that it is loaded @returns in sentences; none if the server is not Ollama */
export async function ollamaNotes(config: OpenAIModelConfig): Promise<string[]> {
  const { baseUrl, model, contextTokens } = config;
  if (!(await isOllama(config))) return [];
  const shown = shownSchema.safeParse(await answer(`${ollamaRoot(baseUrl)}/api/show`, { model })).data;
  const context = await contextOf(config);
  const longest = Object.entries(shown?.model_info ?? {}).find(([name]) => name.endsWith('.context_length'))?.[1];
  return [
    ...(context !== undefined && context < contextTokens
      ? [
          `Ollama loaded ${model} with a context of ${context} tokens and cuts longer prompts without an error; contextTokens says ${contextTokens}. ${cure(context, contextTokens, longest)}`,
        ]
      : []),
    ...(shown && NO_TEMPLATE.test(shown.template)
      ? [
          `Ollama has no chat template for ${model}, so it sends bare text; give the Modelfile a TEMPLATE, or use prompts: few-shot with api: completions.`,
        ]
      : []),
  ];
}

/** Loads the model where it is not kept (`OLLAMA_KEEP_ALIVE=0`), for long enough to be asked about. */
async function contextOf({ baseUrl, model }: OpenAIModelConfig): Promise<number | undefined> {
  const of = { client: sharedHttpClient(), baseUrl, model };
  const known = await ollamaContext(of);
  if (known !== undefined) return known;
  await answer(`${ollamaRoot(baseUrl)}/api/generate`, { model, keep_alive: '5s' }, LOAD_MS);
  return ollamaContext(of);
}

/** @param longest tokens of context that the model was made for, if the server tells */
function cure(context: number, wanted: number, longest: unknown): string {
  if (typeof longest !== 'number' || longest >= wanted)
    return `Set OLLAMA_CONTEXT_LENGTH=${wanted} for ollama serve, or contextTokens: ${context}.`;
  if (longest <= context) return `The model was made for no more; set contextTokens: ${context}.`;
  return `The model was made for ${longest}: set contextTokens: ${longest} and OLLAMA_CONTEXT_LENGTH=${longest} for ollama serve, or contextTokens: ${context}.`;
}

/** By the configuration, the list of models, or, as models that are not of Ollama's library are listed as their owner's, its own API. */
async function isOllama({ baseUrl, model, server }: OpenAIModelConfig): Promise<boolean> {
  const kind = server ?? serverOf(baseUrl, model, await answer(modelsUrl(baseUrl))).kind;
  if (kind !== 'other') return kind === 'ollama';
  return versionSchema.safeParse(await answer(`${ollamaRoot(baseUrl)}/api/version`)).success;
}

const answer = (url: string, body?: object, timeoutMs = LIMIT_MS) =>
  askJson(sharedHttpClient(), url, { body, timeoutMs });
