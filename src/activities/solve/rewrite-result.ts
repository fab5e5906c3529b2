/**
 * The commonsense reasoner's second job: one sentence from a program's output or a search result.
 *
 * @module
 */
import type { RewriteResultInput, TextResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

export const rewriteResult: ActivityBody<RewriteResultInput, TextResult> = async (context, input, signal) => {
  const { solution, kind, step, code, observation } = input;
  const module = kind === 'code' ? 'code-rewrite' : 'search-rewrite';
  const { text, report } = await callModule(context, module, solution, { step, code, observation }, signal);
  return { ...report, text };
};
