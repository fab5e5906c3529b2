/** The overlap of words without case, punctuation and articles, as SQuAD's script compares answers. */
import { words } from '../../trajectory/python-text';

export const PUNCTUATION = /[!-/:-@[-`{-~]/g;
export const ARTICLES = /(?<![\p{L}\p{N}_])(?:a|an|the)(?![\p{L}\p{N}_])/gu;

export function normalText(text: string): string {
  return words(text.toLowerCase().replace(PUNCTUATION, '').replace(ARTICLES, ' ')).join(' ');
}

/** As {@link wordF1}; yes, no and noanswer must match whole, as in HotpotQA's script. */
export function tokenF1(prediction: string, gold: string): number {
  const closed = ['yes', 'no', 'noanswer'];
  if (prediction !== gold && (closed.includes(prediction) || closed.includes(gold))) return 0;
  return wordF1(prediction, gold);
}

/** F1 of the words that two normalised texts share, each as often as it occurs in both. */
export function wordF1(prediction: string, gold: string): number {
  const [p, g] = [words(prediction), words(gold)];
  const left = new Map<string, number>();
  for (const word of g) left.set(word, (left.get(word) ?? 0) + 1);
  let same = 0;
  for (const word of p) {
    const count = left.get(word) ?? 0;
    if (count > 0) same++;
    left.set(word, count - 1);
  }
  if (same === 0) return 0;
  const [precision, recall] = [same / p.length, same / g.length];
  return (2 * precision * recall) / (precision + recall);
}
