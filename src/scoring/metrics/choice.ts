/** The letter of a choice: `C`, `(C)`, `\text{(C)}`, `Option C`, `C. Paris`. */
import { accuracyVerdict, type Metric, type Verdict } from '../metric';
import { choiceLetter, namedLetter } from '../values/choice-letter';

export const choice: Metric = {
  name: 'choice',
  none: { acc: 0 },
  kindOf: () => 'letter',
  score({ answer, gold }): Verdict {
    const right = choiceLetter(String(gold).toUpperCase());
    const found =
      choiceLetter(answer) ?? namedLetter(answer) ?? (/^[a-z]$/.test(answer) ? answer.toUpperCase() : undefined);
    if (found === undefined) return accuracyVerdict(false, 'no letter found');
    return accuracyVerdict(found === right, `read as ${found}`);
  },
};
