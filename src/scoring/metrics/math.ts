/** Mathematical answers in LaTeX, as in MATH. */
import { goldText, sameVerdict, type Metric, type Verdict } from '../metric';
import { sameMathAnswer } from '../mathematics/same-answer';
import { unwrap } from '../extraction/wrappings';
import { plainCharacters } from '../values/plain-characters';

export const math: Metric = {
  name: 'math',
  none: { acc: 0 },
  kindOf: () => 'value',
  score({ answer, gold }): Verdict {
    return sameVerdict(sameMathAnswer(answer, unwrap(plainCharacters(goldText(gold)))), 'another answer');
  },
};
