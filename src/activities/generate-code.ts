/**
 * Mc: x, h, s -> c; also the repair of a program that failed.
 *
 * @module
 */
import type { GenerateCodeInput, GenerateCodeResult } from '../trajectory/payloads';
import type { ActivityContext } from './activity-context';
import { callModule } from './call-module';

export const createGenerateCode =
  (context: ActivityContext) =>
  async ({ solution, step, language, repair }: GenerateCodeInput): Promise<GenerateCodeResult> => {
    const fields = repair ? { step, language, code: repair.code, programError: repair.error } : { step, language };
    const { text, report } = await callModule(context, 'code', solution, fields);
    return { ...report, code: text };
  };
