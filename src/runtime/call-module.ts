/** Calls one module: fits the history to the model, renders the prompt and generates. */
import type { PromptFields } from '../prompts/prompt';
import { withoutRounding } from '../trajectory/asked-rounding';
import { fitHistory, shortenToFit } from '../trajectory/fit-history';
import type { ModuleName } from '../trajectory/modules';
import type { CallReport, SolutionSoFar } from '../contract/payloads';
import { shownHistory, type HistoryEntry } from '../trajectory/solution-history';
import type { ActivityContext } from './activity-context';
import { keptOutput, openExpert } from './ask-expert';
import { partialSink } from './partial-text';
import { pullSolution } from './pull-solution';

type Fields = Omit<PromptFields, 'question' | 'history'> & {
  /** The question is shown without the rounding that it asks for. */
  exact?: boolean;
};

/** Lowest temperature of a further answer to the same step, and of all calls of a further sample, so that they may differ. */
const SAMPLING_TEMPERATURE = 0.7;
/** More answers to one step are never asked for. */
const ANSWERS_PER_STEP = 100;

/**
 * @param sample above 0 for another answer to the same step
 * @returns the generated text, stripped at both ends and bounded, the call's report, and what the module knew
 */
export async function callModule(
  context: ActivityContext,
  module: ModuleName,
  solution: SolutionSoFar,
  { exact, ...fields }: Fields,
  signal: AbortSignal,
  sample = 0,
): Promise<{ text: string; report: CallReport; asked: PromptFields }> {
  const startedAt = Date.now();
  const { question: asWorded, history: all } = await pullSolution(context, solution);
  const question = exact ? withoutRounding(asWorded) : asWorded;
  const history = shownHistory(module, fields.step ?? '', all);
  const expert = await openExpert(context, module, fields.tool?.name);
  const render = (entries: readonly HistoryEntry[], observation = fields.observation) =>
    context.prompts.render(module, { ...fields, observation, question, history: entries }, expert.name);
  let bare = render([]);
  let room = expert.roomBeside(bare);
  let { observation } = fields;
  // If the result to rewrite is too long by itself, it is cut: rewriting a part is better than ending the solution.
  if (room < 0 && observation !== undefined) {
    observation = shortenToFit(observation, (text) => expert.roomBeside(render([], text)) >= 0);
    bare = render([], observation);
    room = expert.roomBeside(bare);
  }
  if (room < 0) throw expert.tooLong(bare, module);
  const cut = observation === fields.observation ? 0 : 1;
  const { entries, shortened, omitted } = fitHistory(history, room, expert.count);
  const prompt = entries.length > 0 ? render(entries, observation) : bare;
  const { sample: ofQuestion = 0 } = solution;
  const onText = partialSink()?.begin(module, all.length);
  const generation = await expert.ask(prompt, signal, {
    minTemperature: sample + ofQuestion > 0 ? SAMPLING_TEMPERATURE : 0,
    // Samples of the question draw differently, and the same ones when they are asked for anew.
    seed: ofQuestion > 0 ? ofQuestion * ANSWERS_PER_STEP + sample : undefined,
    onText,
  });
  const report: CallReport = {
    model: generation.model,
    usage: generation.usage,
    durationMs: Date.now() - startedAt,
    fitted: cut + shortened + omitted > 0 ? { shortened: cut + shortened, omitted } : undefined,
    problem: generation.problem,
  };
  const asked = { ...fields, question, history: all };
  const text = context.prompts.readOutput?.(module, generation.text, asked) ?? generation.text;
  return { text: keptOutput(text), report, asked };
}
