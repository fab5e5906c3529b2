/**
 * Questions that datasets publish in parts: a passage, a story or a table before the question (BoolQ, SQuAD, SVAMP, ASDiv, TabMWP, FinQA,
 * TAT-QA), options behind it (MMLU, ARC, CommonsenseQA, AQuA, MathQA, HellaSwag, PIQA, WinoGrande). Without its parts such a question
 * cannot be answered.
 */
import { isJsonObject } from '../trajectory/json-object';
import type { Gold } from './gold';

type Fields = Readonly<Record<string, unknown>>;

const STORIES = 'background situation passage context body Body article puzzle plot narrative para dialogue'.split(' ');
const OPTIONS = ['choices', 'options', 'endings'];
/** Options in fields of their own: `option1`, `answerA`, `ending0`, `opa`, `A`. */
const OPTION_FIELD = /^(?:[A-J]|(?:option|answer|choice|ending|sol|op)_?[a-jA-J\d])$/;
const RIGHT_FIELDS = ['Correct Answer', 'correct_answer'];
const WRONG_FIELD = /^(?:Incorrect Answer |distractor)\d$/;
/** Where a label among options stands, if not in a field that holds answers too. */
const LABELS = ['answerKey', 'correct', 'label', 'label_letter', 'cop', 'correct_option'];
const LABELLED = /^\(?([A-Z])\s*[).:]\s*/;
const MAX_OPTIONS = 26;

interface Options {
  letters: string[];
  texts: string[];
  /** As they are shown behind the question. */
  shown: string;
  /** The number of the first option where a label in digits counts them. */
  first: number;
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
  return letters.length < 2 ? undefined : { letters, texts: [text], shown: text, first: 0 };
}

const isShown = (texts: unknown, letters?: readonly string[], first = 0): Options | undefined => {
  if (!isTexts(texts)) return undefined;
  const plain = texts.map((option) => option.replace(LABELLED, ''));
  const names = letters?.length === texts.length ? letters : plain.map((_, at) => letterAt(at));
  return {
    letters: [...names],
    texts: plain,
    shown: plain.map((option, at) => `${names[at]}) ${option}`).join('\n'),
    first,
  };
};

/** Options that stand in fields of their own. Right and wrong ones apart (GPQA, SciQ) are shown in the order of the alphabet. */
function ofFields(fields: Fields): Options | undefined {
  const right = RIGHT_FIELDS.map((name) => fields[name]).find((value) => typeof value === 'string');
  const wrong = Object.keys(fields).filter((name) => WRONG_FIELD.test(name));
  if (right !== undefined && wrong.length > 0) return isShown([right, ...wrong.map((name) => fields[name])].sort());
  const named = Object.keys(fields)
    .filter((name) => OPTION_FIELD.test(name) && typeof fields[name] === 'string')
    .sort();
  return isShown(
    named.map((name) => fields[name]),
    undefined,
    named[0]?.endsWith('0') ? 0 : 1,
  );
}

function optionsOf(fields: Fields): Options | undefined {
  const list = OPTIONS.map((name) => fields[name]).find((value) => value != null);
  const { mc1_targets: told, answers, label: position = fields.correct_answer_id } = fields;
  if (isJsonObject(told)) return isTexts(told.choices) ? isShown([...told.choices].sort()) : undefined;
  if (list === undefined) return typeof position === 'number' && isTexts(answers) ? isShown(answers) : ofFields(fields);
  if (typeof list === 'string') return ofText(list);
  const isPairs = Array.isArray(list) && list.length > 0 && list.every(isJsonObject);
  const found = isPairs ? { text: list.map(({ text }) => text), label: list.map(({ label }) => label) } : list;
  if (Array.isArray(found)) return isShown(found);
  const { text, label } = found as { text?: unknown; label?: unknown };
  if (isTexts(text)) return isShown(text, isTexts(label) ? label : undefined);
  const names = Object.keys(found as object);
  return names.every((name) => /^[A-Z]$/.test(name)) ? isShown(Object.values(found as object), names) : undefined;
}

