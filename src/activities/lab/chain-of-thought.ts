/**
 * The baseline `cot`: the action generator's model answers with one prompt, called as the experts are.
 *
 * @module
 */
import { renderChainOfThought } from '../../prompts/chain-of-thought';
import type { DirectAnswer } from '../../contract/evaluation';
import { parseAnswer } from '../../trajectory/parse-action';
import type { ActivityContext } from '../../runtime/activity-context';
import { keptOutput, openExpert } from '../../runtime/ask-expert';

/** @throws ContextLengthExceeded for a question that leaves no room for its answer; what the model throws (failures.ts) */
export async function answerByThought(
  context: ActivityContext,
  question: string,
  signal: AbortSignal,
): Promise<DirectAnswer> {
  const startedAt = Date.now();
  const expert = await openExpert(context, 'action');
  const { prompt, stop = [], ...sampling } = renderChainOfThought(context.prompts.style, question);
  const rendered = { text: prompt, stop, ...sampling };
  if (expert.roomBeside(rendered) < 0) throw expert.tooLong(rendered, 'chain-of-thought');
  const { text: written, usage, model } = await expert.ask(rendered, signal);
  const text = keptOutput(written);
  return { answer: parseAnswer(text), text, model, usage, durationMs: Date.now() - startedAt };
}
