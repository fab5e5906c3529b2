/**
 * The solution history h_i as prompts show it.
 * Format: Husky-v1, docs/husky-v1.md section 2: `Step: `, `Output: `, one newline between, no numbering.
 *
 * @module
 */

export interface HistoryEntry {
  step: string;
  output: string;
}

/** What the reference puts in the place of a step output that is missing. */
export const FAILED_OUTPUT = 'This step has failed.';

/** The step output when a search found nothing usable or failed for good; the rewriter is not asked. */
export const EMPTY_SEARCH_OUTPUT = 'The search found nothing.';

/** `None` before the first step. */
export function renderHistory(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'None';
  return entries
    .map(({ step, output }) => `Step: ${step.trim()}\nOutput: ${output.trim() || FAILED_OUTPUT}`)
    .join('\n');
}
