/**
 * Writes solutions in the form of OpenAI's Responses API. A durable workflow has its background mode, retrieval, cancellation and resumable
 * streams by nature.
 *
 * The events of a stream are computed from the trajectory alone. So a stream that broke off can go on after any number, on another process
 * too, and no event is repeated or lost.
 */
import { z } from 'zod';
import type { Solution, SolutionProgress, Usage } from '../trajectory/step';
import { commonSchema, MODEL } from './ask';
import { stepText } from './chat-completions';
import { turnSchema } from './conversation';
import type { Refusal } from './refusal';

export const responsesSchema = commonSchema.extend({
  input: z.union([z.string(), z.array(turnSchema).min(1)]),
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  background: z.boolean().nullish(),
});

export const responseId = (workflowId: string) => `resp_${workflowId}`;
/** @returns undefined for an id that is none of ours */
export const workflowIdOf = (id: string) => (id.startsWith('resp_') ? id.slice('resp_'.length) : undefined);

type Known = SolutionProgress | Solution;

/** A response that runs or has ended. @param known undefined before the first look */
export function responseOf(id: string, createdAt: number, known: Known | undefined, failure?: Refusal) {
  const ended = known?.stopReason !== undefined;
  const cut = ended && known.partial;
  const cancelled = known?.stopReason === 'cancelled';
  return {
    id,
    object: 'response',
    created_at: createdAt,
    status: failure ? 'failed' : cancelled ? 'cancelled' : cut ? 'incomplete' : ended ? 'completed' : 'in_progress',
    error: failure ? { code: 'server_error', message: failure.message } : null,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    max_output_tokens: null,
    model: MODEL,
    output: known ? [reasoning(id, known), ...(ended ? [message(id, known.answer)] : [])] : [],
    parallel_tool_calls: false,
    previous_response_id: null,
    store: true,
    temperature: null,
    text: { format: { type: 'text' } },
    tool_choice: 'none',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage: ended ? usageOf(known.usage) : null,
    metadata: {},
  };
}

function usageOf({ inputTokens, outputTokens, cachedTokens = 0 }: Usage) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + outputTokens,
  };
}

const summary = (text: string) => ({ type: 'summary_text', text });
const output = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] });

function reasoning(id: string, { steps, stopReason }: Known) {
  const status = stopReason === undefined ? 'in_progress' : 'completed';
  return { id: `rs_${id}`, type: 'reasoning', status, summary: steps.map((step) => summary(stepText(step).trim())) };
}

function message(id: string, answer: string) {
  return { id: `msg_${id}`, type: 'message', status: 'completed', role: 'assistant', content: [output(answer)] };
}

/**
 * All events that a solution has caused so far, each with its number. A longer trajectory begins with the same events.
 *
 * @param failure of a solution that failed for good
 */
export function eventsOf(id: string, createdAt: number, known: Known | undefined, failure?: Refusal) {
  const events: { type: string; [field: string]: unknown }[] = [];
  const atStart = responseOf(id, createdAt, undefined);
  events.push({ type: 'response.created', response: atStart }, { type: 'response.in_progress', response: atStart });
  if (known) {
    const item_id = `rs_${id}`;
    const at = { item_id, output_index: 0 };
    const empty = { id: item_id, type: 'reasoning', status: 'in_progress', summary: [] };
    events.push({ type: 'response.output_item.added', output_index: 0, item: empty });
    known.steps.forEach((step, summary_index) => {
      const text = stepText(step).trim();
      const part = { ...at, summary_index };
      events.push(
        { type: 'response.reasoning_summary_part.added', ...part, part: summary('') },
        { type: 'response.reasoning_summary_text.delta', ...part, delta: text },
        { type: 'response.reasoning_summary_text.done', ...part, text },
        { type: 'response.reasoning_summary_part.done', ...part, part: summary(text) },
      );
    });
    if (known.stopReason !== undefined) events.push(...endOf(id, createdAt, known));
  }
  if (failure) events.push({ type: 'response.failed', response: responseOf(id, createdAt, known, failure) });
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function endOf(id: string, createdAt: number, known: Known) {
  const { answer } = known;
  const item_id = `msg_${id}`;
  const part = { item_id, output_index: 1, content_index: 0 };
  const empty = { id: item_id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const response = responseOf(id, createdAt, known);
  return [
    { type: 'response.output_item.done', output_index: 0, item: reasoning(id, known) },
    { type: 'response.output_item.added', output_index: 1, item: empty },
    { type: 'response.content_part.added', ...part, part: output('') },
    { type: 'response.output_text.delta', ...part, delta: answer, logprobs: [] },
    { type: 'response.output_text.done', ...part, text: answer, logprobs: [] },
    { type: 'response.content_part.done', ...part, part: output(answer) },
    { type: 'response.output_item.done', output_index: 1, item: message(id, answer) },
    { type: response.status === 'completed' ? 'response.completed' : 'response.incomplete', response },
  ];
}
