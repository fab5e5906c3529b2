/**
 * Exact match and F1 as SQuAD's official script (version 1.1) computes them. A list as gold answer holds alternatives; the best one
 * counts.
 */
import type { Metric, Verdict } from '../metric';
import { normalText, wordF1 } from '../values/word-overlap';

export const squad: Metric = {
  name: 'squad',
  none: { em: 0, f1: 0 },
  kindOf: () => 'text',
  readsWhole: true,
  score({ answer, gold }): Verdict {
    const alternatives = (typeof gold === 'object' ? gold : [gold]).map((text) => normalText(String(text)));
    const text = normalText(answer);
    const isExact = alternatives.includes(text);
    const f1 = Math.max(0, ...alternatives.map((alternative) => wordF1(text, alternative)));
    return { scores: { em: isExact ? 1 : 0, f1 }, correct: isExact, reason: "SQuAD's own rules" };
  },
};
