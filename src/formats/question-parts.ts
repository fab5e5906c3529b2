/**
 * Questions that datasets publish in parts: a passage or a story before the question (BoolQ, SQuAD, SVAMP, ASDiv), options behind it
 * (MMLU, ARC, CommonsenseQA, AQuA, MathQA). Without its parts such a question cannot be answered.
 */
import type { Gold } from './gold';

type Fields = Readonly<Record<string, unknown>>;

const STORIES = ['passage', 'context', 'body', 'Body', 'article'];
const OPTIONS = ['choices', 'options'];
const LABELLED = /^\(?([A-Z])\s*[).:]\s*/;
const MAX_OPTIONS = 26;

interface Options {
  letters: string[];
  texts: string[];
  /** As they are shown behind the question. */
  shown: string;
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.length > 1 &&
  value.length <= MAX_OPTIONS &&
  value.every((text) => typeof text === 'string');
const letterAt = (at: number): string => String.fromCharCode(65 + at);

/** MathQA has them in one text: `a ) 38 , b ) 27.675 , c ) 30`. */
function ofText(text: string): Options | undefined {
  const letters = [...text.matchAll(/(?:^|, ?)([a-z]) \) ?/g)].map((match) => (match[1] as string).toUpperCase());
  return letters.length < 2 ? undefined : { letters, texts: [text], shown: text };
}

function optionsOf(fields: Fields): Options | undefined {
  const found = OPTIONS.map((name) => fields[name]).find((value) => value != null);
  if (typeof found === 'string') return ofText(found);
  const { text, label } = (found ?? {}) as { text?: unknown; label?: unknown };
  const isByLetter =
    typeof found === 'object' && found !== null && Object.keys(found).every((key) => /^[A-Z]$/.test(key));
  const given = isTexts(text) ? text : isByLetter && !Array.isArray(found) ? Object.values(found) : found;
  if (!isTexts(given)) return undefined;
  const names = isTexts(text) ? label : isByLetter && !Array.isArray(found) ? Object.keys(found as object) : undefined;
  const texts = given.map((option) => option.replace(LABELLED, ''));
  const letters = isTexts(names) && names.length === texts.length ? names : texts.map((_, at) => letterAt(at));
  return { letters, texts, shown: texts.map((option, at) => `${letters[at]}) ${option}`).join('\n') };
}

/** The question with the parts that it does not hold itself. */
export function wholeQuestion(fields: Fields, question: unknown): unknown {
  if (typeof question !== 'string') return question;
  const story = STORIES.map((name) => fields[name]).find(
    (value) => typeof value === 'string' && value.trim() !== '',
  ) as string | undefined;
  const options = optionsOf(fields);
  const lacksStory = story !== undefined && !question.includes(story.trim());
  const lacksOptions = options !== undefined && options.texts.some((option) => !question.includes(option));
  return [lacksStory ? story.trim() : '', question, lacksOptions ? options.shown : ''].filter(Boolean).join('\n');
}

/** The label of a question with options: a position, as MMLU has it, and a small letter, as MathQA has it, become the letter. */
export function labelAmongOptions(fields: Fields, label: unknown): unknown {
  const options = optionsOf(fields);
  const given: unknown = label ?? fields.answerKey ?? (options && fields.correct);
  if (options === undefined) return given;
  if (typeof given === 'number' && !options.texts.includes(String(given)))
    return (options.letters[given] ?? given) as Gold;
  return typeof given === 'string' && /^[a-z]$/.test(given) ? given.toUpperCase() : given;
}
