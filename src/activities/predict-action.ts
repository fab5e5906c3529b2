/**
 * A: x, h -> `[tool] step`, or finish.
 *
 * @module
 */
import { parseAction } from '../trajectory/parse-action';
import type { PredictActionInput, PredictActionResult } from '../trajectory/payloads';
import type { ActivityContext } from './activity-context';
import { callModule } from './call-module';

export const createPredictAction =
  (context: ActivityContext) =>
  async ({ solution, tools }: PredictActionInput): Promise<PredictActionResult> => {
    const { text, report } = await callModule(context, 'action', solution, { tools });
    const action = parseAction(
      text,
      tools.map(({ name }) => name),
    );
    const taken = action.kind === 'finish' || action.fallback === undefined;
    return { ...report, action, ...(taken ? {} : { raw: text.slice(0, 1000) }) };
  };
