/** Reads the label (gold answer) of a line. */
import { z } from 'zod';
import { isJsonObject } from '../trajectory/json-object';
import { boxedAnswer } from './boxes';

/** JSON's readers round larger whole numbers; see `exactIntegers` of json-lines.ts. */
const isRounded = (value: unknown): boolean =>
  typeof value === 'bigint' ||
  (typeof value === 'number' &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(String(value)));
const holdsRounded = (value: unknown): boolean =>
  isJsonObject(value) ? holdsRounded(value.anyOf) : Array.isArray(value) ? value.some(holdsRounded) : isRounded(value);
const ROUNDED =
  'a whole number beyond 9007199254740991 would be rounded; write it as a text, in quotes: "9007199254740993"';

const one = z.union([z.string(), z.number()]);
const single = z.union([one, z.boolean(), z.array(one).readonly()]);

/** A gold answer as datasets hold it: text, a number, true or false, or a list of these; or several, each of which is accepted. */
export const storedGoldSchema = z.union([single, z.object({ anyOf: z.array(single).min(1).readonly() })], {
  error: ({ input }) => (holdsRounded(input) ? ROUNDED : undefined),
});
/** The same in a file that a person brings, where no number may have been rounded. */
export const goldSchema = storedGoldSchema.refine((gold) => !holdsRounded(gold), ROUNDED);
export type Gold = z.infer<typeof storedGoldSchema>;
/** One accepted answer; a list means all of its elements. */
export type OneGold = z.infer<typeof single>;

/** The answers that are accepted; the first is the one to show. */
export function acceptedOf(gold: Gold): readonly OneGold[] {
  return isAnyOf(gold) ? gold.anyOf : [gold];
}

const isAnyOf = (gold: Gold): gold is Exclude<Gold, OneGold> => typeof gold === 'object' && 'anyOf' in gold;

/** The text of a gold answer, lists and alternatives joined as a person would write them. */
export function goldText(gold: Gold): string {
  if (isAnyOf(gold)) return gold.anyOf.map(goldText).join(' or ');
  if (typeof gold === 'object') return gold.map(String).join(', ');
  if (typeof gold === 'boolean') return gold ? 'yes' : 'no';
  return String(gold);
}

/** Longest field `solution` that counts as an answer unchanged. */
const SHORT = 200;

/** What was expected, where `answer` or another field beside it may be a model's (Ragas, DeepEval, OpenMathInstruct). */
const EXPECTED = ['ground_truth', 'expected_answer', 'expected_output', 'expected_response'];
const NAMES = [
  'gold',
  ...EXPECTED,
  ...`answer target Answer final_answer answer_number exe_ans correct_answer output_answer final_ans
    final_decision golden`.split(/\s+/),
];
/** Fields that hold labels, in order of preference; a worked solution comes last. */
export const LABEL_NAMES = [...NAMES, 'best_answer', 'Final answer', 'Correct Answer', 'solution'];

/**
 * The label of a line: the first of the fields `gold`, `answer`, `target`, `Answer`, some longer names, `solution`. Two published datasets hold a worked solution that
 * ends in the label: GSM8K's `answer` after `#### `, MATH's `solution` in its last boxes. Any other `solution` is a label only if it is
 * one short line. Other datasets hold several answers, each of which is accepted: see {@link severalAnswers}.
 *
 * @returns undefined where there is none
 */
export function labelOf(line: Readonly<Record<string, unknown>>): unknown {
  const name = LABEL_NAMES.find((field) => {
    const value = line[field];
    return value !== undefined && value !== null && value !== '' && !(field === 'solution' && Array.isArray(value));
  });
  if (name === 'gold') return line.gold;
  const several = name !== undefined && EXPECTED.includes(name) ? undefined : severalAnswers(line);
  if (several !== undefined || name === undefined) return several;
  const value = line[name];
  const scaled = withScale(value, line.scale);
  if (scaled !== undefined) return scaled;
  if (typeof value !== 'string') return value;
  const worked = hashedAnswer(value);
  if (worked !== undefined || name !== 'solution') return worked ?? value;
  const boxed = boxedAnswer(value);
  if (boxed) return boxed.together ?? boxed.last;
  return value.length <= SHORT && !value.trim().includes('\n') ? value : undefined;
}

