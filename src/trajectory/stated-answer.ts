/**
 * Reads the answer that a worked solution states, and compares two such answers. Workflow code runs this, so it cannot use the scorer
 * and follows plain rules: they may miss that two answers are the same, and the loop then asks for one more answer.
 */
import { bracedAt } from './braces';
import { scaleOutside } from './scale-word';
import type { Step } from './step';

/**
 * The content of the last `\boxed{}`, else the text after the last "the answer is", else undefined.
 *
 * @param scaled whether a boxed number gets the `million` that stands outside its box
 */
export function statedAnswer(text: string, scaled = false): string | undefined {
  const box = text.lastIndexOf('\\boxed{');
  const open = box + '\\boxed'.length;
  const boxed = box < 0 ? undefined : bracedAt(text, open);
  if (boxed !== undefined) {
    const scale = scaled ? scaleOutside(boxed, text.slice(0, box), text.slice(open + boxed.length + 2)) : undefined;
    return plain(boxed) ? plain(boxed) + (scale === undefined ? '' : ` ${scale}`) : undefined;
  }
  const [last] = [...text.matchAll(/\b(?:final )?answer(?:\*\*)?(?: is|:)\**:?\s*([^\n]+)/gi)].slice(-1);
  return last?.[1] === undefined ? undefined : plain(last[1]) || undefined;
}

/** The answer of a step that asked the whole question: what its program printed last, or what its worked solution states. */
export function answerOfStep(
  { tool, observation, output }: Pick<Step, 'tool' | 'observation' | 'output'>,
  scaled = false,
): string | undefined {
  if (tool !== 'code') return statedAnswer(output, scaled);
  const printed = observation?.trim().split('\n').at(-1)?.trim();
  return printed === undefined ? undefined : (statedAnswer(printed) ?? (printed.replace(/\.$/, '') || undefined));
}

