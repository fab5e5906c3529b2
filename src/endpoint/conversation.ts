/** Makes one question of the turns of a chat, because Husky's loop takes one question. */
import { z } from 'zod';
import { splitThinking } from '../models/thinking';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

/** A turn in OpenAI's two APIs: a text, or a list of parts. */
export const turnSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool'], {
    error: 'must be system, developer, user, assistant or tool',
  }),
  content: z.union([z.string(), z.array(part)], { error: 'must be a text or a list of parts' }).nullish(),
  /** Of an answer that was asked for as the call of a function. */
  tool_calls: z.array(z.looseObject({ function: z.looseObject({ arguments: z.string() }).optional() })).nullish(),
});

export type Turn = z.infer<typeof turnSchema>;

const TEXT_PARTS = new Set(['text', 'input_text', 'output_text']);

/**
 * The question of a chat. A single user turn is the question itself. Otherwise the instructions and the earlier turns stand above the
 * last user turn, each with its speaker, so that the question can refer to them.
 *
 * @throws Error that says which turn is wrong, for the caller to answer with 400
 */
export function questionOf(turns: readonly Turn[]): string {
  const spoken = turns.map((turn, index) => ({ role: turn.role, text: textOf(turn, index) }));
  const last = spoken.at(-1);
  if (last?.role !== 'user' && last?.role !== 'tool')
    throw new Error('The last message must be the user’s: it is the question.');
  if (last.text.trim() === '') throw new Error('The question is empty.');
  const instructions = spoken.filter(({ role }) => role === 'system' || role === 'developer');
  const earlier = spoken.slice(0, -1).filter(({ role }) => role !== 'system' && role !== 'developer');
  if (instructions.length === 0 && earlier.length === 0) return last.text;
  return [
    ...instructions.map(({ text }) => text),
    ...(earlier.length > 0
      ? [
          'Conversation so far:',
          ...earlier.map(({ role, text }) => `${role === 'assistant' ? 'Assistant' : 'User'}: ${text}`),
          '',
        ]
      : []),
    `Question: ${last.text}`,
  ].join('\n');
}

/** Clients send earlier answers with the steps that they were shown as thinking, in tags; answers stand for themselves. */
function textOf(turn: Turn, index: number): string {
  const text = wholeText(turn, index);
  return turn.role === 'assistant' ? splitThinking(text).answer : text;
}

/** The instructions and the last turn. */
export const promptOf = (turns: readonly Turn[]): string =>
  turns
    .map((turn, index) => (turn.role === 'system' || index === turns.length - 1 ? wholeText(turn, index) : ''))
    .join('\n');

function wholeText({ content, tool_calls }: Turn, index: number): string {
  if (!content && tool_calls) return tool_calls.map((call) => call.function?.arguments ?? '').join('\n');
  if (typeof content === 'string') return content;
  const parts = content ?? [];
  const foreign = parts.find(({ type }) => !TEXT_PARTS.has(type));
  if (foreign) throw new Error(`Message ${index + 1} has a part of type ${foreign.type}; Husky reads text only.`);
  return parts.map(({ text = '' }) => text).join('');
}
