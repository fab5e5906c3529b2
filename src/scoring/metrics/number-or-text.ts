/**
 * Exact match and F1 for answers that are mostly numbers (tables, reports). As in DROP's metric, a wrong number gets no F1 for the words
 * around it.
 */
import { goldText, kindByGold, type Metric, type Verdict } from '../metric';
import { normalText, tokenF1 } from '../values/word-overlap';
import { sameAnswer, textVerdict } from './exact-match';

const FIRST_NUMBER = /-?\d+\.?\d*/;
/** A loss as reports write it: `(4.73)%`, `(4.73%)`. */
const IN_PARENTHESES = /^([$€£]?)\(\s*([$€£]?[\d.,]+\s*(?:%|percent)?)\s*\)\s*(%|percent|thousand|million|billion)?$/;

/** A change in words: `a decrease of 14.1%`, `grew by 3%`. */
const change = (nouns: string, verbs: string): RegExp =>
  new RegExp(String.raw`^(?:(?:an?\s+)?(?:${nouns})\s+of|(?:it\s+)?(?:${verbs})(?:\s+by)?)\s+(?=[$€£\d.])`, 'i');
const DECREASE = change('decrease|decline|drop|loss|reduction|fall', 'decreased|declined|dropped|fell');
const INCREASE = change('increase|rise|gain|growth', 'increased|rose|grew|gained');

function firstNumber(text: string): number | undefined {
  const found = FIRST_NUMBER.exec(text.replace(/(\d),(?=\d)/g, '$1'))?.[0];
  return found === undefined ? undefined : Number(found);
}

export const numberOrText: Metric = {
  name: 'number-or-text',
  none: { em: 0, f1: 0 },
  kindOf: kindByGold,
  score({ answer, gold }): Verdict {
    const text = goldText(gold);
    const [p, g] = [firstNumber(answer), firstNumber(text)];
    const said = answer.trim().replace(/^(-?[$\d.,]+)\s?(?:x|times)$/, '$1');
    const isLoss = g !== undefined && g < 0;
    const read = isLoss ? said.replace(IN_PARENTHESES, '-$1$2 $3').replace(DECREASE, '-') : said.replace(INCREASE, '');
    const isAnotherNumber = p !== undefined && g !== undefined && p !== g;
    return textVerdict(sameAnswer(read, gold), isAnotherNumber ? 0 : tokenF1(normalText(answer), normalText(text)));
  },
};
