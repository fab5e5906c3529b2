/** A calculation with the numbers of the question alone: "what is 17 percent of 340", "twelve times twelve", "subtract 5 from 9". */
import { composed, type Composed } from './composed';
import { askedPlaces } from './rounding';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '_ _ twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES: Record<string, number> = { hundred: 1e2, thousand: 1e3, million: 1e6, billion: 1e9 };

const ASKED =
  /^(?:(?:please|hey|hi|hello|ok|so|and|can you|could you|tell me|give me|show me|quick(?:ly)?|what(?:'?s| is| are| do(?:es)?)|how much (?:is|are|do(?:es)?)|calculate|compute|work out|figure out|solve|evaluate|find|the (?:result|value|answer) of)\b[,:!]? *)+/;
const ENDED =
  /(?:[\s,]*(?:please|=|equals?|equal to|make|come to|add up to|amount to|result in|in total|altogether|together|be|is|\?|!|\.(?!\d)))+$/;
const ROUNDED =
  /[,(]? ?(?:and )?(?:rounded |round (?:it |the (?:result|answer) )?)?(?:to|with) (?:the )?(?:nearest [\w-]+(?: [\w-]+)?|(?:a|one|two|three|four|\d)(?: more)? decimals?(?: places?)?)\)?/;

const N = String.raw`((?:\([^()]+\))|(?:[\d.]+))`;
const form = (text: string) => new RegExp(text.replaceAll('N', N), 'g');

/** Words as signs; those that turn the order of the numbers round, first. */
const SIGNS: readonly [words: RegExp, sign: string][] = [
  [form(String.raw`subtract N from N`), '($2 - $1)'],
  [form(String.raw`(?:the )?sum of N and N`), '($1 + $2)'],
  [form(String.raw`(?:the )?product of N and N`), '($1 * $2)'],
  [form(String.raw`(?:the )?(?:quotient|ratio) of N and N`), '($1 / $2)'],
  [form(String.raw`(?:the )?difference of N and N`), '($1 - $2)'],
  [form(String.raw`(?:the )?(?:average|mean) of N(?:,| and) N,? and N`), '(($1 + $2 + $3) / 3)'],
  [form(String.raw`(?:the )?(?:average|mean) of N and N`), '(($1 + $2) / 2)'],
  [form(String.raw`N ?(?:%|percent|per cent) of N`), '($2 * $1 / 100)'],
  [form(String.raw`(?:a |one )?half of N`), '($1 / 2)'],
  [form(String.raw`(?:a|one) third of N`), '($1 / 3)'],
  [form(String.raw`(?:a|one) (?:quarter|fourth) of N`), '($1 / 4)'],
  [form(String.raw`three quarters of N`), '($1 * 3 / 4)'],
  [form(String.raw`two thirds of N`), '($1 * 2 / 3)'],
  [form(String.raw`(?:twice|double) N`), '(2 * $1)'],
  [form(String.raw`N squared`), '($1 * $1)'],
  [form(String.raw`N cubed`), '($1 * $1 * $1)'],
  [form(String.raw`N ?(?:\^|\*\*|to the power of) ?2(?![\d.])`), '($1 * $1)'],
  [form(String.raw`N ?(?:\^|\*\*|to the power of) ?3(?![\d.])`), '($1 * $1 * $1)'],
  [form(String.raw`(?:multiply|multiplying) N (?:by|with|and) N`), '($1 * $2)'],
  [form(String.raw`(?:divide|dividing|split|share) N (?:by|among|between|into) N`), '($1 / $2)'],
  [form(String.raw`(?:add|adding) N (?:and|to|with) N`), '($1 + $2)'],
  [/ ?\b(?:multiplied by|times)\b ?| ?[x×·∙⋅] ?(?=[\d(])/g, ' * '],
  [/ ?\b(?:divided by|over)\b ?| ?[÷:] ?(?=[\d(])/g, ' / '],
  [/ ?\b(?:plus|added to)\b ?/g, ' + '],
  [/ ?\bminus\b ?| ?[−–] ?(?=[\d(])/g, ' - '],
];

/** @returns undefined where the question has anything but numbers and what is done with them */
export function arithmeticOf(question: string): Composed | undefined {
  const said = question.toLowerCase().trim();
  const places = askedPlaces(said);
  const plain = inDigits(said.replace(ROUNDED, '')).replace(ASKED, '').replace(ENDED, '').trim();
  const formula = asFormula(plain);
  if (formula === undefined) return undefined;
  const change = places === undefined ? undefined : ({ kind: 'rounded', places } as const);
  return composed({ searches: [], compute: formula }, change);
}

function asFormula(text: string): string | undefined {
  // What stands within others is written as signs first: the sum of 3 and 4 times 2.
  let written = text;
  for (let round = 0; round < 4; round += 1) for (const [words, sign] of SIGNS) written = written.replace(words, sign);
  const formula = written
    .replace(/([-+*/])(?=[\d(])|(?<=[\d)])([-+*/])/g, ' $1$2 ')
    .replace(/\s+/g, ' ')
    .replace(/\( /g, '(')
    .replace(/ \)/g, ')')
    .trim()
    .replace(/^\((.*)\)$/, (whole, inner: string) => (isFormula(inner) ? inner : whole));
  return isFormula(formula) ? formula : undefined;
}

/** Numbers with signs between them, and brackets that close. */
function isFormula(text: string): boolean {
  let left = text;
  for (let inner = ''; inner !== left;) {
    inner = left;
    left = left.replace(/\((?:\d+(?:\.\d+)?)(?: [-+*/] \d+(?:\.\d+)?)+\)/g, '1');
  }
  return /^\d+(?:\.\d+)?(?: [-+*/] \d+(?:\.\d+)?)+$/.test(left);
}

/** Numbers in words, and with commas or spaces between their thousands, as digits. */
function inDigits(text: string): string {
  const grouped = text.replace(/\d{1,3}(?:[,\u00a0 ]\d{3})+(?![\d])/g, (number) => number.replace(/[,\u00a0 ]/g, ''));
  const word = `(?:${[...SMALL, ...TENS.slice(2), ...Object.keys(SCALES)].join('|')})`;
  const numbers = new RegExp(
    String.raw`\b${word}(?:(?:[ -]| and (?=${word}\b))${word})*\b(?! (?:half|third|quarter))`,
    'g',
  );
  return grouped
    .replace(/\b(\d+(?:\.\d+)?) (hundred|thousand|million|billion)\b/g, (_, count: string, scale: string) =>
      String(Number(count) * SCALES[scale]!),
    )
    .replace(numbers, (words) => valueOf(words) ?? words);
}

/** `three hundred and five` is 305; two numbers beside each other are none: "add three and four". */
function valueOf(words: string): string | undefined {
  let whole = 0;
  let part = 0;
  let last = Infinity;
  for (const word of words.split(/[ -]/)) {
    if (word === 'and') {
      if (last < 100)
        return words
          .split(' and ')
          .map((one) => valueOf(one) ?? one)
          .join(' and ');
      continue;
    }
    const scale = SCALES[word];
    const value = SMALL.includes(word) ? SMALL.indexOf(word) : 10 * TENS.indexOf(word);
    if (scale === undefined) {
      if (value >= last) return undefined;
      part += value;
      last = value < 20 ? 0 : 10;
    } else if (scale === 100) {
      part = (part || 1) * 100;
      last = 100;
    } else {
      whole += (part || 1) * scale;
      part = 0;
      last = scale;
    }
  }
  return String(whole + part);
}
