/**
 * The context policy: what happens when a solution history outgrows a model's context.
 *
 * @module
 */
import { cutEnd } from './bounded-text';
import type { HistoryEntry } from './solution-history';

/** Characters that a shortened output keeps. */
const KEPT_OUTPUT = 80;

export interface FittedHistory {
  entries: HistoryEntry[];
  /** Outputs that were shortened. */
  shortened: number;
  /** Oldest steps that are left out altogether, named in one line in their place. */
  omitted: number;
}

/**
 * Shortens the oldest outputs first, one at a time, until the history fits; only when all but the newest are short are the
 * oldest steps left out, and then one line in their place says how many.
 *
 * @param budgetTokens tokens that the rendered history may take
 * @param countTokens the model's tokenizer, or a stated estimate
 */
export function fitHistory(
  history: readonly HistoryEntry[],
  budgetTokens: number,
  countTokens: (text: string) => number,
): FittedHistory {
  const entries = history.map((entry) => ({ ...entry }));
  const costs = entries.map((entry) => cost(entry, countTokens));
  let total = costs.reduce((sum, tokens) => sum + tokens, 0);
  let shortened = 0;
  for (const [index, entry] of entries.entries()) {
    if (total <= budgetTokens || index === entries.length - 1) break;
    if (entry.output.length <= KEPT_OUTPUT) continue;
    entry.output = cutEnd(entry.output, KEPT_OUTPUT);
    const now = cost(entry, countTokens);
    total += now - (costs[index] ?? 0);
    costs[index] = now;
    shortened += 1;
  }
  let omitted = 0;
  while (total > budgetTokens && omitted < entries.length - 1) {
    total -= costs[omitted] ?? 0;
    omitted += 1;
  }
  if (omitted === 0) return { entries, shortened, omitted };
  const notice = { step: `(${omitted} earlier steps)`, output: 'Left out for length.' };
  return { entries: [notice, ...entries.slice(omitted)], shortened, omitted };
}

function cost(entry: HistoryEntry, countTokens: (text: string) => number): number {
  return countTokens(`Step: ${entry.step}\nOutput: ${entry.output}\n`);
}
