/** Writes solutions as OpenAI's chat completions: the steps are the reasoning, and the answer is the content. */
import { z } from 'zod';
import type { Solution, Step, Usage } from '../trajectory/step';
import { formSchema, inForm, TEXT, type AnswerForm } from './answer-form';
import { commonSchema, MODEL, type Asked } from './ask';
import { turnSchema } from './conversation';
import { stepText } from './step-text';

export const chatSchema = commonSchema.extend({
  messages: z.array(turnSchema).min(1),
  n: z.literal(1, { error: 'must be 1: ask again for another solution' }).nullish(),
  logprobs: z
    .literal(false, { error: 'must be false: an answer of several experts has no log probabilities' })
    .nullish(),
  response_format: formSchema.nullish(),
  functions: z.array(z.unknown()).max(0, { error: 'must be left out; Husky calls its own tools' }).nullish(),
  modalities: z.array(z.literal('text', { error: 'must be text; Husky does not speak' })).nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
});

/** `length` if a limit ended the solution before its action generator gave an answer. */
const finishReason = ({ partial }: Solution, said: object = {}) =>
  partial ? 'length' : 'tool_calls' in said ? 'tool_calls' : 'stop';

/** The answer in the form that was asked for, as the fields of a message. @param place of a call in a stream */
function saidIn(solution: Solution, form: AnswerForm, place: object = {}) {
  const formed = inForm(solution, form);
  if (form.type !== 'function' || 'refusal' in formed) return formed;
  const call = { name: form.name, arguments: formed.content };
  return { tool_calls: [{ ...place, id: `call_${solution.workflowId}`, type: 'function', function: call }] };
}

function usageOf({ inputTokens, outputTokens, cachedTokens = 0 }: Usage) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  };
}

function head({ handle, createdAt }: Asked, object: string) {
  return { id: `chatcmpl-${handle.workflowId}`, object, created: createdAt, model: MODEL };
}

/** The whole answer. The field `husky` holds what the format has no field for. */
export function chatCompletion(asked: Asked, solution: Solution, form: AnswerForm = TEXT) {
  const { steps, usage, stopReason, votes, workflowId, runId } = solution;
  const said = saidIn(solution, form);
  return {
    ...head(asked, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: null,
          reasoning_content: steps.map(stepText).join(''),
          refusal: null,
          ...said,
        },
        finish_reason: finishReason(solution, said),
        logprobs: null,
      },
    ],
    usage: usageOf(usage),
    husky: { workflowId, runId, stopReason, steps, votes },
  };
}

/** Makes the chunks of a stream, one for each step when it has happened. */
export class ChatStream {
  private shown = 0;

  constructor(
    private readonly asked: Asked,
    private readonly withUsage: boolean,
    private readonly form: AnswerForm = TEXT,
  ) {}

  begin() {
    return [this.chunk({ role: 'assistant', content: '' })];
  }

  /** Steps that are new since the last call. */
  steps(steps: readonly Step[]) {
    const added = steps.slice(this.shown);
    this.shown = Math.max(this.shown, steps.length);
    return added.map((step) => this.chunk({ reasoning_content: stepText(step) }));
  }

  /** Text that is being written, see chat-tokens.ts. */
  grown({ reasoning, content }: { reasoning?: string; content?: string }) {
    return [
      ...(reasoning === undefined ? [] : [this.chunk({ reasoning_content: reasoning })]),
      ...(content === undefined ? [] : [this.chunk({ content })]),
    ];
  }

  end(solution: Solution) {
    const said = saidIn(solution, this.form, { index: 0 });
    return [...this.steps(solution.steps), this.chunk(said), ...this.close(solution, said)];
  }

  /** The chunks after the answer. */
  close(solution: Solution, said?: object) {
    return [
      this.chunk({}, finishReason(solution, said)),
      ...(this.withUsage
        ? [{ ...head(this.asked, 'chat.completion.chunk'), choices: [], usage: usageOf(solution.usage) }]
        : []),
    ];
  }

  private chunk(delta: object, finish: string | null = null) {
    return {
      ...head(this.asked, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, finish_reason: finish, logprobs: null }],
    };
  }
}
