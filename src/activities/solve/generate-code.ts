/** Mc: x, h, s -> c; also the repair of a program that failed. */
import type { GenerateCodeInput, GenerateCodeResult } from '../../contract/payloads';
import { callModule } from '../../runtime/call-module';
import type { ActivityBody } from '../../runtime/activity-body';

export const generateCode: ActivityBody<GenerateCodeInput, GenerateCodeResult> = async (context, input, signal) => {
  const { solution, step, language, repair, sample, exact } = input;
  const asked = { step, language, exact };
  const fields = repair ? { ...asked, code: repair.code, programError: repair.error } : asked;
  const { text, report } = await callModule(context, 'code', solution, fields, signal, sample);
  return { ...report, code: text };
};
