/**
 * Exact match and F1 where answers are mostly numbers (tables, reports): a wrong number earns no F1 for the words around it,
 * as in DROP's metric.
 *
 * @module
 */
import { goldText, type Metric, type Verdict } from '../metric';
import { normalText, tokenF1 } from '../husky-v1/reference-rules';
import { sameAnswer, textVerdict } from './exact-match';

const FIRST_NUMBER = /-?\d+\.?\d*/;
/** A loss as reports write it: `(4.73)%`, `(4.73%)`. */
const IN_PARENTHESES = /^([$€£]?)\(\s*([$€£]?[\d.,]+\s*(?:%|percent)?)\s*\)\s*(%|percent|thousand|million|billion)?$/;

function firstNumber(text: string): number | undefined {
  const found = FIRST_NUMBER.exec(text.replace(/(\d),(?=\d)/g, '$1'))?.[0];
  return found === undefined ? undefined : Number(found);
}

export const numberOrText: Metric = {
  name: 'number-or-text',
  score({ prediction, gold }): Verdict {
    if (prediction === null) return { scores: { em: 0, f1: 0 }, correct: false, reason: 'no prediction' };
    const text = goldText(gold);
    const [p, g] = [firstNumber(prediction), firstNumber(text)];
    const isLoss = g !== undefined && g < 0 && IN_PARENTHESES.test(prediction.trim());
    const read = isLoss ? prediction.trim().replace(IN_PARENTHESES, '-$1$2 $3') : prediction;
    const isAnotherNumber = p !== undefined && g !== undefined && p !== g;
    return textVerdict(sameAnswer(read, gold), isAnotherNumber ? 0 : tokenF1(normalText(prediction), normalText(text)));
  },
};
