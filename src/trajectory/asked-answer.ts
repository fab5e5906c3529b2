/**
 * What kind of answer a question asks for, and whether an answer is of that kind. Workflow code runs this, so it follows plain rules. They
 * speak only where the question is clear: anything else fits.
 */
import { isNumber, numbersOf } from './stated-answer';
import { asRounded } from './asked-rounding';

const NUMERIC = [
  'how (?:many|much|old|long|far|tall|deep|high|wide|fast|heavy|large|big|often)',
  'by how',
  'at what age',
  '(?:in )?(?:what|which) (?:percentage|fraction|year|age)',
  'what (?:is|was|are|were) (?:the )?(?:\\w+ ){0,2}(?:age|area|average|combined|depth|difference|distance|height|length|mean|number|percentage|population|product|ratio|size|sum|total|volume|weight|width|year)',
];
const ASKS_FOR_NUMBER = new RegExp(`\\b(?:${NUMERIC.join('|')})\\b`, 'i');
const ASKS_FOR_YEARS = /\b(?:how old|(?:at|what) (?:what )?age|(?:how )?many years)\b/i;
/** `How many times deeper is A than B?` */
const ASKS_FOR_RATIO = /\bhow many times\b|\bthe ratio of\b/i;
const VERB = '(?:is|are|was|were|do|does|did|can|could|has|have|had|will|would|should)';
const ASKS_YES_OR_NO = new RegExp(`^${VERB}\\b(?!.*\\bor\\b)(?!.*\\b(?:how|what|which|who|when|where)\\b)`, 'i');
/** `Is the function linear or nonlinear?` */
const EITHER = new RegExp(`^${VERB}\\b(.+?)(?:,)? or (?!not\\b)(.+?)\\s*\\?\\s*$`, 'i');
/** `Which is deeper, Lake A or the Lake B?`, `Which one has more people: A or B?` */
const CHOICE = /\b(?:which|who|what)\b[^,:]*[,:]\s*(.+?)(?:,)? or (.+?)\s*\?\s*$/i;

/** Characters; the rules take longer than linear time. */
const MAX_SENTENCE = 500;

/** Whether only a number can answer the question. */
export const asksForNumber = (question: string): boolean => ASKS_FOR_NUMBER.test(question);

/** Whether the question asks for an age or a time between two years. */
export const asksForYears = (question: string): boolean => ASKS_FOR_YEARS.test(question);

const asksYesOrNo = (question: string): boolean => ASKS_YES_OR_NO.test(lastSentence(question));

const COMPARES = /\bthan\b|\bas \w+ as\b|\bsame\b/i;

/** Whether the question asks for yes or no, and neither tells numbers nor compares: `Would Proust have owned a telephone?` */
export const asksForJudgement = (question: string): boolean =>
  asksYesOrNo(question) && !COMPARES.test(question) && !/\d/.test(question);

/** `Is it known who won?`, `By what Ada said, is it open?` */
const BEGINS_WITH_VERB = new RegExp(`(?:^|,\\s*)${VERB}\\b`, 'i');
const ASKS_FOR_THING = /\b(?:who|whom|whose|what|which|where|when|why|how)\b/i;

/** Whether the question asks who, what or where, and the answer is yes or no. `No one` is somebody. */
export const isTruthForThing = (question: string, answer: string): boolean =>
  /^(?:true|false|yes|no)(?:$|[.,;:!])/i.test(answer.trim()) &&
  ASKS_FOR_THING.test(lastSentence(question)) &&
  !BEGINS_WITH_VERB.test(lastSentence(question)) &&
  !/\b(?:yes|no|true|false|whether)\b/i.test(question);

/** The yes or no that a text begins with where the question asks for one: `No` of `No, he is a rapper.`, nothing of `No one knows.` */
export const truthAtStart = (question: string, text: string): string | undefined =>
  asksYesOrNo(question) ? /^[\s*"]*(yes|no)(?=[\s*"]*(?:[,.;:!\u2013\u2014-]|$))/i.exec(text)?.[1] : undefined;

