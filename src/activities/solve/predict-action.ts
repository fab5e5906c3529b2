/**
 * A: x, h -> `[tool] step`, or finish.
 *
 * @module
 */
import { parseAction } from '../../trajectory/parse-action';
import type { PredictActionInput, PredictActionResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

export const predictAction: ActivityBody<PredictActionInput, PredictActionResult> = async (
  context,
  { solution, tools },
  signal,
) => {
  const { text, report } = await callModule(context, 'action', solution, { tools }, signal);
  const action = parseAction(
    text,
    tools.map(({ name }) => name),
  );
  const taken = action.kind === 'finish' || action.fallback === undefined;
  return { ...report, action, ...(taken ? {} : { raw: text.slice(0, 1000) }) };
};