/** Without emphasis, mathematics signs and the final point. */
function plain(text: string): string {
  return text
    .trim()
    .replace(/^(?:\*\*|\$|\\\(|\\\[|`|\s)+|(?:\*\*|\$|\\\)|\\\]|`|\s|(?<=[^.\s])\.)+$/g, '')
    .trim();
}

/** A number larger or smaller by this is of another scale. */
const OTHER_SCALE = 100;

/**
 * A program prints the number of a table whose head says `in millions` without the word. It gets the word that worked solutions state, if
 * their numbers are of its size and their words are the same.
 */
export function scaledAs(answer: string, solutions: readonly string[]): string {
  const value = /^-?\d[\d,]*(?:\.\d+)?$/.test(answer) ? Math.abs(numbersOf(answer)[0] ?? 0) : 0;
  const words = solutions.flatMap((solution) => {
    const [, number = '', word = ''] =
      /^(.*\d.*) (thousand|million|billion|trillion)$/.exec(statedAnswer(solution, true) ?? '') ?? [];
    const ratio = Math.abs(numberOf(number) ?? NaN) / value;
    return ratio < OTHER_SCALE && ratio > 1 / OTHER_SCALE ? [word] : [];
  });
  return new Set(words).size === 1 ? `${answer} ${words[0]}` : answer;
}

/** `42 dollars` for `42 \text{ dollars}`, `$42` for `\$42`, `2.2%`; a formula stays as it is. */
export function readable(answer: string): string {
  const words = answer.replace(/\\(?:text|mathrm|mbox)\s*\{([^{}\\]*)\}/g, ' $1 ').replace(/\\([$%])/g, '$1');
  return words === answer || /[\\{}^_]/.test(words)
    ? answer
    : words
        .replace(/\s+/g, ' ')
        .replace(/ (?=[.,;:!?%])/g, '')
        .trim();
}

/** Marks around a number that change nothing: `\mathbf{42}`, `\left(42\right)`, `42^\circ`, `x = 42`; and `4.2 \times 10^1` in full. */
export function unmarked(answer: string): string {
  const bare = answer
    .replace(/\\(?:mathbf|boldsymbol|mathit|mathsf|textbf|emph|bf|rm)\s*\{([^{}]*)\}/g, '$1')
    .replace(/\s*\^\s*\{?\s*\\circ\s*\}?|°/g, '')
    .replace(/^\s*[a-zA-Z]\s*=\s*/, '')
    .replace(/^\s*(?:\\left)?\(\s*(-?[\d.,]+)\s*(?:\\right)?\)\s*$/, '$1');
  const [, digits, power] =
    /^\s*(-?\d+(?:\.\d+)?)\s*(?:\\times|\\cdot|×)\s*10\s*\^\s*\{?\s*(-?\d{1,2})\s*\}?\s*$/.exec(bare) ?? [];
  return digits === undefined ? bare : String(Number(`${digits}e${power}`));
}

/** Whether two answers are equal numbers, however written, or equal words. */
export function sameAnswer(one: string, other: string): boolean {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== undefined && second !== undefined)
    return Math.abs(first - second) <= 1e-6 * Math.max(1, Math.abs(first), Math.abs(second));
  return comparable(one) === comparable(other);
}

/**
 * Whether two answers list the same numbers: `[7, 17, 59]` as a program prints it and `59, 7, \text{ and } 17`. In round brackets the order
 * counts.
 */
export function sameList(one: string, other: string): boolean {
  const [first, second] = [listOf(one), listOf(other)];
  if (!first || !second || first.length !== second.length) return false;
  const isOrdered = /^\s*(?:\\left)?\(/.test(one) || /^\s*(?:\\left)?\(/.test(other);
  const inOrder = (numbers: string[]) => (isOrdered ? numbers : numbers.sort((a, b) => numberOf(a)! - numberOf(b)!));
  const [left, right] = [inOrder(first), inOrder(second)];
  return left.every((number, at) => sameAnswer(number, right[at] ?? ''));
}

/** The numbers of a list of two or more; undefined for anything else. */
function listOf(answer: string): string[] | undefined {
  const [, inside = answer] = /^\s*(?:\\left)?\s*\\?[[({](.*?)(?:\\right)?\s*\\?[\])}]\s*$/.exec(answer) ?? [];
  const bare = inside.replace(/\\text\s*\{\s*(?:and|,)?\s*\}|\band\b/g, ',').replace(/,\s*,/g, ',');
  const parts = bare.split(',').map((part) => part.trim());
  return parts.length > 1 && parts.every(isNumber) ? parts : undefined;
}

/** Whether both answers are numbers, or neither is. @param lists whether `7, 11` is a list and not the number 711 */
export function sameKind(one: string, other: string, lists = false): boolean {
  const isOne = (text: string) => numberOf(text) !== undefined && !(lists && listOf(text));
  return isOne(one) === isOne(other);
}

/** Whether a text is one number, with or without a unit. */
export const isNumber = (text: string): boolean => numberOf(text) !== undefined;

const NUMBER = /-?\d[\d,]*(?:\.\d+)?|-?\.\d+/;

/** The value of a text that is one number, fraction or per cent, with or without a currency sign and a unit. */
export function numberOf(text: string): number | undefined {
  const bare = comparable(text);
  const fraction = /^(-?)(?:frac\{?)?(-?\d+)(?:\}?\{|\/)(\d+)\}?$/.exec(bare);
  if (fraction) return ((fraction[1] ? -1 : 1) * Number(fraction[2])) / Number(fraction[3]);
  const found = new RegExp(`^[$€£]?(${NUMBER.source})(?:%|[a-z°]*(?:/[a-z]+)?)$`).exec(bare);
  return found?.[1] === undefined ? undefined : Number(found[1].replaceAll(',', ''));
}

function comparable(text: string): string {
  return text
    .toLowerCase()
    .replace(/\\(?:text|mathrm|mbox|textbf)\s*\{([^{}]*)\}/g, '$1')
    .replace(/\\d?frac(\d)(\d)/g, '\\frac{$1}{$2}')
    .replace(/\\(?:left|right|[,;!]|d(?=frac)|\$|%)/g, (mark) => (mark === '\\%' ? '%' : mark === '\\$' ? '$' : ''))
    .replace(/\{,\}/g, ',')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/[\s\\]|\.$/g, '');
}

/** Every number of a text by its value, for asking whether another text has it. */
export function numbersOf(text: string): number[] {
  return [...text.matchAll(new RegExp(NUMBER, 'g'))].map(([number]) => Number(number.replaceAll(',', '')));
}
