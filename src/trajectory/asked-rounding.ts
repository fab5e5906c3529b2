/**
 * The rounding that a question asks for at its end or its beginning: `to the nearest integer`, `to two decimal places`.
 * People round a half up; Python's `round` and many small models don't. So a program computes the exact value, and it is rounded here.
 */
import { isNumber } from './stated-answer';

const WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six'];
const PLACES: Record<string, number> = { integer: 0, 'whole number': 0, tenth: 1, hundredth: 2, thousandth: 3 };
const TO = `to (?:the nearest (${Object.keys(PLACES).join('|')})|(\\d|${WORDS.join('|')}) decimal (?:places?|digits?))`;
const SENTENCE = new RegExp(
  `\\s*\\(?(?:please )?round (?:your |the )?(?:final )?(?:answer |result )?(?:off )?${TO}\\.?\\)?\\s*$`,
  'i',
);
const AT_END = new RegExp(
  `\\s*,?\\s*\\(?(?:correct |rounded |when rounded |round )?(?:off )?${TO}\\)?(?=[?.!]?\\s*$)`,
  'i',
);
const AT_BEGINNING = new RegExp(`^(?:correct |rounded )?(?:off )?${TO},\\s*`, 'i');

/** Characters of a number that people would write. */
const MAX_NUMBER = 100;
/** Characters at the end of a question among which its rounding stands. */
const TAIL = 200;

function found(question: string): { decimals: number; rest: string } | undefined {
  const tail = question.slice(-TAIL);
  const before = question.slice(0, question.length - tail.length);
  for (const [phrase, text, kept] of [
    [SENTENCE, tail, before],
    [AT_END, tail, before],
    [AT_BEGINNING, question, ''],
  ] as const) {
    const match = phrase.exec(text);
    if (!match) continue;
    const [, unit, count = ''] = match;
    const decimals =
      unit === undefined
        ? /\d/.test(count)
          ? Number(count)
          : WORDS.indexOf(count.toLowerCase())
        : PLACES[unit.toLowerCase()];
    const rest = `${kept}${text.replace(phrase, '')}`.trim();
    return { decimals: decimals ?? 0, rest: rest.charAt(0).toUpperCase() + rest.slice(1) };
  }
  return undefined;
}

/** The question without its rounding, for who computes the exact value; the same text if it asks for none. */
export const withoutRounding = (question: string): string => found(question.trim())?.rest ?? question;

/** A number that has more decimals than the question asks for is rounded, a half away from zero; anything else stays as it is. */
export function asRounded(question: string, answer: string): string {
  const asked = answer.length <= MAX_NUMBER && isNumber(answer) ? found(question.trim()) : undefined;
  if (!asked) return answer;
  return answer.replace(/-?\d[\d,]*\.\d+(?:e[+-]?\d+)?|-?\.\d+/i, (text) => {
    const value = Number(text.replaceAll(',', ''));
    const decimals = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
    if (!Number.isFinite(value) || (decimals <= asked.decimals && !/e/i.test(text))) return text;
    const scale = 10 ** asked.decimals;
    // 1.005 is stored as a little less than that.
    const rounded = (Math.sign(value) * Math.round(Math.abs(value) * scale * (1 + 1e-12))) / scale;
    return (rounded === 0 ? 0 : rounded).toFixed(asked.decimals);
  });
}
