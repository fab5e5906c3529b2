/**
 * Runs a program in the sandbox. A program that throws is a result, not a failure.
 *
 * @module
 */
import { describeRun } from '../sandbox/describe-run';
import type { ExecuteCodeInput, ExecuteCodeResult } from '../trajectory/payloads';
import type { Work } from './work';

export const executeCode: Work<ExecuteCodeInput, ExecuteCodeResult> = async (context, input, signal) => {
  const { code, language, outputProfile } = input;
  const { timeoutMs, memoryMb } = context.config.sandbox;
  const sandbox = await context.sandbox();
  const run = await sandbox.run({ language, code, timeoutMs, memoryMb, signal });
  const { text, failed, errorText } = describeRun(run, outputProfile);
  return { text, durationMs: run.durationMs, ...(failed ? { error: errorText ?? 'the program failed' } : {}) };
};
