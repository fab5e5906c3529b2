/** Reads the answer of an OpenAI-compatible endpoint. */
import { z } from 'zod';
import { saidError, tellsError } from '../http/error-body';
import { oneLine } from '../trajectory/bounded-text';
import { isJsonObject, parseJson } from '../trajectory/json-object';
import { EndpointError } from './endpoint-post';
import { partText } from './content-part';
import { endedByFault, finishReasonOf } from './finish-reason';
import type { Generation } from './model';
import { CutPromptError } from './ollama-context';
import { isLoop, REPETITION } from './ollama-loop';
import { otherApi } from './other-api';
import { reasoningTokens, usageOf, usageSchema } from './reported-usage';
import { statusMeant } from './server-wordings';

/** The answer is JSON, but not what the API promises. */
export class InvalidAnswerError extends Error {
  override readonly name = 'InvalidAnswerError';
}

/** An answer as the server gave it: thinking may still be in the text. */
export interface ServerAnswer extends Pick<Generation, 'finishReason' | 'usage' | 'model'> {
  text: string;
  /** Whether the server split thinking off: into a field of its own, or into nothing. */
  thought: boolean;
  /** The thinking, if the server tells it in a field of its own. */
  reasoning?: string;
  /** The finish reason in the server's word. */
  said?: string;
  /** Whether a stop string that was sent may be missing in the text, and have ended nothing. */
  losesStops?: boolean;
  /** What the model said when it refused. */
  refusal?: string;
  /** Why the server could not read what the model wrote. */
  unread?: string;
}

/**
 * mlx_lm.server: its version, MLX's, and the system. It takes a stop string out of the text, but ends there only if the model wrote it in the
 * same tokens.
 */
const MLX = /^\d+\.\d+\.\S*-\d+\.\d+\.\S*-(?:macOS|Linux|Darwin)-/;

/** Tokens of an empty answer that no stop string explains: thinking that the server keeps (Ollama for completions, OpenAI). */
const LEAST_HIDDEN = 16;

const words = z.string().nullish().catch(undefined);

/** A text, or parts of which some are text (Mistral, Anthropic's and Google's proxies); a number or an object of a server that parses JSON answers. */
const contentSchema = z
  .union([
    z.string(),
    z.union([z.number(), z.boolean()]).transform(String),
    z.array(z.unknown()),
    z.looseObject({}).transform((part): unknown[] => ['type' in part || 'text' in part ? part : JSON.stringify(part)]),
  ])
  .nullish();

const choiceSchema = z.preprocess(
  withMessage,
  z.looseObject({
    /** Null when the model refused, called a function, or spent all its tokens on thinking that the server keeps to itself. */
    message: z
      .looseObject({
        content: contentSchema,
        refusal: words,
        reasoning: z.unknown().optional(),
        reasoning_content: z.unknown().optional(),
        thinking: z.unknown().optional(),
        tool_calls: z.array(z.unknown()).nullish().catch(undefined),
        function_call: z.unknown().optional(),
      })
      .nullish(),
    text: z.string().nullish(),
    finish_reason: z.string().nullish().catch(undefined),
    error: z.unknown().optional(),
  }),
);

/** Some servers answer as a whole in the form of a stream. */
function withMessage(choice: unknown): unknown {
  return isJsonObject(choice) && choice.message === undefined && isJsonObject(choice.delta)
    ? { ...choice, message: choice.delta }
    : choice;
}

const answerSchema = z.object({
  model: words,
  system_fingerprint: words,
  choices: z.tuple([choiceSchema], z.unknown()),
  usage: usageSchema,
  x_groq: z.object({ usage: usageSchema }).nullish().catch(undefined),
});

type Choice = z.output<typeof choiceSchema>;

/** @throws InvalidAnswerError, an EndpointError where the answer is an error, or a CutPromptError where the prompt left no room for one */
export function readServerAnswer(answered: unknown, asked: string): ServerAnswer {
  const body = unwrapped(answered);
  const result = answerSchema.safeParse(body);
  const failed = errorIn(body);
  if (failed) throw failed;
  const other = otherApi(body);
  if (other !== undefined) throw ofOtherApi(other, body);
  const without = withoutChoice(body, asked);
  if (without) return without;
  if (!result.success) throw invalid(result.error.issues[0], body);
  const { choices, usage = result.data.x_groq?.usage, model } = result.data;
  const [choice] = choices;
  const { message } = choice;
  if (!message && typeof choice.text !== 'string')
    throw invalid({ path: ['choices', 0, 'message'], message: 'expected a message or text' }, body);
  const refusal = message?.refusal?.trim();
  const reason = isLoop(body) ? REPETITION : choice.finish_reason;
  const text = (message ? textOf(message) : (choice.text ?? '')).toWellFormed();
  const counted = usageOf(usage);
  const isHidden = text === '' && !refusal && counted.outputTokens >= LEAST_HIDDEN;
  const thought = reasoningTokens(usage) > 0 || (message ? hasThought(message) : false) || isHidden;
  const finishReason = refusal ? 'refusal' : finishReasonOf(reason);
  // text-generation-webui refuses a prompt that fills the context in this way.
  if (finishReason === 'length' && text === '' && !thought && counted.outputTokens === 0 && counted.inputTokens > 0)
    throw new CutPromptError(`had no room for an answer beside a prompt of ${counted.inputTokens} tokens`);
  return {
    text,
    thought,
    finishReason,
    reasoning: [message?.reasoning_content, message?.reasoning].find((field) => typeof field === 'string'),
    said: reason?.trim() || undefined,
    losesStops: MLX.test(result.data.system_fingerprint ?? ''),
    usage: counted,
    model: model || asked,
    refusal: refusal && oneLine(refusal, 300),
  };
}

