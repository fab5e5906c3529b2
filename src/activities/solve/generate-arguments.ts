/** x, h, s and a tool's schema -> the arguments with which it carries out the step; also their repair. */
import type { GenerateArgumentsInput, GenerateArgumentsResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';
import { readArguments } from '../../tools/read-arguments';
import { cutMiddle } from '../../trajectory/bounded-text';

/** Characters of the earlier text that a repair is shown. */
const SHOWN = 4000;

export const generateArguments: ActivityBody<GenerateArgumentsInput, GenerateArgumentsResult> = async (
  context,
  { solution, step, tool, repair },
  signal,
) => {
  const fields = repair ? { step, tool, code: repair.text, programError: repair.problem } : { step, tool };
  const { text, report } = await callModule(context, 'arguments', solution, fields, signal);
  return { ...report, text: cutMiddle(text, SHOWN), ...readArguments(text, tool) };
};
