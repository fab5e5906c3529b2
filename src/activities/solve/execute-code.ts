/** Runs a program in the sandbox. A program that throws is a result, not a failure. */
import { describeRun } from '../../sandbox/describe-run';
import type { ExecuteCodeInput, ExecuteCodeResult } from '../../contract/payloads';
import type { ActivityBody } from '../../runtime/activity-body';

export const executeCode: ActivityBody<ExecuteCodeInput, ExecuteCodeResult> = async (context, input, signal) => {
  const { code, language, outputStyle } = input;
  const { timeoutMs, memoryMb } = context.config.sandbox;
  const sandbox = await context.sandbox();
  const request = { language, code, timeoutMs, memoryMb, signal };
  let run = await sandbox.run(request);
  // Something outside may have killed the child. Only a program that crashes twice is to blame, and has to be repaired.
  if (run.limit === 'crash') run = await sandbox.run(request);
  const { text, failed, errorText } = describeRun(run, outputStyle);
  return { text, durationMs: run.durationMs, error: failed ? (errorText ?? 'the program failed') : undefined };
};