/** The answer within what a gateway put around it: a list of one, JSON as text, `{ code: 0, data }`, `{ success: true, result }`. */
function unwrapped(body: unknown): unknown {
  const inner = (value: unknown) => (typeof value === 'string' ? parseJson(value) : value);
  const parts = isJsonObject(body)
    ? [body, body.data, body.result, body.response, body.body]
    : [body, Array.isArray(body) ? (body as unknown[])[0] : undefined];
  return parts.map(inner).find((part) => isJsonObject(part) && part.choices !== undefined) ?? body;
}

const noChoiceSchema = z.object({
  model: words,
  choices: z.array(z.unknown()).max(0).nullish(),
  usage: usageSchema,
  promptFeedback: z.object({ blockReason: words }).nullish().catch(undefined),
});

/**
 * An answer that has no choice, though tokens were written: proxies of Google's models leave out a choice in which there is only thinking.
 * Or the prompt was blocked.
 */
function withoutChoice(body: unknown, asked: string): ServerAnswer | undefined {
  const answered = noChoiceSchema.safeParse(body).data;
  if (!answered) return undefined;
  const usage = usageOf(answered.usage);
  const blocked = answered.promptFeedback?.blockReason;
  if (!blocked && usage.outputTokens === 0) return undefined;
  return {
    text: '',
    thought: !blocked,
    finishReason: blocked ? 'content-filter' : 'length',
    usage,
    model: answered.model || asked,
  };
}

/** Its text may be whole, but stop strings, bounds and forms were asked for in fields that it does not know. */
function ofOtherApi(name: string, body: unknown): InvalidAnswerError {
  const what = `in the form of ${name}, not of OpenAI's chat completions`;
  const advice = "set baseUrl of this model to where the server's OpenAI-compatible API begins";
  return new InvalidAnswerError(`${what} (${oneLine(JSON.stringify(body), 200)}); ${advice}`);
}

function invalid(issue: { path: PropertyKey[]; message: string } | undefined, body: unknown): InvalidAnswerError {
  const shown = body === undefined ? 'an empty body' : oneLine(JSON.stringify(body), 200);
  return new InvalidAnswerError(`without ${issue?.path.join('.') || 'an object'} (${issue?.message}): ${shown}`);
}

/**
 * The content. A native function call stands first, as text, so that it can be read as an action: the words beside it only announce it. Words
 * that are an action themselves stay alone.
 */
function textOf({ content, tool_calls: calls, function_call: call }: NonNullable<Choice['message']>): string {
  const parts = typeof content === 'string' ? [content] : (content ?? []);
  const said = parts.map(partText).join('');
  const first: unknown = calls?.[0] ?? call ?? parts.find(isCallPart);
  if (first === undefined || first === null || /^\s*\[\w+\]\s*\S/.test(said)) return said;
  return `<tool_call>${JSON.stringify(first)}</tool_call>${said.trim() === '' ? '' : `\n${said}`}`;
}

/** Anthropic's form, which some proxies leave in the content. */
const isCallPart = (part: unknown) =>
  z.looseObject({ type: z.enum(['tool_use', 'tool_call']) }).safeParse(part).success;

function hasThought({
  content,
  reasoning,
  reasoning_content: other,
  thinking,
}: NonNullable<Choice['message']>): boolean {
  const inParts =
    Array.isArray(content) && content.some((part) => /think|reason/.test(JSON.stringify(part)?.slice(0, 60) ?? ''));
  return inParts || [reasoning, other, thinking].some((field) => field !== undefined && field !== null && field !== '');
}

/**
 * Proxies and routers report an error of the server behind them with status 200: in the place of the answer, in its choice, or beside an
 * empty choice. Beside an answer it is only a warning.
 */
function errorIn(body: unknown): EndpointError | undefined {
  if (!isJsonObject(body)) return Array.isArray(body) && saysError(body[0]) ? errorOf(body) : undefined;
  const { choices, error } = body;
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (!isJsonObject(choice)) return saysError(body) ? errorOf(body) : undefined;
  const { error: own, finish_reason: reason, message, text } = choice;
  if (tellsError(own)) return errorOf({ error: own });
  if (isJsonObject(message) && tellsError(message.error)) return errorOf({ error: message.error });
  const isEmpty =
    !isGiven(text) &&
    !(isJsonObject(message) && Object.keys(message).some((key) => key !== 'role' && isGiven(message[key])));
  if (isEmpty && tellsError(error)) return errorOf({ error });
  return endedByFault(reason)
    ? errorOf({
        error: tellsError(error)
          ? error
          : { message: `The server ended the answer with the finish reason ${String(reason)}.` },
      })
    : undefined;
}

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== '';

/** Whether an object in the place of an answer tells of an error: it has words, and nothing that an answer has. */
const saysError = (body: unknown) => saidError(JSON.stringify(body) ?? '').message !== '';

/** With the status that the error itself names or means; 500 where it names none, so that it is tried again. */
function errorOf(body: unknown): EndpointError {
  const text = JSON.stringify(body);
  const said = saidError(text);
  const code = Number(said.code);
  const status = code >= 400 && code < 600 ? code : (statusMeant(`${said.type} ${said.code} ${said.message}`) ?? 500);
  return new EndpointError(status, said, text.slice(0, 10_000));
}
