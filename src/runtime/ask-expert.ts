/**
 * One prompt to one expert, as its configuration has it: how is sampled, what fits, and how much of an answer is kept.
 *
 * @module
 */
import { modelOf } from '../config';
import { createFailure } from '../failures';
import { estimateTokens } from '../models/estimate-tokens';
import type { Generation } from '../models/model';
import type { RenderedPrompt } from '../prompts/prompt';
import { cutMiddle } from '../trajectory/bounded-text';
import type { ModuleName } from '../trajectory/modules';
import type { ActivityContext } from './activity-context';

/**
 * Characters kept of what a model wrote, several times what any module should say: a server that does not keep to `max_tokens` must not
 * overflow a payload. Both ends are kept, since worked solutions end with their result.
 */
const MAX_OUTPUT = 32_000;

export interface OpenedExpert {
  name: string;
  /** Tokens of a text, by the model's own tokenizer or estimated. */
  count(text: string): number;
  /** Tokens that a prompt and its answer leave of the model's context; below 0 it does not fit. */
  roomBeside(prompt: RenderedPrompt): number;
  /** @param what the prompt is. @returns ContextLengthExceeded, for a prompt that leaves no room */
  tooLong(prompt: RenderedPrompt, what: string): Error;
  /** The text as generated; see {@link keptOutput}. */
  ask(prompt: RenderedPrompt, signal: AbortSignal): Promise<Generation>;
}

/** Stripped at both ends, and bounded. */
export const keptOutput = (text: string): string => cutMiddle(text.trim(), MAX_OUTPUT);

export async function openExpert(context: ActivityContext, module: ModuleName): Promise<OpenedExpert> {
  const model = await context.model(module);
  const config = modelOf(context.config, module);
  const count = (text: string) => model.countTokens?.(text) ?? estimateTokens(text);
  const answerTokens = (prompt: RenderedPrompt) => config.maxTokens ?? prompt.maxTokens;
  const roomBeside = (prompt: RenderedPrompt) => config.contextTokens - answerTokens(prompt) - count(prompt.text);
  return {
    name: model.name,
    count,
    roomBeside,
    tooLong: (prompt, what) =>
      createFailure(
        'ContextLengthExceeded',
        `The ${what} prompt takes about ${count(prompt.text)} tokens without any history and ${model.name} has ${config.contextTokens}, of which ${answerTokens(prompt)} are for its answer.`,
      ),
    ask: (prompt, signal) =>
      model.generate(
        {
          prompt: prompt.text,
          messages: prompt.messages,
          maxTokens: answerTokens(prompt),
          temperature: config.temperature ?? prompt.temperature,
          topP: config.topP ?? prompt.topP,
          stop: [...prompt.stop, ...(config.stop ?? [])],
          form: prompt.form,
        },
        { signal },
      ),
  };
}
