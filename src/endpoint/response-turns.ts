/**
 * The turns of a request to the Responses API. A client sends earlier ones as text, by the id of a response, or as the items of its output.
 */
import { z } from 'zod';
import type { HuskyClient } from '../husky-client';
import { turnSchema, type Turn } from './conversation';
import { Refusal } from './refusal';
import { absent, findSolution } from './view-solution';

const PREFIX = 'resp_';
export const responseId = (workflowId: string) => `${PREFIX}${workflowId}`;

/** Items of a response's output have these ids, so that a client may name one instead of sending it. */
export const reasoningId = (response: string) => `rs_${response}`;
export const messageId = (response: string) => `msg_${response}`;

const messageSchema = z.looseObject({
  type: z
    .literal('message', {
      error: 'must be message, reasoning or item_reference; Husky calls its own tools, so there are no items of tools',
    })
    .nullish(),
  ...turnSchema.shape,
});
const reasoningSchema = z.looseObject({ type: z.literal('reasoning') });
const referenceSchema = z.looseObject({ type: z.literal('item_reference'), id: z.string() });

/** An item of `input`: a message, or what an earlier response had in its `output`. */
export const itemSchema = z.union([messageSchema, reasoningSchema, referenceSchema]);
type Item = z.infer<typeof itemSchema>;

interface Asked {
  input: string | Item[];
  instructions?: string | null;
  previous_response_id?: string | null;
}

/**
 * The instructions, then question and answer of the previous response, then the input. The reasoning of earlier answers is left out, as the
 * answers stand for themselves.
 *
 * @throws Refusal (400, 404)
 */
export async function turnsOf(husky: HuskyClient, body: Asked, caller: string): Promise<Turn[]> {
  const { input, instructions, previous_response_id: previous } = body;
  const items: Item[] = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  const before = previous ? await endedResponse(husky, previous, caller) : undefined;
  const now = await Promise.all(items.map((item) => turnOf(husky, item, caller)));
  return [
    ...(instructions ? [{ role: 'system' as const, content: instructions }] : []),
    ...(before ? [{ role: 'user' as const, content: before.question }, answerOf(before)] : []),
    ...now.filter((turn) => turn !== undefined),
  ];
}

/** @returns undefined for reasoning */
async function turnOf(husky: HuskyClient, item: Item, caller: string): Promise<Turn | undefined> {
  if ('role' in item) return item as Turn;
  const { type, id } = item as { type: string; id?: string };
  if (type === 'reasoning' || id === undefined || id.startsWith(reasoningId(PREFIX))) return undefined;
  if (!id.startsWith(messageId(PREFIX)))
    throw new Refusal(404, `There is no item ${id} here; send the message itself.`, 'not_found');
  return answerOf(await endedResponse(husky, id.slice(messageId('').length), caller));
}

const answerOf = ({ answer }: { answer: string }): Turn => ({ role: 'assistant', content: answer });

async function endedResponse(husky: HuskyClient, id: string, caller: string) {
  const { handle, description } = await findResponse(husky, id, caller);
  const { name: status } = description.status;
  if (status === 'COMPLETED') return handle.result();
  throw new Refusal(
    400,
    status === 'RUNNING'
      ? `${id} has not ended; wait for it, then go on from it.`
      : `${id} has no answer (${status.toLowerCase()}); go on from another one.`,
    status === 'RUNNING' ? 'previous_response_running' : 'previous_response_failed',
  );
}

/** Finds a response of the caller. @throws Refusal (404) also for a response of somebody else */
export async function findResponse(husky: HuskyClient, id: string, caller: string) {
  if (!id.startsWith(PREFIX)) throw absent('response', id);
  const isOwn = (memo: Record<string, unknown> | undefined) => memo?.caller === caller;
  return findSolution(husky, id.slice(PREFIX.length), isOwn, () => absent('response', id));
}
