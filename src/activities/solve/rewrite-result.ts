/** The commonsense reasoner's second job: it rewrites a program's output or a search result as one sentence. */
import type { RewriteResultInput, TextResult } from '../../contract/payloads';
import { pullSolution } from '../../runtime/pull-solution';
import { numbersOf } from '../../trajectory/stated-answer';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

export const rewriteResult: ActivityBody<RewriteResultInput, TextResult> = async (context, input, signal) => {
  const { solution, kind, step, code, observation } = input;
  const module = kind === 'code' ? 'code-rewrite' : 'search-rewrite';
  const { text, report } = await callModule(context, module, solution, { step, code, observation }, signal);
  if (context.prompts.style === 'husky-v1') return { ...report, text };
  const { question } = await pullSolution(context, solution);
  return { ...report, text: keepsNumbers(text, [observation, step, question]) ? text : observation };
};

/** A sentence with an altered number would mislead every later step, so it is not used; the plain result is right. */
function keepsNumbers(text: string, sources: readonly string[]): boolean {
  const given = new Set(sources.flatMap(numbersOf).map(Math.abs));
  return numbersOf(text).every((number) => given.has(Math.abs(number)));
}
