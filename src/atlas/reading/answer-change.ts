/** How the number or name that was found is told: rounded, without its sign, or as a yes or no. */
import { rounded } from './rounding';

/** As the action generator would say it. */
export const UNKNOWN = "[finish] I don't know.";

export type AnswerChange = Told & {
  /** Yes for no: what was said, and is asked about, denies it. */
  isNegated?: boolean;
};

type Told =
  /** The answer has no sign: the difference was asked in either order. */
  | { kind: 'unsigned' }
  /** Rounded to decimal places, -1 for the nearest ten. */
  | { kind: 'rounded'; places: number; isUnsigned?: boolean; towards?: 'up' | 'down' }
  /** Whether the number is more than another, or less. */
  | { kind: 'beyond'; than: number; isLess: boolean }
  /** Whether the name is another one. */
  | { kind: 'is'; name: string }
  /** Whether the number is no further from 0. */
  | { kind: 'within'; of: number }
  /** Whether the number is another one, when it is rounded to the decimal places. */
  | { kind: 'equals'; to: number; places?: number }
  /** A year as its century. */
  | { kind: 'century'; isNumber?: boolean };

const NUMBER = /-?\d[\d,]*(?:\.\d+)?/;

/** @param text the step that finishes; it is returned as it is if the change does not apply to it */
export function changeAnswer(text: string, change: AnswerChange): string {
  if (change.kind === 'unsigned') return text.replace(/(The answer is )-(?=\d)/, '$1');
  const truth = (isTrue: boolean) => finish(isTrue === !change.isNegated ? 'yes' : 'no');
  if (change.kind === 'is') return truth(text.includes(change.name));
  const [written] = NUMBER.exec(text) ?? [];
  if (written === undefined) return text;
  const value = Number(written.replaceAll(',', ''));
  if (change.kind === 'rounded' && change.towards)
    return finish(String(change.towards === 'up' ? Math.ceil(value - 1e-9) : Math.floor(value + 1e-9)));
  if (change.kind === 'rounded') return finish(rounded(change.isUnsigned ? Math.abs(value) : value, change.places));
  if (change.kind === 'beyond') return truth(change.isLess ? value < change.than : value > change.than);
  if (change.kind === 'within') return truth(Math.abs(value) <= change.of);
  if (change.kind === 'equals') {
    const told = change.places === undefined ? value : Number(value.toFixed(change.places));
    return truth(Math.abs(told - change.to) < 1e-6);
  }
  const century = Math.ceil(value / 100);
  return finish(change.isNumber ? String(century) : ordinal(century));
}

const finish = (answer: string) => `[finish] The answer is ${answer}.`;

function ordinal(number: number): string {
  const end = /1[123]$/.test(String(number)) ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th');
  return `the ${number}${end} century`;
}
