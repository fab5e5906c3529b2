/**
 * Reading what an OpenAI-compatible endpoint answered; the boundary where it becomes a {@link Generation}.
 *
 * @module
 */
import { APIError } from 'openai';
import { z } from 'zod';
import { oneLine } from '../trajectory/bounded-text';
import type { Generation } from './model';

/** The answer is JSON, but not what the API promises. */
export class InvalidAnswerError extends Error {
  override readonly name = 'InvalidAnswerError';
}

const usageSchema = z
  .object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() })
  .nullish()
  .catch(undefined);

const answer = <Choice extends z.ZodType>(choice: Choice) =>
  z.object({ model: z.string().nullish(), choices: z.tuple([choice], z.unknown()), usage: usageSchema });

const completionSchema = answer(z.object({ text: z.string(), finish_reason: z.string().nullish() }));

const chatSchema = answer(
  z.object({
    // Null when the model refused, or spent all its tokens on reasoning that the server keeps to itself.
    message: z.object({ content: z.string().nullish() }),
    finish_reason: z.string().nullish(),
  }),
);

/** Proxies report an error of the server behind them with status 200. */
const errorSchema = z.object({
  error: z.looseObject({ message: z.string(), code: z.union([z.number(), z.string()]).nullish() }),
});

/** @throws InvalidAnswerError, or an APIError where the answer is an error */
export function readCompletion(body: unknown, model: string): Generation {
  const {
    choices: [choice],
    ...rest
  } = read(completionSchema, body);
  return generation(choice.text, choice.finish_reason, rest, model);
}

/** @throws InvalidAnswerError, or an APIError where the answer is an error */
export function readChat(body: unknown, model: string): Generation {
  const {
    choices: [choice],
    ...rest
  } = read(chatSchema, body);
  return generation(choice.message.content ?? '', choice.finish_reason, rest, model);
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const failed = errorSchema.safeParse(body);
  if (failed.success) {
    const { error } = failed.data;
    const status = Number(error.code);
    throw new APIError(status >= 400 && status < 600 ? status : 500, error, error.message, new Headers());
  }
  const [issue] = result.error.issues;
  const shown = body === undefined ? 'an empty body' : oneLine(JSON.stringify(body), 200);
  throw new InvalidAnswerError(`without ${issue?.path.join('.') || 'an object'} (${issue?.message}): ${shown}`);
}

const FINISH_REASONS: Record<string, Generation['finishReason']> = {
  stop: 'stop',
  eos: 'stop',
  length: 'length',
  content_filter: 'content-filter',
};

function generation(
  text: string,
  finishReason: string | null | undefined,
  { usage, model }: { usage?: z.output<typeof usageSchema>; model?: string | null },
  asked: string,
): Generation {
  return {
    text,
    finishReason: FINISH_REASONS[finishReason ?? ''] ?? 'other',
    usage: { calls: 1, inputTokens: usage?.prompt_tokens ?? 0, outputTokens: usage?.completion_tokens ?? 0 },
    model: model || asked,
  };
}
