/**
 * Writes solutions in the form of OpenAI's Responses API. A durable workflow has its background mode, retrieval, cancellation and resumable
 * streams by nature.
 *
 * The events of a stream are computed from the trajectory alone. So a stream that broke off can go on after any number, on another process
 * too, and no event is repeated or lost.
 */
import { z } from 'zod';
import type { Solution, SolutionProgress, Usage } from '../trajectory/step';
import { formSchema, inForm, TEXT } from './answer-form';
import { commonSchema, MODEL } from './ask';
import type { Refusal } from './refusal';
import { itemSchema, messageId, reasoningId } from './response-turns';
import { stepText } from './step-text';

export const responsesSchema = commonSchema.extend({
  input: z.union([z.string(), z.array(itemSchema).min(1)], { error: 'must be a text or a list of messages' }),
  instructions: z.string().nullish(),
  previous_response_id: z.string().nullish(),
  background: z.boolean().nullish(),
  text: z.looseObject({ format: formSchema.nullish() }).nullish(),
  conversation: z
    .null({ error: 'must be left out; go on with previous_response_id, or send the earlier messages' })
    .optional(),
  prompt: z
    .null({ error: 'must be left out; there are no stored prompts here, so send the text as instructions' })
    .optional(),
});

/** What of a request its response tells again. It is kept in the memo of the workflow. */
const toldSchema = z.object({
  metadata: z.record(z.string(), z.string()).catch({}),
  background: z.boolean().catch(false),
  previous_response_id: z.string().nullable().catch(null),
  text: z.object({ format: formSchema }).catch({ format: TEXT }),
});

/** The part of a response that is known from its beginning. */
export interface ResponseHead extends z.infer<typeof toldSchema> {
  id: string;
  /** Seconds since 1970. */
  createdAt: number;
}

/** @param memo of the workflow, or the request itself */
export function responseHead(id: string, createdAt: number, memo: object = {}): ResponseHead {
  return { id, createdAt, ...toldSchema.parse(memo) };
}

type Known = SolutionProgress | Solution;
type Answered = Pick<Known, 'answer' | 'steps'>;

/** A response that runs or has ended. @param known undefined before the first look */
export function responseOf(head: ResponseHead, known: Known | undefined, failure?: Refusal) {
  const { id, createdAt, metadata, background, previous_response_id, text } = head;
  const ended = known?.stopReason !== undefined;
  const cut = ended && known.partial;
  const cancelled = known?.stopReason === 'cancelled';
  return {
    id,
    object: 'response',
    background,
    created_at: createdAt,
    status: failure ? 'failed' : cancelled ? 'cancelled' : cut ? 'incomplete' : ended ? 'completed' : 'in_progress',
    error: failure ? { code: 'server_error', message: failure.message } : null,
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    max_output_tokens: null,
    model: MODEL,
    output: known ? [reasoning(id, known), ...(ended ? [message(head, known)] : [])] : [],
    parallel_tool_calls: false,
    previous_response_id,
    store: true,
    temperature: null,
    text,
    tool_choice: 'none',
    tools: [],
    top_p: null,
    truncation: 'disabled',
    usage: ended ? usageOf(known.usage) : null,
    metadata,
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
  return {
    id: reasoningId(id),
    type: 'reasoning',
    status,
    summary: steps.map((step) => summary(stepText(step).trim())),
  };
}

function message(head: ResponseHead, known: Answered) {
  return {
    id: messageId(head.id),
    type: 'message',
    status: 'completed',
    role: 'assistant',
    content: [partOf(head, known)],
  };
}

/** The answer in the form that was asked for, or why it has not that form. */
function partOf({ text }: ResponseHead, known: Answered) {
  const formed = inForm(known, text.format);
  return 'content' in formed ? output(formed.content) : { type: 'refusal', refusal: formed.refusal };
}

/**
 * All events that a solution has caused so far, each with its number. A longer trajectory begins with the same events.
 *
 * @param failure of a solution that failed for good
 */
export function eventsOf(head: ResponseHead, known: Known | undefined, failure?: Refusal) {
  const { id } = head;
  const events: { type: string; [field: string]: unknown }[] = [];
  const atStart = responseOf(head, undefined);
  events.push({ type: 'response.created', response: atStart }, { type: 'response.in_progress', response: atStart });
  if (known) {
    const item_id = reasoningId(id);
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
    if (known.stopReason !== undefined) events.push(...endOf(head, known));
  }
  if (failure) events.push({ type: 'response.failed', response: responseOf(head, known, failure) });
  return events.map((event, sequence_number) => ({ ...event, sequence_number }));
}

function endOf(head: ResponseHead, known: Known) {
  const { id } = head;
  const item_id = messageId(id);
  const part = { item_id, output_index: 1, content_index: 0 };
  const empty = { id: item_id, type: 'message', status: 'in_progress', role: 'assistant', content: [] };
  const response = responseOf(head, known);
  const said = partOf(head, known);
  const written =
    'text' in said
      ? [
          { type: 'response.content_part.added', ...part, part: output('') },
          { type: 'response.output_text.delta', ...part, delta: said.text, logprobs: [] },
          { type: 'response.output_text.done', ...part, text: said.text, logprobs: [] },
        ]
      : [
          { type: 'response.content_part.added', ...part, part: { type: 'refusal', refusal: '' } },
          { type: 'response.refusal.delta', ...part, delta: said.refusal },
          { type: 'response.refusal.done', ...part, refusal: said.refusal },
        ];
  return [
    { type: 'response.output_item.done', output_index: 0, item: reasoning(id, known) },
    { type: 'response.output_item.added', output_index: 1, item: empty },
    ...written,
    { type: 'response.content_part.done', ...part, part: said },
    { type: 'response.output_item.done', output_index: 1, item: message(head, known) },
    { type: response.status === 'completed' ? 'response.completed' : 'response.incomplete', response },
  ];
}
