/**
 * Exact match and F1 as DROP's official script computes them, with F1 rounded to two decimals, for comparison with published numbers. A
 * list as gold answer is one answer of several spans; a prediction of several spans is a JSON list.
 * Source of the rules: allenai/allennlp-reading-comprehension, allennlp_rc/eval/drop_eval.py.
 */
import type { Metric, Verdict } from '../metric';
import { printedList } from '../extraction/wrappings';
import { bestAssignment } from '../values/assignment';
import { ARTICLES, PUNCTUATION } from '../values/word-overlap';
import { floatText, pythonFloat, words } from '../../trajectory/python-text';

interface Spans {
  texts: string[];
  bags: Set<string>[];
}

/** Words in lower case without marks and articles. Numbers are normalized and keep their point. */
function spanText(span: string): string {
  return span
    .toLowerCase()
    .split(/[ -]/)
    .map((token) => {
      const plain = pythonFloat(token) === undefined ? token.replace(PUNCTUATION, '') : token;
      const value = pythonFloat(plain);
      const text = value === undefined ? plain : floatText(value);
      return words(text.replace(ARTICLES, ' ')).join(' ');
    })
    .filter((token) => token !== '')
    .join(' ');
}

function spansOf(spans: readonly (string | number)[]): Spans {
  const texts = spans.map((span) => spanText(String(span)));
  return { texts, bags: texts.map((text) => new Set(words(text))) };
}

const numbersOf = (bag: ReadonlySet<string>): string[] => [...bag].filter((word) => pythonFloat(word) !== undefined);

/** Overlap of two spans; 0 if the gold span has numbers and they share none. */
function overlap(gold: ReadonlySet<string>, predicted: ReadonlySet<string>): number {
  const numbers = numbersOf(gold);
  if (numbers.length > 0 && !numbers.some((word) => predicted.has(word))) return 0;
  const same = [...gold].filter((word) => predicted.has(word)).length;
  const precision = predicted.size === 0 ? 1 : same / predicted.size;
  const recall = gold.size === 0 ? 1 : same / gold.size;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

export const drop: Metric = {
  name: 'drop',
  none: { em: 0, f1: 0 },
  kindOf: () => 'text',
  readsWhole: true,
  score({ answer, gold }): Verdict {
    const predicted = spansOf(printedList(answer.trim()) ?? [answer]);
    const label = spansOf(typeof gold === 'object' ? gold : [String(gold)]);
    const [p, g] = [new Set(predicted.texts), new Set(label.texts)];
    const isExact =
      p.size === g.size && [...g].every((text) => p.has(text)) && predicted.texts.length === label.texts.length;
    const scores = label.bags.map((bag) => predicted.bags.map((other) => overlap(bag, other)));
    const total = bestAssignment(scores).reduce((sum, { score }) => sum + score, 0);
    const f1 = Number((total / Math.max(label.bags.length, predicted.bags.length)).toFixed(2));
    return { scores: { em: isExact ? 1 : 0, f1 }, correct: isExact, reason: "DROP's own rules" };
  },
};