/** TAT-QA keeps `12.6 million` as 12.6 and its scale; either is right. Undefined for any other label. */
function withScale(value: unknown, scale: unknown): unknown {
  if (typeof scale !== 'string' || !/^(?:percent|thousand|million|billion)$/.test(scale)) return undefined;
  const whole = Array.isArray(value) ? value.map((part) => `${part} ${scale}`) : `${String(value)} ${scale}`;
  return { anyOf: [whole, value] };
}

/** The last line of a worked solution as GSM8K ends it: `18` of `#### 18`. */
export function hashedAnswer(solution: string): string | undefined {
  return /(?:^|\n)\s*####\s*([^\n]+?)\s*$/.exec(solution)?.[1];
}

/**
 * Answers of which each is accepted: `answers` as a list (DPR) or with `text` (SQuAD), `correct_answers` (TruthfulQA), `possible_answers`
 * (PopQA, a list written as text), `answer` with aliases (TriviaQA, MuSiQue), and
 * `answers_spans` of DROP, whose numbers and dates are what several people answered, while its spans are parts of one answer.
 */
function severalAnswers(line: Readonly<Record<string, unknown>>): unknown {
  const { answers, answers_spans: drop, answer_aliases: aliases = line.alt_ans } = line;
  const answer = line.answer ?? line.Answer;
  if (isJsonObject(answer)) {
    const { value = answer.Value, aliases = answer.Aliases, number, spans, date } = answer;
    // DROP and NumGLUE as first published: a number, a date or spans, the others of which are empty.
    if (Array.isArray(spans)) {
      const { day, month, year } = isJsonObject(date) ? date : {};
      const written = [day, month, year].filter(Boolean).join(' ');
      return number ? number : spans.length > 0 ? (spans.length > 1 ? spans : spans[0]) : written || undefined;
    }
    return anyOf([value, ...listed(aliases)]);
  }
  if (Array.isArray(aliases) && typeof answer === 'string') return anyOf([answer, ...listed(aliases)]);
  if (answer !== undefined) return undefined;
  if (isJsonObject(drop)) {
    const types = listed(drop.types);
    const isPart = (_: unknown, at: number) => types[at] === 'span';
    const parts = distinct(listed(drop.spans).filter(isPart));
    const others = listed(drop.spans).filter((span, at) => !isPart(span, at));
    return anyOf([...others, ...(parts.length > 1 ? [parts] : parts)]);
  }
  const accepted = answers ?? line.correct_answers ?? line.possible_answers ?? line.ground_truths;
  if (isUnanswerable(line)) return { anyOf: NO_ANSWER };
  const texts = listed(isJsonObject(accepted) ? accepted.text : accepted);
  return anyOf(texts.map((text) => (isJsonObject(text) ? text.text : text)));
}

/** What is right where a text has no answer (SQuAD 2.0); the first is the one to show. */
const NO_ANSWER = [
  'unanswerable',
  'not answerable',
  'no answer',
  'unknown',
  'cannot be answered',
  'cannot be determined',
];

function isUnanswerable({ answers, is_impossible: impossible }: Readonly<Record<string, unknown>>): boolean {
  const texts = isJsonObject(answers) ? answers.text : impossible === true ? answers : undefined;
  return Array.isArray(texts) && texts.length === 0;
}

function listed(value: unknown): unknown[] {
  if (typeof value !== 'string' || !value.startsWith('[')) return Array.isArray(value) ? value : [];
  try {
    return listed(JSON.parse(value));
  } catch {
    return [];
  }
}
const distinct = (values: readonly unknown[]): unknown[] => [...new Set(values)];

function anyOf(values: readonly unknown[]): unknown {
  const given = distinct(values.filter((value) => value !== undefined && value !== null && value !== ''));
  return given.length > 1 ? { anyOf: given } : given[0];
}
