/**
 * The solution history h_i as prompts show it.
 * Format: Husky-v1, docs/husky-v1.md section 2: `Step: `, `Output: `, one newline between, no numbering.
 */

import type { ModuleName } from './modules';
import { isWholeQuestion } from './parse-action';

export interface HistoryEntry {
  /** Absent where only the text of earlier steps is known. */
  tool?: string;
  step: string;
  output: string;
  /** Named in one answer with the entry before it. */
  together?: true;
}

/** The entry that a step leaves in the history. */
export const entryOf = ({ tool, step, output, together }: HistoryEntry): HistoryEntry => ({
  tool: tool || undefined,
  step,
  output,
  together,
});

/** The reference's text for a missing output. */
export const FAILED_OUTPUT = 'This step has failed.';

/** The step output when a search found nothing usable or failed for good; the rewriter is not asked. */
export const EMPTY_SEARCH_OUTPUT = 'The search found nothing.';

/**
 * The entries that a module is shown for a step. Each answer to the whole question is an independent vote, so it does not see the others.
 */
export function shownHistory<Entry extends HistoryEntry>(
  module: ModuleName,
  step: string,
  history: readonly Entry[],
): readonly Entry[] {
  return module !== 'action' && isWholeQuestion(step)
    ? history.filter((entry) => !isWholeQuestion(entry.step))
    : history;
}

/** `None` before the first step. */
export function renderHistory(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'None';
  return entries
    .map(({ step, output }) => `Step: ${step.trim()}\nOutput: ${output.trim() || FAILED_OUTPUT}`)
    .join('\n');
}

/** What earlier steps have found, for a model that is asked in its own form; steps that found nothing are left out. */
export function renderKnown(entries: readonly HistoryEntry[]): string {
  const found = entries.filter(({ output }) => output.trim() !== '' && output !== EMPTY_SEARCH_OUTPUT);
  if (found.length === 0) return '';
  return `Use these facts:\n${found.map(({ step, output }) => `- ${step.trim()} ${output.trim()}`).join('\n')}\n\n`;
}
