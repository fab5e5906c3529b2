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

/** A change in words, before its number and behind it: `a decrease of 14.1%`, `grew by 3%`, `a 14.1% increase`. */
const change = (nouns: string, verbs: string): [before: RegExp, behind: RegExp] => [
  new RegExp(String.raw`^(?:(?:an?\s+)?(?:${nouns})\s+of|(?:it\s+)?(?:${verbs})(?:\s+by)?)\s+(?=[$€£\d.])`, 'i'),
  new RegExp(String.raw`^(?:an?\s+)?([$€£]?[\d.,]+\s*(?:%|percent)?)\s+(?:${nouns})$`, 'i'),
];
const [DECREASE, DECREASE_BEHIND] = change(
  'decrease|decline|drop|loss|reduction|fall',
  'decreased|declined|dropped|fell',
);
const [INCREASE, INCREASE_BEHIND] = change('increase|rise|gain|growth', 'increased|rose|grew|gained');
/** `1.2x`, `1.2 times`. */
const TIMES = /^(-?[$\d.,]+)\s?(?:x|times)$/;

const DECIMALS = /^(?:[^\d.]*\d[\d,]*)?\.(\d+)/;

/**
 * A computed number with the decimals of the gold answer, which reports round: 26.8176 % for 26.82 %, also as the fraction 0.268176. The gold
 * answer needs three digits, since 0.1 is no 1/7. A single decimal more must not be 5, which may itself be rounded.
 */
function asRoundedAs(gold: string, answer: string): string[] {
  const [places, given] = [DECIMALS.exec(gold)?.[1]?.length, DECIMALS.exec(answer)?.[1]?.length ?? 0];
  const digits = gold.replace(/\D/g, '').replace(/^0+/, '').length;
  if (places === undefined || digits < 3 || answer.length > 80) return [];
  return [places, /%|percent/.test(gold) ? places + 2 : places]
    .filter((wanted) => given >= wanted + 2 || (given === wanted + 1 && !isHalf.test(answer)))
    .map((wanted) => answer.replace(/\d[\d,]*\.\d+/, (number) => Number(number.replaceAll(',', '')).toFixed(wanted)));
}

const isHalf = /\.\d*5(?!\d)/;

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
    const said = answer.trim().replace(TIMES, '$1');
    const right = typeof gold === 'string' ? gold.trim().replace(TIMES, '$1') : gold;
    const isLoss = g !== undefined && g < 0;
    const read = isLoss
      ? said.replace(IN_PARENTHESES, '-$1$2 $3').replace(DECREASE, '-').replace(DECREASE_BEHIND, '-$1')
      : said.replace(INCREASE, '').replace(INCREASE_BEHIND, '$1');
    const isAnotherNumber = p !== undefined && g !== undefined && p !== g;
    const rounded = asRoundedAs(text, read).find((form) => sameAnswer(form, gold) !== undefined);
    const reason = sameAnswer(read, right) ?? (rounded === undefined ? undefined : 'rounded as the gold answer is');
    return textVerdict(reason, isAnotherNumber ? 0 : tokenF1(normalText(answer), normalText(text)));
  },
};
