/**
 * One module's call: what is known so far, fitted to the model, rendered, generated.
 *
 * @module
 */
import { modelOf } from '../config';
import { createFailure } from '../failures';
import { estimateTokens } from '../models/estimate-tokens';
import type { PromptFields } from '../prompts/prompt';
import { cutMiddle } from '../trajectory/bounded-text';
import { fitHistory, shortenToFit } from '../trajectory/fit-history';
import { expertOf, type ModuleName } from '../trajectory/modules';
import type { CallReport, SolutionSoFar } from '../trajectory/payloads';
import type { HistoryEntry } from '../trajectory/solution-history';
import type { ActivityContext } from './activity-context';
import { known } from './known';

/**
 * Characters kept of what a model wrote, several times what any module should say: a server that does not keep to `max_tokens` must not
 * overflow a payload. Both ends are kept, since worked solutions end with their result.
 */
const MAX_OUTPUT = 32_000;

type Fields = Omit<PromptFields, 'question' | 'history'>;

/** @returns the generated text, stripped at both ends and bounded, and the call's report */
export async function callModule(
  context: ActivityContext,
  module: ModuleName,
  solution: SolutionSoFar,
  fields: Fields,
  signal: AbortSignal,
): Promise<{ text: string; report: CallReport }> {
  const startedAt = Date.now();
  const { question, history } = await known(context, solution);
  const expert = expertOf(module);
  const model = await context.model(expert);
  const config = modelOf(context.config, expert);
  const count = (text: string) => model.countTokens?.(text) ?? estimateTokens(text);
  const render = (entries: readonly HistoryEntry[], observation = fields.observation) =>
    context.prompts.render(module, { ...fields, observation, question, history: entries }, model.name);
  let bare = render([]);
  const maxTokens = config.maxTokens ?? bare.maxTokens;
  const roomBeside = ({ text }: { text: string }) => config.contextTokens - maxTokens - count(text);
  let room = roomBeside(bare);
  let { observation } = fields;
  // A result that alone is too long is all that a rewriting is about: part of it is worth more than the end of the solution.
  if (room < 0 && observation !== undefined) {
    observation = shortenToFit(observation, (text) => roomBeside(render([], text)) >= 0);
    bare = render([], observation);
    room = roomBeside(bare);
  }
  if (room < 0)
    throw createFailure(
      'ContextLengthExceeded',
      `The ${module} prompt takes about ${count(bare.text)} tokens without any history and ${model.name} has ${config.contextTokens}, of which ${maxTokens} are for its answer.`,
    );
  const cut = observation === fields.observation ? 0 : 1;
  const { entries, shortened, omitted } = fitHistory(history, room, count);
  const prompt = entries.length > 0 ? render(entries, observation) : bare;
  const generation = await model.generate(
    {
      prompt: prompt.text,
      messages: prompt.messages,
      maxTokens,
      temperature: config.temperature ?? prompt.temperature,
      topP: config.topP ?? prompt.topP,
      stop: [...prompt.stop, ...(config.stop ?? [])],
    },
    { signal },
  );
  const report: CallReport = {
    model: generation.model,
    usage: generation.usage,
    durationMs: Date.now() - startedAt,
    ...(cut + shortened + omitted > 0 ? { fitted: { shortened: cut + shortened, omitted } } : {}),
  };
  const text = context.prompts.readOutput?.(module, generation.text) ?? generation.text;
  return { text: cutMiddle(text.trim(), MAX_OUTPUT), report };
}