/**
 * An answer as the question asks for it: yes or no for what a program prints as True or False, rounded as the question says.
 *
 * @param known numbers that were found
 * @returns undefined if the answer is of another kind: a number where two things are to be chosen from, a truth value for a number, a
 * difference for a ratio
 */
export function asAsked(question: string, answer: string, known: readonly number[] = []): string | undefined {
  const isTruth = /^(?:true|false|yes|no)\b/.test(bare(answer));
  const last = lastSentence(question);
  if (ASKS_YES_OR_NO.test(last))
    return isTruth ? answer.replace(/^true\.?$/i, 'yes').replace(/^false\.?$/i, 'no') : undefined;
  const options = optionsOf(last);
  if (options) return chosen(options, answer) ? answer : undefined;
  if (ASKS_FOR_RATIO.test(question) && isDifference(answer, known)) return undefined;
  return isTruth && asksForNumber(question) ? undefined : asRounded(question, answer);
}

/** Signs by which a number is a part of a formula. */
const FORMULA = /[\\^√π=*/+|{}[\]<>]/;
const IN_SENTENCE = /(?<![\w.,-])-?\d[\d,]*(?:\.\d+)?(?:\s?%|\s+\p{Ll}+(?=\.?$))?/gu;

/**
 * The number that a sentence states where a number is asked for: `19.68%` of `19.68% of the people of Ohio live in Utah.`; the text itself if it
 * states none or several. A number of the question is none.
 */
export function loneNumber(question: string, text: string): string {
  if (!asksForNumber(question) || isNumber(text) || text.length > MAX_SENTENCE || FORMULA.test(text)) return text;
  const told = numbersOf(question);
  const stated = [...text.trim().matchAll(IN_SENTENCE)].map(([number]) => number);
  const [lone, ...more] = stated.filter((number) => numbersOf(number).some((value) => !told.includes(value)));
  return lone === undefined || more.length > 0 ? text : lone;
}

/** Whether the answer is what two numbers differ by, and not how many times one is the other. */
function isDifference(answer: string, known: readonly number[]): boolean {
  const [value = NaN, ...more] = isNumber(answer) ? numbersOf(answer) : [];
  return (
    more.length === 0 &&
    known.some((one) => known.some((other) => one - other === Math.abs(value) && Math.abs(value * other) !== one))
  );
}

/** What stands before it tells things, and asks nothing. A longer one than people write is none. */
function lastSentence(text: string): string {
  const last =
    text
      .trim()
      .slice(-MAX_SENTENCE)
      .split(/(?<=[.?!])\s+|\n+/)
      .at(-1) ?? '';
  return last.length < MAX_SENTENCE ? last : '';
}

/** The things that a question names to choose one from. */
function optionsOf(question: string): string[] | undefined {
  const [, before = '', last = ''] = CHOICE.exec(question) ?? EITHER.exec(question) ?? [];
  const options = [...before.split(/,\s*/), last].map(bare).filter(Boolean);
  return options.length > 1 ? options : undefined;
}

/** Whether the answer names one option, and no other. */
function chosen(options: readonly string[], answer: string): boolean {
  const text = bare(answer);
  const named = options.filter((option) => has(text, option) || has(option, text));
  if (named.length === 1) return true;
  // Where no option is named in full, words are an answer in other words; a number or a truth value is not.
  return (
    named.length === 0 && !isNumber(answer) && !/^(?:true|false|yes|no)$/.test(text) && numbersOf(text).length === 0
  );
}

const has = (text: string, part: string) => part.length > 0 && ` ${text} `.includes(` ${part} `);

/** Without case, articles, marks and what LaTeX puts around words. */
const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\\(?:text|mathrm|mbox|textbf)\s*\{([^{}]*)\}/g, '$1')
    .replace(/[^\p{L}\p{N}.,-]+/gu, ' ')
    .replace(/^\s*(?:the|a|an) /, '')
    .replace(/[\s.,]+$/, '')
    .trim();
