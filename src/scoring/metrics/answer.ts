/**
 * Any short answer: text, name, date, yes or no, number with unit, or mathematics; one score, right or wrong.
 *
 * @module
 */
import { accuracyVerdict, goldText, type Metric, type Verdict } from '../metric';
import { sameMathAnswer } from '../mathematics/same-answer';
import { finalAnswer, plainCharacters, unwrap } from './answer-text';
import { sameAnswer } from './exact-match';
import { comparableText, parseDate } from './plain-text';

export const answer: Metric = {
  name: 'answer',
  score({ prediction, gold }): Verdict {
    if (prediction === null) return accuracyVerdict(false, 'no prediction');
    const asText = sameAnswer(prediction, gold);
    if (asText !== undefined) return accuracyVerdict(true, asText);
    const right = unwrap(plainCharacters(goldText(gold)));
    const isText = /^(?:yes|no)$/.test(comparableText(right)) || parseDate(right) !== undefined;
    const asMath = isText ? undefined : sameMathAnswer(finalAnswer(prediction), right);
    return accuracyVerdict(asMath !== undefined, asMath ?? 'another answer');
  },
};
