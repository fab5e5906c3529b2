/**
 * The commonsense reasoner's second job: one sentence from a program's output or a search result.
 *
 * @module
 */
import type { RewriteResultInput, TextResult } from '../trajectory/payloads';
import type { ActivityContext } from './activity-context';
import { callModule } from './call-module';

export const createRewriteResult =
  (context: ActivityContext) =>
  async ({ solution, kind, step, code, observation }: RewriteResultInput): Promise<TextResult> => {
    const module = kind === 'code' ? 'code-rewrite' : 'search-rewrite';
    const { text, report } = await callModule(context, module, solution, { step, code, observation });
    return { ...report, text };
  };
