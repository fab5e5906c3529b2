/**
 * A trajectory as the teacher is shown it and writes it (Husky, section 3.1); read-trajectory.ts reads it back:
 *
 *     Step 1: [search] Find the area of Texas.
 *     Query: area of Texas
 *     Result: Texas: 268,596 square miles
 *     Output: Texas has an area of 268,596 square miles.
 *     Step 2: [finish] The answer is 268,596.
 */
import type { PendingStep } from '../contract/synthesis';
import type { TrajectoryStep } from '../trajectory/trajectory';

/** Writing stops here: the tool is then really carried out. */
export const RESULT_MARK = '\nResult:';
/** The text for a missing result. A result is never invented. */
const NO_RESULT = '(nothing came back)';

export function renderStep(step: PendingStep | TrajectoryStep, number: number): string {
  const lines = [renderCall(step, number)];
  if (!isReasoned(step.tool)) lines.push(renderResult(step));
  if ('output' in step) lines.push(`Output: ${step.output}`);
  return lines.join('\n');
}

/** The step and what its tool is given. */
export function renderCall(step: PendingStep | TrajectoryStep, number: number): string {
  const lines = [`Step ${number}: [${step.tool}] ${step.step}`];
  if (step.query !== undefined) lines.push(`Query: ${step.query}`);
  if (step.arguments !== undefined) lines.push(`Arguments: ${JSON.stringify(step.arguments)}`);
  if (step.code !== undefined) lines.push(`Code:\n${step.code}`);
  return lines.join('\n');
}

/** What the tool gave, or how it failed. */
export function renderResult(step: PendingStep | TrajectoryStep): string {
  const error = 'error' in step && step.error !== undefined ? `Error: ${step.error}` : NO_RESULT;
  return `Result: ${step.observation ?? error}`;
}

/** Tools that the teacher carries out itself by writing. */
export function isReasoned(tool: string): boolean {
  return tool === 'math' || tool === 'commonsense';
}
