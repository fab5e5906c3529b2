/** The context policy: shortens a solution history that outgrows a model's context. */
import { cutEnd, cutMiddle } from './bounded-text';
import type { HistoryEntry } from './solution-history';

/** Characters that a shortened output keeps. */
const KEPT_OUTPUT = 80;

export interface FittedHistory {
  entries: HistoryEntry[];
  /** Outputs that were shortened. */
  shortened: number;
  /** Oldest steps that were left out; one line in their place says how many. */
  omitted: number;
}

/**
 * Shortens the oldest outputs first, one at a time, until the history fits. If that is not enough, the oldest steps are left out and
 * one line in their place says how many. If the newest output alone is too long, its middle is cut.
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
  const notice = { step: '', output: 'Left out for length.' };
  let noticeCost = 0;
  while (total + noticeCost > budgetTokens && omitted < entries.length - 1) {
    total -= costs[omitted] ?? 0;
    omitted += 1;
    notice.step = `(${omitted} earlier steps)`;
    noticeCost = cost(notice, countTokens);
  }
  const newest = entries.at(-1);
  if (newest && total + noticeCost > budgetTokens && newest.output.length > KEPT_OUTPUT) {
    const rest = total + noticeCost - (costs.at(-1) ?? 0);
    newest.output = shortenToFit(
      newest.output,
      (output) => rest + cost({ ...newest, output }, countTokens) <= budgetTokens,
    );
    shortened += 1;
  }
  if (omitted === 0) return { entries, shortened, omitted };
  return { entries: [notice, ...entries.slice(omitted)], shortened, omitted };
}

/**
 * Cuts the middle of a text so that as much as possible fits. At least 80 characters are kept, even if they do not fit.
 *
 * @param fits whether a shortened text, with its marker, is short enough
 */
export function shortenToFit(text: string, fits: (text: string) => boolean): string {
  if (text.length <= KEPT_OUTPUT) return text;
  let [kept, tooMuch] = [KEPT_OUTPUT, text.length];
  while (tooMuch - kept > 1) {
    const middle = (kept + tooMuch) >> 1;
    if (fits(cutMiddle(text, middle))) kept = middle;
    else tooMuch = middle;
  }
  return cutMiddle(text, kept);
}

function cost(entry: HistoryEntry, countTokens: (text: string) => number): number {
  return countTokens(`Step: ${entry.step}\nOutput: ${entry.output}\n`);
}
