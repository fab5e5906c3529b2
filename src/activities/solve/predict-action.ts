/** A: x, h -> `[tool] step`, or finish. */
import { createFailure } from '../../failures';
import { FALLBACK_STEP, parseAction, type Action } from '../../trajectory/parse-action';
import type { PredictActionInput, PredictActionResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

/** Small models at a loss write a line that they have just read, for another question. */
const COPIED: Action = { kind: 'step', tool: 'commonsense', step: FALLBACK_STEP, fallback: 'unparsable' };

export const predictAction: ActivityBody<PredictActionInput, PredictActionResult> = async (
  context,
  { solution, tools, off = [], parallel, missing },
  signal,
) => {
  const fields = { tools, off, parallel, missing };
  const { text, report, asked } = await callModule(context, 'action', solution, fields, signal);
  // A model that was cut while it thought will be cut at the next step, too. So the solution ends here, with the reason.
  if (text === '' && report.problem !== undefined && /think|thought/.test(report.problem))
    throw createFailure('ModelAnswerMissing', `${report.model} gave no action. ${report.problem}`);
  const { written, more } = readActions(parallel === undefined ? [text] : text.split('\n'), tools);
  const known = () => [asked.question, ...asked.history.map(({ output }) => output)].join('\n');
  if (written.kind === 'step' && context.prompts.isCopied?.(written.step, known()))
    return {
      ...report,
      action: COPIED,
      problem: 'the action generator copied an example of its prompt',
      raw: text.slice(0, 1000),
    };
  const isOff = written.kind === 'step' && off.includes(written.tool) && !context.prompts.guided;
  // With guidance the loop itself replaces a tool that is not offered (loop/consider.ts).
  const action = isOff ? { ...written, tool: 'commonsense', fallback: 'unknown-tool' as const } : written;
  const taken = action.kind === 'finish' || action.fallback === undefined;
  return {
    ...report,
    action,
    more,
    raw: taken ? undefined : text.slice(0, 1000),
  };
};

/** @returns what the first line says, and the steps of the others that are written as a step should be; undefined without any */
function readActions(
  [line = '', ...others]: string[],
  tools: PredictActionInput['tools'],
): { written: Action; more: PredictActionResult['more'] } {
  const custom = tools.map(({ name }) => name);
  const more = others
    .map((other) => parseAction(other, custom))
    .flatMap((next) => (next.kind === 'step' && !next.fallback ? [{ tool: next.tool, step: next.step }] : []));
  return { written: parseAction(line, custom), more: more.length > 0 ? more : undefined };
}