/** What is asked of options where a dataset leaves it unsaid: HellaSwag, PIQA, WinoGrande, COPA. */
const UNSAID: Record<string, string> = {
  ctx: 'Which of these comes next?',
  goal: 'Which of these is the right way?',
  sentence: 'Which of these belongs in the place of _?',
};
const OF_PREMISE: Record<string, string> = { cause: 'What was the cause?', effect: 'What happened as a result?' };

/** The question of a line that has options, but whose question has another name. */
export function questionOfOptions(fields: Fields): string | undefined {
  const { premise, question, query } = fields;
  if (optionsOf(fields) === undefined) return undefined;
  if (typeof premise === 'string' && typeof question === 'string' && OF_PREMISE[question])
    return `${premise}\n${OF_PREMISE[question]}`;
  const name = question === undefined ? Object.keys(UNSAID).find((key) => typeof fields[key] === 'string') : undefined;
  if (name !== undefined) return `${String(fields[name])}\n${UNSAID[name]}`;
  return typeof query === 'string' ? query : undefined;
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
  // ScienceQA's hint is what the question is about; elsewhere a hint gives the answer away.
  const stories = ['lecture' in fields ? fields.hint : '', ...STORIES.map((name) => fields[name])];
  const table = tableOf(fields);
  const around = (value: unknown): string[] => (table.length === 0 ? [] : sentences(value));
  const story = [
    ...stories.flatMap((story) =>
      typeof story === 'string' ? story : sentences(isJsonObject(story) ? story.contexts : story),
    ),
    ...around(fields.pre_text),
    ...around(fields.paragraphs),
    ...table,
    ...around(fields.post_text),
  ]
    .map((part) => part.trim())
    .filter((part) => part !== '' && !question.includes(part));
  const options = optionsOf(fields);
  const isUnsaid = Object.values(UNSAID).some((asked) => question.endsWith(asked));
  const lacksOptions =
    options !== undefined && (isUnsaid || options.texts.some((option) => !question.includes(option)));
  return [...story, question, lacksOptions ? options.shown : ''].filter(Boolean).join('\n');
}

function positionOf(label: unknown, { letters, texts, first }: Options): number {
  if (typeof label === 'number') return label in letters ? label : texts.indexOf(String(label));
  if (typeof label !== 'string') return -1;
  const [named, said] = [letters.indexOf(label.toUpperCase()), texts.indexOf(label)];
  return named >= 0 ? named : said >= 0 || !/^\d$/.test(label) ? said : Number(label) - first;
}

/**
 * The label of a question with options: its letter or its text, either of which is right. Of labels that are positions, a number counts from
 * 0 (MMLU, PIQA), and digits in a text count from 0 in a list (HellaSwag), from the first name in fields (WinoGrande, SocialIQA).
 */
export function labelAmongOptions(fields: Fields, label: unknown): unknown {
  const options = optionsOf(fields);
  if (options === undefined) return label ?? fields.answerKey;
  const { letters, texts } = options;
  const { mc1_targets: told } = fields;
  const right =
    isJsonObject(told) && Array.isArray(told.labels) ? (told.choices as unknown[])[told.labels.indexOf(1)] : undefined;
  const isList = OPTIONS.every((name) => fields[name] == null) && Array.isArray(fields.answers);
  const given =
    right ??
    (isList
      ? (fields.label ?? fields.correct_answer_id)
      : (label ?? LABELS.map((name) => fields[name]).find((value) => value != null)));
  const at = positionOf(given, options);
  const letter = letters[at];
  if (letter === undefined) return given;
  const text = texts.length === letters.length ? texts[at] : undefined;
  return text === undefined || (/^.?$/u.test(text) && !/\d/.test(text))
    ? letter
    : ({ anyOf: [letter, text] } satisfies Gold);
}
