/**
 * Questions that datasets publish in parts: a passage, a story or a table before the question (BoolQ, SQuAD, SVAMP, ASDiv, TabMWP, FinQA,
 * TAT-QA), options behind it (MMLU, ARC, CommonsenseQA, AQuA, MathQA). Without its parts such a question cannot be answered.
 */
import { isJsonObject } from '../trajectory/json-object';
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
  const list = OPTIONS.map((name) => fields[name]).find((value) => value != null);
  const isPairs = Array.isArray(list) && list.length > 0 && list.every(isJsonObject);
  const found = isPairs ? { text: list.map(({ text }) => text), label: list.map(({ label }) => label) } : list;
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

/** A table as lines of cells: text (TabMWP), rows (FinQA), or an object with rows (TAT-QA, WikiTableQuestions). */
function tableOf({ table, table_title: title }: Fields): string[] {
  const rows = isJsonObject(table)
    ? (table.table ?? [table.header, ...((table.rows as unknown[] | undefined) ?? [])])
    : table;
  const isRows = Array.isArray(rows) && rows.every((row) => Array.isArray(row));
  const text = isRows ? rows.map((row) => (row as unknown[]).join(' | ')).join('\n') : rows;
  return typeof text !== 'string' ? [] : typeof title === 'string' ? [title, text] : [text];
}

/** The sentences around a table: texts, or objects with a text. */
const sentences = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [])
    .map((part: unknown) => (isJsonObject(part) ? part.text : part))
    .filter((text) => typeof text === 'string');

/** The question with the parts that it does not hold itself. */
export function wholeQuestion(fields: Fields, question: unknown): unknown {
  if (typeof question !== 'string') return question;
  const text = STORIES.map((name) => fields[name]).find((value) => typeof value === 'string') as string | undefined;
  const table = tableOf(fields);
  const around = (value: unknown): string[] => (table.length === 0 ? [] : sentences(value));
  const story = [
    text ?? '',
    ...around(fields.pre_text),
    ...around(fields.paragraphs),
    ...table,
    ...around(fields.post_text),
  ]
    .map((part) => part.trim())
    .filter((part) => part !== '' && !question.includes(part));
  const options = optionsOf(fields);
  const lacksOptions = options !== undefined && options.texts.some((option) => !question.includes(option));
  return [...story, question, lacksOptions ? options.shown : ''].filter(Boolean).join('\n');
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
