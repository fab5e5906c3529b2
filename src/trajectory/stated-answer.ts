/**
 * Reads the answer that a worked solution states, and compares two such answers. Workflow code runs this, so it cannot use the scorer
 * and follows plain rules: they may miss that two answers are the same, and the loop then asks for one more answer.
 */
import { bracedAt } from './braces';
import type { Step } from './step';

/** The content of the last `\boxed{}`, else the text after the last "the answer is", else undefined. */
export function statedAnswer(text: string): string | undefined {
  const box = text.lastIndexOf('\\boxed{');
  const boxed = box < 0 ? undefined : bracedAt(text, box + '\\boxed'.length);
  if (boxed !== undefined) return plain(boxed) || undefined;
  const [last] = [...text.matchAll(/\b(?:final )?answer(?:\*\*)?(?: is|:)\**:?\s*([^\n]+)/gi)].slice(-1);
  return last?.[1] === undefined ? undefined : plain(last[1]) || undefined;
}

/** The answer of a step that asked the whole question: what its program printed last, or what its worked solution states. */
export function answerOfStep({
  tool,
  observation,
  output,
}: Pick<Step, 'tool' | 'observation' | 'output'>): string | undefined {
  if (tool !== 'code') return statedAnswer(output);
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

/** Whether two answers are equal numbers, however written, or equal words. */
export function sameAnswer(one: string, other: string): boolean {
  const [first, second] = [numberOf(one), numberOf(other)];
  if (first !== undefined && second !== undefined)
    return Math.abs(first - second) <= 1e-6 * Math.max(1, Math.abs(first), Math.abs(second));
  return comparable(one) === comparable(other);
}

/** Whether both answers are numbers, or neither is. */
export const sameKind = (one: string, other: string): boolean =>
  (numberOf(one) === undefined) === (numberOf(other) === undefined);

/** Whether a text is one number, with or without a unit. */
export const isNumber = (text: string): boolean => numberOf(text) !== undefined;

const NUMBER = /-?\d[\d,]*(?:\.\d+)?|-?\.\d+/;

/** The value of a text that is one number, fraction or per cent, with or without a currency sign and a unit. */
function numberOf(text: string): number | undefined {
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
