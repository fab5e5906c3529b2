/** One number in any spelling. Words around it are allowed if it is the only number. */
import { accuracyVerdict, goldText, sameVerdict, type Metric, type Verdict } from '../metric';
import { numberWithNoun, withMinusSign } from '../values/number-words';
import { parseQuantity, sameQuantity, type Quantity } from '../values/quantity';
import { lastSentence, refuses } from '../extraction/last-value';
import { printedPython } from '../mathematics/printed-python';
import { sameMathAnswer } from '../mathematics/same-answer';
import { isKnownUnit } from '../values/units';
import { equal } from '../values/rational';
import { withDecimalPoint } from '../values/written-number';

/** GSM8K's calculator annotations. */
const CALCULATION = /<<[^<>\n]{0,200}>>/g;

const BRACKETS = /^(?:\[+|\\?\{+)\s*([^[\]{}]*?)\s*(?:\]+|\\?\}+)$/;
const WHOLLY_TEXT = /^\\(?:text|mbox|mathrm|textbf|mathbf)\s*\{([^{}]*)\}$/;

function afterLastEquals(text: string): string {
  return text.slice(text.lastIndexOf('=') + 1).trim();
}

const NUMBER_IN_TEXT =
  /(?<![\w.$€£\\]|\b(?:minus|negative|not|than|least|most|under|above|below|\w+n't) |[<>≤≥≠]\s?)[-+]?\s?\\?[$€£]?\s?-?(?:\d{1,3}(?:(?:,\\!|\{,\}|,)\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?(?:\s*\\?%)?/gi;

/** The quantity of a text: all of it, what follows the last `=`, or the only number between words, in the last sentence. */
function quantityOf(source: string): Quantity | undefined {
  const text =
    source.length > 20_000
      ? source
      : printedPython(
          withMinusSign(source).replace(CALCULATION, '').replace(WHOLLY_TEXT, '$1').replace(BRACKETS, '$1'),
        );
  const whole =
    parseQuantity(withDecimalPoint(text) ?? text) ?? parseQuantity(numberWithNoun(text) ?? afterLastEquals(text));
  if (whole !== undefined || text.length > 20_000) return whole;
  if (/[\\^_*/=()[\]{}√]|(?<![a-z'])[a-z]\s*[-+]\s/i.test(text) || refuses(text)) return undefined;
  const [found, ...others] = [...text.matchAll(NUMBER_IN_TEXT)];
  if (found === undefined || others.length > 0 || !lastSentence(text).includes(found[0].trim())) return undefined;
  const [word = ''] = /^\s?[a-z]+/i.exec(text.slice(found.index + found[0].length)) ?? [];
  return parseQuantity(`${found[0].trim()}${isKnownUnit(word.trim()) ? ` ${word.trim()}` : ''}`);
}

const TWO_FORMS = /^([^()]{1,40}?)\s*\(\s*(?:or\s+|=\s*)?([^()]{1,40})\)[.\s]*$/;

/** One share in two forms, each of which is the answer: `0.20 (20%)`. Undefined where they differ. */
function formsOf(text: string): Quantity[] | undefined {
  const [one, other] =
    TWO_FORMS.exec(text)
      ?.slice(1)
      .map((part) => parseQuantity(part)) ?? [];
  if (one === undefined || other === undefined || one.isPercent === other.isPercent) return undefined;
  return equal(one.value, other.value) ? [one, other] : undefined;
}

export const number: Metric = {
  name: 'number',
  none: { acc: 0 },
  kindOf: () => 'value',
  score({ answer, gold }): Verdict {
    const label = goldText(gold);
    const right = parseQuantity(withDecimalPoint(label) ?? label);
    if (right === undefined) return accuracyVerdict(false, `the gold answer "${label}" is no number`);
    if (formsOf(answer)?.some((form) => sameQuantity(form, right))) return sameVerdict('same number', '');
    const found = quantityOf(answer);
    if (found === undefined) {
      const reason = /[\\^*/+√]/.test(answer) ? sameMathAnswer(answer, label) : undefined;
      return sameVerdict(reason, 'no single number found');
    }
    return sameVerdict(sameQuantity(found, right) ? 'same number' : undefined, 'another number');
  },
};
