/** Mathematical answers as Python prints them, as in LILA: numbers, expressions, lists of solutions, sorted numbers, True and False. */
import { accuracyVerdict, goldText, sameVerdict, type Metric, type Verdict } from '../metric';
import { sameMathAnswer } from '../mathematics/same-answer';
import { isBracketedList, isSequence, sameList } from './list';
import { readYesNo } from '../values/plain-text';

export const pythonMath: Metric = {
  name: 'python-math',
  none: { acc: 0 },
  kindOf: (gold) => (/^\s*(?:true|false)\s*$/i.test(String(gold)) ? 'text' : 'value'),
  score({ answer, gold }): Verdict {
    const right = goldText(gold).trim();
    if (/^(?:true|false)$/i.test(right)) {
      const isSame = readYesNo(answer) === (right.toLowerCase() === 'true');
      return accuracyVerdict(isSame, isSame ? 'same truth value' : 'not this truth value');
    }
    if (isSequence(right) || isBracketedList(right)) {
      return sameVerdict(sameList(answer, right) ? 'same list' : undefined, 'another list');
    }
    // A list of sorted numbers, 10 -2 -3, is not a difference with the value 5.
    const reason = isSequence(answer) && /\s[-+]/.test(answer) ? undefined : sameMathAnswer(answer, right);
    return sameVerdict(reason, 'another answer');
  },
};
