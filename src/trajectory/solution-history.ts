/**
 * The solution history h_i as prompts show it.
 * Format: Husky-v1, shared/reference/husky-v1.md section 2: `Step: `, `Output: `, one newline between, no numbering.
 *
 * @module
 */

export interface HistoryEntry {
  step: string;
  output: string;
}

/** What the reference puts in the place of a step output that is missing. */
export const FAILED_OUTPUT = 'This step has failed.';

/** `None` before the first step. */
export function renderHistory(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'None';
  return entries.map(({ step, output }) => `Step: ${step.trim()}\nOutput: ${output.trim() || FAILED_OUTPUT}`).join('\n');
}
