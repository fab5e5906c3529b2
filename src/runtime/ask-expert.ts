/** Sends one prompt to an expert by its configuration: sampling, context, and the kept length of the answer. */
import { modelOf } from '../config';
import { createFailure } from '../failures';
import { estimateTokens } from '../models/estimate-tokens';
import type { CallOptions, Generation } from '../models/model';
import type { RenderedPrompt } from '../prompts/prompt';
import { cutMiddle } from '../trajectory/bounded-text';
import type { ModuleName } from '../trajectory/modules';
import type { ActivityContext } from './activity-context';

/**
 * Characters kept of a model's text, several times the length of any proper answer: a server that ignores `max_tokens` must not overflow a
 * payload. Both ends are kept, because worked solutions end with their result.
 */
const MAX_OUTPUT = 32_000;

export interface OpenedExpert {
  name: string;
  /** Tokens of a text, by the model's tokenizer or estimated. */
  count(text: string): number;
  /** Tokens of the context that a prompt and its answer leave; below 0 it does not fit. */
  roomBeside(prompt: RenderedPrompt): number;
  /** @param what name of the prompt, for the message. @returns ContextLengthExceeded, for a prompt that does not fit */
  tooLong(prompt: RenderedPrompt, what: string): Error;
  /** The text as generated; see {@link keptOutput}. */
  ask(
    prompt: RenderedPrompt,
    signal: AbortSignal,
    options?: Sampling & Pick<CallOptions, 'onText'>,
  ): Promise<Generation>;
}

/** How an answer is drawn that is to differ from another one. */
interface Sampling {
  /** A lower temperature, of the prompt or of the configuration, is raised to it. @default 0 */
  minTemperature?: number;
  seed?: number;
}

/** The text without white space at its ends, and bounded. */
export const keptOutput = (text: string): string => cutMiddle(text.trim(), MAX_OUTPUT);

/** @param tool whose arguments are written: it may have a model of its own */
export async function openExpert(context: ActivityContext, module: ModuleName, tool?: string): Promise<OpenedExpert> {
  const model = await context.model(module, tool);
  const config = modelOf(context.config, module, tool);
  const count = (text: string) => model.countTokens?.(text) ?? estimateTokens(text);
  const answerTokens = (prompt: RenderedPrompt) => config.maxTokens ?? prompt.maxTokens;
  const contextTokens = Math.min(config.contextTokens, model.contextTokens ?? Infinity);
  const roomBeside = (prompt: RenderedPrompt) => contextTokens - answerTokens(prompt) - count(prompt.text);
  return {
    name: model.name,
    count,
    roomBeside,
    tooLong: (prompt, what) =>
      createFailure(
        'ContextLengthExceeded',
        `The ${what} prompt takes about ${count(prompt.text)} tokens without any history and ${model.name} has ${contextTokens}, of which ${answerTokens(prompt)} are for its answer.`,
      ),
    ask: (prompt, signal, { minTemperature = 0, seed, onText } = {}) =>
      model.generate(
        {
          prompt: prompt.text,
          messages: prompt.messages,
          maxTokens: answerTokens(prompt),
          temperature: Math.max(config.temperature ?? prompt.temperature, minTemperature),
          seed,
          topP: config.topP ?? prompt.topP,
          stop: [...prompt.stop, ...(config.stop ?? [])],
          form: prompt.form,
        },
        { signal, onText },
      ),
  };
}
