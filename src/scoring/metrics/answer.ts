/** Any short answer: text, name, date, yes or no, number with unit, or mathematics; one score, right or wrong. */
import { goldText, kindByGold, sameVerdict, type Metric, type Verdict } from '../metric';
import { sameMathAnswer } from '../mathematics/same-answer';
import { unwrap } from '../extraction/wrappings';
import { plainCharacters } from '../values/plain-characters';
import { sameAnswer } from './exact-match';
import { comparableText, parseDate } from '../values/plain-text';

/** The letter before an option's text, which is the label here. */
const OPTION = /^(?:[A-J]\)|\([A-J]\))\s+(?=\S)/;

export const answerMetric: Metric = {
  name: 'answer',
  none: { acc: 0 },
  kindOf: kindByGold,
  score({ answer, gold }): Verdict {
    const right = unwrap(plainCharacters(goldText(gold)));
    const isText = /^(?:yes|no)$/.test(comparableText(right)) || parseDate(right) !== undefined;
    const asText = sameAnswer(answer, gold) ?? sameAnswer(answer.replace(OPTION, ''), gold);
    return sameVerdict(asText ?? (isText ? undefined : sameMathAnswer(answer, right)), 'another answer');
  },
};
