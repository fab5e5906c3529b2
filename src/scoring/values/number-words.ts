/** Numbers in English words: `twenty-one`, `two hundred and fifty`, `a dozen`, `ninth`, and Roman numerals behind a name. */

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SMALL = new Map<string, number>([
  ...ONES.map((word, value): [string, number] => [word, value]),
  ...TENS.map((word, i): [string, number] => [word, 20 + 10 * i]),
]);
const LARGE = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
]);

const ORDINALS = new Map<string, string>([
  ...'zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth'
    .split(' ')
    .map((word, value): [string, string] => [word, `${value}${['th', 'st', 'nd', 'rd'][value] ?? 'th'}`]),
  ...ONES.slice(13).map((word, i): [string, string] => [`${word}th`, `${13 + i}th`]),
  ...TENS.map((word, i): [string, string] => [word.replace(/y$/, 'ieth'), `${20 + 10 * i}th`]),
]);

/** Without their hyphen: `twentyfirst`, `twentyone`. */
const COMPOUND = new Map<string, string>(
  TENS.flatMap((tens, i) =>
    ONES.slice(1, 10).flatMap((one, j): [string, string][] => {
      const ordinal = [...ORDINALS.keys()][j + 1] as string;
      return [
        [`${tens}${one}`, `${21 + 10 * i + j}`],
        [`${tens}${ordinal}`, `${2 + i}${ORDINALS.get(ordinal)}`],
      ];
    }),
  ),
);

const ROMAN = new Map(
  'ii iii iv vi vii viii ix xi xii xiii xiv xv xvi xvii xviii'
    .split(' ')
    .map((word, i) => [word, String([2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18][i])]),
);

/** Longer runs are prose. */
const MAX_WORDS = 14;

/** The number that the first words spell, and how many words that takes; undefined if the first word is none. */
function leadingNumber(words: readonly string[]): { value: number; length: number } | undefined {
  let total = 0;
  let group = 0;
  let length = 0;
  let last: 'none' | 'ones' | 'tens' | 'scale' = 'none';
  for (let i = 0; i < Math.min(words.length, MAX_WORDS); i++) {
    const word = words[i] as string;
    const small = SMALL.get(word);
    if (small !== undefined) {
      const isOnes = small < 20;
      if (last === 'ones' || (last === 'tens' && (!isOnes || small === 0 || small > 9))) break;
      group += small;
      last = isOnes ? 'ones' : 'tens';
    } else if ((word === 'hundred' || word === 'dozen') && group < 100 && (group > 0 || last === 'none')) {
      group = (group || 1) * (word === 'dozen' ? 12 : 100);
      last = 'scale';
    } else if (LARGE.has(word) && last !== 'none' && group > 0) {
      total += group * (LARGE.get(word) as number);
      group = 0;
      last = 'scale';
    } else if (word === 'and' && last === 'scale' && SMALL.has(words[i + 1] ?? '')) {
      continue;
    } else if (!(i === 0 && word === 'a' && /^(?:hundred|dozen)$/.test(words[1] ?? ''))) {
      break;
    }
    length = i + 1;
  }
  return last === 'none' ? undefined : { value: total + group, length };
}

const wordsOf = (text: string): string[] => text.trim().toLowerCase().replaceAll('-', ' ').split(/\s+/);

/** The digits of a text that is exactly one number in words: `Twenty-one` is `21`, `two thirds` is `2/3`. */
export function numberInWords(text: string): string | undefined {
  if (text.length > 200 || !/^[A-Za-z\s-]+$/.test(text)) return undefined;
  const words = wordsOf(text);
  const isNegative = /^(?:minus|negative)$/.test(words[0] as string);
  const rest = isNegative ? words.slice(1) : words;
  const found = leadingNumber(rest);
  if (found === undefined) return undefined;
  const part = found.length === rest.length ? '' : partInDigits(rest.slice(found.length), found.value);
  return part === undefined ? undefined : `${isNegative ? '-' : ''}${found.value}${part}`;
}

const DENOMINATORS = 'half third quarter fifth sixth seventh eighth ninth tenth'.split(' ');

/** Words behind a number that make it a fraction: `thirds` after 2 is `/3`, `and a half` is ` 1/2`. */
function partInDigits(words: readonly string[], before: number): string | undefined {
  const name = (words.at(-1) as string).replace('fourth', 'quarter');
  const denominator = 2 + DENOMINATORS.indexOf(name.replace(/s$/, ''));
  if (denominator < 2) return undefined;
  if (words.length === 1)
    return before < denominator && (before === 1) !== name.endsWith('s') ? `/${denominator}` : undefined;
  return /^and (?:a|one)$/.test(words.slice(0, -1).join(' ')) ? ` 1/${denominator}` : undefined;
}

const PARTS = /^(?:and|half|halves|thirds?|quarters?|fourths?|fifths?|tenths?|percent|per|or|to|hundredths?)$/;

/** A number in words with one to three words behind it: `Twenty one apples` is `21 apples`. */
export function numberWithNoun(text: string): string | undefined {
  if (text.length > 200 || !/^[A-Za-z\s-]+$/.test(text)) return undefined;
  const words = wordsOf(text);
  const found = leadingNumber(words);
  const noun = words.slice(found?.length);
  if (found === undefined || noun.length > 3 || noun.some((word) => PARTS.test(word) || SMALL.has(word)))
    return undefined;
  return [String(found.value), ...noun].join(' ');
}

/** Writes one word with digits: `ninth` is `9th`, `two` is `2`. Roman numerals count only behind another word. */
export function wordInDigits(word: string, isFirst: boolean): string {
  const small = SMALL.get(word);
  if (small !== undefined) return String(small);
  return ORDINALS.get(word) ?? COMPOUND.get(word) ?? (isFirst ? undefined : ROMAN.get(word)) ?? word;
}

/** A minus in a word, where nothing stands before it that it could be subtracted from. */
const MINUS =
  /(?<=^|\b(?:to|is|was|are|were|be|of|at|about|around|reach(?:es|ed)?|hits?|equals?|gives?)\s)(?:minus|negative)\s+(?=[$€£]?\d)/gi;

/** `It fell to minus 3` as `It fell to -3`; `5 minus 3` stays. */
export const withMinusSign = (text: string): string => text.replace(MINUS, '-');
