/** Mm and Mr: x, h, s -> worked solution, or an answer from common knowledge. */
import { trimReasoning } from '../../trajectory/parse-action';
import type { ReasonInput, TextResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

const reasonWith =
  (module: 'math' | 'commonsense'): ActivityBody<ReasonInput, TextResult> =>
  async (context, { solution, step, sample }, signal) => {
    const { text, report } = await callModule(context, module, solution, { step }, signal, sample);
    // With guidance a line that begins with "The answer is" belongs to the reasoning, so nothing is cut there.
    return { ...report, text: context.prompts.guided ? text : trimReasoning(text) };
  };

export const reasonMath = reasonWith('math');
export const reasonCommonsense = reasonWith('commonsense');
