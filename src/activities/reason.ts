/**
 * Mm and Mr: x, h, s -> worked solution, or an answer from common knowledge.
 *
 * @module
 */
import { trimReasoning } from '../trajectory/parse-action';
import type { ReasonInput, TextResult } from '../trajectory/payloads';
import type { ActivityContext } from './activity-context';
import { callModule } from './call-module';

const createReason =
  (module: 'math' | 'commonsense') =>
  (context: ActivityContext) =>
  async ({ solution, step }: ReasonInput): Promise<TextResult> => {
    const { text, report } = await callModule(context, module, solution, { step });
    return { ...report, text: trimReasoning(text) };
  };

export const createReasonMath = createReason('math');
export const createReasonCommonsense = createReason('commonsense');
