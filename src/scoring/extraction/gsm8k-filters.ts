/**
 * The GSM8K filters of EleutherAI's lm-evaluation-harness (tasks gsm8k and gsm8k_cot, version 3.0) and its exact match, so that
 * scores can be compared with numbers that it printed.
 */
import type { HarnessFilter } from '../../contract/scoring';

/** The harness's text for a filter that finds nothing. */
const INVALID = '[invalid]';

const FILTERS: Record<HarnessFilter, (response: string) => string | undefined> = {
  'gsm8k-strict': (response) => /#### (-?[0-9.,]+)/.exec(response)?.[1],
  // The point at the end matches any character, as in the harness.
  'gsm8k-cot-strict': (response) => /The answer is (-?[0-9.,]+)./.exec(response)?.[1],
  'gsm8k-flexible': (response) => response.match(/-?[$0-9.,]{2,}|-?[0-9]+/g)?.at(-1),
};

export const isHarnessFilter = (name: string): name is HarnessFilter => Object.hasOwn(FILTERS, name);

/** What the filter takes from a response; undefined if the harness says `[invalid]`. */
export function harnessFilter(name: HarnessFilter, response: string): string | undefined {
  return FILTERS[name](response)?.trim();
}

/** Removes what exact_match ignores: commas, dollars, a solution before `#### `, a final point, and case. */
const compared = (text: string): string =>
  text
    .replaceAll(',', '')
    .replaceAll('$', '')
    .replace(/^[^]*#### /, '')
    .replace(/\.$/, '')
    .toLowerCase();

/** The harness's exact_match of a filtered response. */
export const harnessMatch = (filtered: string | undefined, gold: string): boolean =>
  compared(filtered ?? INVALID) === compared(gold);
