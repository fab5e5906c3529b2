/**
 * Mathematical answers in LaTeX, as in MATH.
 *
 * @module
 */
import { accuracyVerdict, goldText, type Metric, type Verdict } from '../metric';
import { sameMathAnswer } from '../mathematics/same-answer';
import { finalAnswer, plainCharacters, unwrap } from './answer-text';

export const math: Metric = {
  name: 'math',
  score({ prediction, gold }): Verdict {
    if (prediction === null) return accuracyVerdict(false, 'no prediction');
    const reason = sameMathAnswer(finalAnswer(prediction), unwrap(plainCharacters(goldText(gold))));
    return accuracyVerdict(reason !== undefined, reason ?? 'another answer');
  },
};
