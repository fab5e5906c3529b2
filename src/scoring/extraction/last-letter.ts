/** Finds the letter of a choice in prose without a mark. */
import { DENIED } from '../values/choice-letter';
import type { LastValue } from './last-value';

const LETTER =
  /(?<![\w\\])\(([A-Z])\)|\b[Ss]o,?\s+([A-Z])(?=\W*$)|(?:\b(?:is|be|choose|select|pick|option|choice|answer|think|guess|leaving|leaves)\s*:?\s+\**|(?<![不别勿][^\s，。]{0,3})[选選][择擇]?\s*:?\s*)([A-Z])\b(?!['’\w])|\b(?:option|choice|answer)\s+(?:is\s+)?\(([a-z])\)/g;
/** A last line that is one letter: `**C**`, `(C).` */
const ALONE = /^[\s*_$>]*(?:(?:[Ss]o|[Hh]ence|[Tt]hus|[Tt]herefore),?\s+)?\(?([A-Z])\)?[\s*_$.]*$/;

/**
 * The letter that a sentence names; undefined if it names several.
 *
 * @param context the text that the sentence ends. @default the sentence
 */
export function lastLetter(source: string, context: string = source): LastValue | undefined {
  const sentence = source.replace(DENIED, '');
  const alone = ALONE.exec(context.trim().split('\n').at(-1) as string)?.[1];
  if (alone !== undefined) return { text: alone, rule: 'last letter' };
  const letters = new Set(
    [...sentence.matchAll(LETTER)].map((match) => (match[1] ?? match[2] ?? match[3] ?? match[4])?.toUpperCase()),
  );
  const [letter] = letters;
  if (letters.size !== 1 || letter === undefined || /\b(?:not|n't|or|except)\b/.test(sentence)) return undefined;
  return { text: letter, rule: 'last letter' };
}
