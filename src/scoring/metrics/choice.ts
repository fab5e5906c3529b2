/** The letter of a choice: `C`, `(C)`, `\text{(C)}`, `Option C`, `C. Paris`; or its number, where the label is one; or its text. */
import { accuracyVerdict, type Metric, type Verdict } from '../metric';
import { choiceLetter, namedLetter } from '../values/choice-letter';
import { sameAnswer } from './exact-match';

/** ARC has some options by number. */
const NUMBERED = /^(?:option|choice)?\s*\(?(\d)(?:\)|[.:]?(?:\s|$))/i;

export const choice: Metric = {
  name: 'choice',
  none: { acc: 0 },
  kindOf: (gold) => (/^\d$/.test(String(gold)) ? 'value' : 'letter'),
  score({ answer, gold }): Verdict {
    const right = choiceLetter(String(gold).toUpperCase());
    if (right === undefined) {
      const same = NUMBERED.exec(answer)?.[1] === String(gold) || sameAnswer(answer, gold) !== undefined;
      return accuracyVerdict(same, same ? 'same option' : 'another option');
    }
    const found =
      choiceLetter(answer) ?? namedLetter(answer) ?? (/^[a-z]$/.test(answer) ? answer.toUpperCase() : undefined);
    if (found === undefined) return accuracyVerdict(false, 'no letter found');
    return accuracyVerdict(found === right, `read as ${found}`);
  },
};
