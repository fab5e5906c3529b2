/** Mathematical answers in LaTeX, as in MATH. */
import { accuracyVerdict, goldText, type Metric, type Verdict } from '../metric';
import { sameMathAnswer } from '../mathematics/same-answer';
import { unwrap } from '../extraction/wrappings';
import { plainCharacters } from '../values/plain-characters';

export const math: Metric = {
  name: 'math',
  none: { acc: 0 },
  kindOf: () => 'value',
  score({ answer, gold }): Verdict {
    const reason = sameMathAnswer(answer, unwrap(plainCharacters(goldText(gold))));
    return accuracyVerdict(reason !== undefined, reason ?? 'another answer');
  },
};
