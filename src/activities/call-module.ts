/**
 * One module's call: what is known so far, fitted to the model, rendered, generated.
 *
 * @module
 */
import { activityInfo, Context } from '@temporalio/activity';
import { modelOf } from '../config';
import { createFailure } from '../failures';
import { estimateTokens } from '../models/estimate-tokens';
import type { PromptFields } from '../prompts/prompt';
import { fitHistory } from '../trajectory/fit-history';
import { expertOf, type ModuleName } from '../trajectory/modules';
import type { CallReport, SolutionSoFar } from '../trajectory/payloads';
import type { HistoryEntry } from '../trajectory/solution-history';
import type { SolutionProgress } from '../trajectory/step';
import type { ActivityContext } from './activity-context';
import { withHeartbeat } from './heartbeat';

type Fields = Omit<PromptFields, 'question' | 'history'>;

/** @returns the generated text, stripped at both ends, and the call's report */
export function callModule(
  context: ActivityContext,
  module: ModuleName,
  solution: SolutionSoFar,
  fields: Fields,
): Promise<{ text: string; report: CallReport }> {
  return withHeartbeat(async (signal) => {
    const startedAt = Date.now();
    const { question, history } = await known(solution);
    const expert = expertOf(module);
    const model = await context.model(expert);
    const config = modelOf(context.config, expert);
    const count = (text: string) => model.countTokens?.(text) ?? estimateTokens(text);
    const render = (entries: readonly HistoryEntry[]) =>
      context.prompts.render(module, { ...fields, question, history: entries }, model.name);
    const bare = render([]);
    const maxTokens = config.maxTokens ?? bare.maxTokens;
    const room = config.contextTokens - maxTokens - count(bare.text);
    if (room < 0)
      throw createFailure(
        'ContextLengthExceeded',
        `The ${module} prompt takes about ${count(bare.text)} tokens without any history and ${model.name} has ${config.contextTokens}, of which ${maxTokens} are for its answer.`,
      );
    const { entries, shortened, omitted } = fitHistory(history, room, count);
    const prompt = entries.length > 0 ? render(entries) : bare;
    const generation = await model.generate(
      {
        prompt: prompt.text,
        messages: prompt.messages,
        maxTokens,
        temperature: config.temperature ?? prompt.temperature,
        topP: config.topP,
        stop: [...prompt.stop, ...(config.stop ?? [])],
      },
      { signal },
    );
    const report: CallReport = {
      model: generation.model,
      usage: generation.usage,
      durationMs: Date.now() - startedAt,
      ...(shortened + omitted > 0 ? { fitted: { shortened, omitted } } : {}),
    };
    return { text: generation.text.trim(), report };
  });
}

/** Pulling by query leaves nothing in Temporal's history, however long the trajectory is. */
async function known(solution: SolutionSoFar): Promise<{ question: string; history: HistoryEntry[] }> {
  if (!('pull' in solution)) return solution;
  const { workflowId, runId } = activityInfo().workflowExecution ?? {};
  if (!workflowId) throw createFailure('InputInvalid', 'A solution can be pulled only by an activity of a workflow.');
  const { solutionId, steps } = solution.pull;
  const progress = await Context.current()
    .client.workflow.getHandle(workflowId, runId)
    .query<SolutionProgress | undefined, [string]>('trajectory', solutionId);
  if (!progress) throw createFailure('InputInvalid', `Workflow ${workflowId} holds no solution ${solutionId}.`);
  return {
    question: progress.question,
    history: progress.steps.slice(0, steps).map(({ step, output }) => ({ step, output })),
  };
}
