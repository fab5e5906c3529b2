/**
 * Reads questions, with or without labels: JSON lines of `{ index, question, answer, dataset }`. Published datasets can be read unchanged;
 * docs/formats.md lists the other field names.
 */
import { z } from 'zod';
import { createFailure } from '../failures';
import { nameOf, readLines, type LineSource } from '../files/line-reader';
import { labelAmongOptions, questionOfOptions, wholeQuestion } from './question-parts';
import { isJsonObject } from '../trajectory/json-object';
import type { QuestionIndex } from '../trajectory/trajectory';
import { columnsAdvice, fieldAdvice } from './field-advice';
import { goldSchema, labelOf, type Gold } from './gold';
import { namedErrors, readJsonLines, type JsonLinesOptions } from './json-lines';

export const indexSchema = z.union([z.int(), z.string().min(1).max(200)], {
  error: 'is not a whole number or a text of 1 to 200 characters',
});

export interface Question {
  /** The dataset's own index, or the position among the file's questions, from 0. */
  index: QuestionIndex;
  question: string;
  dataset?: string;
  /** The label, if the file has one. */
  gold?: Gold;
}
export type LabelledQuestion = Question & { gold: Gold };

/** Field names that published datasets use, in order of preference. */
const INDEX_NAMES = ['index', 'id', '_id', 'qid', 'idx', 'unique_id'];
const QUESTION_NAMES =
  'question problem Question Problem question_stem stem problem_text user_input Prompt query'.split(' ');

const fieldsSchema = z.object({
  index: indexSchema.optional(),
  question: z.string().refine((question) => question.trim() !== '', 'is empty'),
  dataset: z.string().optional(),
  gold: goldSchema.optional(),
});

/** What LangSmith and MLflow export: `{inputs: {question}, outputs: {answer}}`; a single text of each is the question and its label. */
function pairOf(given: Record<string, unknown>): Record<string, unknown> | undefined {
  const { inputs } = given;
  const outputs = [given.outputs, given.reference_outputs, given.expectations].find(isJsonObject);
  if (!isJsonObject(inputs) || outputs === undefined) return undefined;
  const only = (fields: Record<string, unknown>) => {
    const [value, ...others] = Object.values(fields);
    return others.length === 0 && typeof value === 'string' ? value : undefined;
  };
  const [question, answer] = [only(inputs), only(outputs)];
  return { ...given, ...(question && { question }), ...(answer && { answer }), ...inputs, ...outputs };
}

/** A line: an object, or the question alone as a JSON text. */
const questionSchema = (needs: ReadQuestionsOptions['needs']) =>
  z.preprocess((line, context) => {
    if (typeof line !== 'string' && (typeof line !== 'object' || line === null || Array.isArray(line))) return line;
    const given = (typeof line === 'string' ? { question: line } : line) as Record<string, unknown>;
    const columns = columnsAdvice(given);
    if (columns !== undefined) {
      context.addIssue({ code: 'custom', message: columns });
      return z.NEVER;
    }
    // FinQA has the question and its answer in an object, NarrativeQA its text, CommonsenseQA and ARC as first published its stem and
    // choices, the hub's viewer a row, lm-evaluation-harness a document.
    const inner = [given.qa, given.question, given.row, given.doc].find(isJsonObject);
    const fields = inner === undefined ? (pairOf(given) ?? given) : { ...given, question: inner.text, ...inner };
    const first = (names: readonly string[]) => names.map((name) => fields[name]).find((value) => value != null);
    const dataset = typeof fields.dataset === 'string' ? fields.dataset : undefined;
    // BIG-bench, PAL and GSM-Hard: `{input, target}`; Lila: `{input, output_answer}`; DeepEval, LongBench.
    const isPair =
      (fields.target ?? fields.output_answer ?? fields.expected_output ?? fields.answers) !== undefined &&
      typeof fields.input === 'string' &&
      !('instruction' in fields);
    const own = questionOfOptions(fields) ?? first(isPair ? [...QUESTION_NAMES, 'input'] : QUESTION_NAMES);
    const asked = wholeQuestion(fields, own);
    const question = asked ?? (needs === 'gold only' ? '-' : undefined);
    const gold = labelAmongOptions(fields, labelOf(fields));
    const lacksLabel = needs !== undefined && gold === undefined;
    if (question === undefined) {
      const advice = fieldAdvice(fields, lacksLabel ? ['question', 'answer'] : ['question']);
      context.addIssue({ code: 'custom', path: ['question'], message: `missing${advice}` });
    } else if (lacksLabel) {
      const advice = fieldAdvice(fields, ['answer']);
      context.addIssue({
        code: 'custom',
        message: `it has no label (gold, answer, target, or a solution with \\boxed{})${advice}`,
      });
    }
    return { index: first(INDEX_NAMES), question, dataset, gold };
  }, fieldsSchema);

export interface ReadQuestionsOptions extends JsonLinesOptions {
  /** `gold`: each line needs a label. `gold only`: a label but no question. @default only a question is needed */
  needs?: 'gold' | 'gold only';
}

export interface PlacedQuestion {
  question: Question;
  line: number;
  /** The byte after the question's line. */
  next: number;
}

/**
 * Reads the questions of a file one by one, in constant memory.
 *
 * @throws InputInvalid naming file and line
 */
export async function* readQuestionLines(
  source: LineSource,
  { needs, ...options }: ReadQuestionsOptions = {},
): AsyncGenerator<PlacedQuestion> {
  const schema = questionSchema(needs);
  let before: number | undefined;
  let read = 0;
  // A line that cannot be read keeps its place: the questions behind it must not move up.
  const onProblem: JsonLinesOptions['onProblem'] =
    options.onProblem &&
    ((problem) => {
      read += 1;
      options.onProblem?.(problem);
    });
  for await (const { value, line, next } of readJsonLines(source, 'a question', schema, {
    ...options,
    onProblem,
    exactIntegers: true,
  })) {
    if (value.index === undefined) before ??= await questionsBefore(source, options.from);
    const index = value.index ?? (before ?? 0) + read;
    read += 1;
    yield { question: { ...defined(value), index }, line, next };
  }
}

/**
 * Reads the questions of a file one by one; remembers only their indexes.
 *
 * @throws InputInvalid naming file and line, also of an index that occurs twice, or when there is no question
 */
async function* readUniqueQuestions(source: LineSource, options: ReadQuestionsOptions = {}): AsyncGenerator<Question> {
  const name = nameOf(source);
  const lines = new Map<string, number>();
  for await (const { question, line } of readQuestionLines(source, options)) {
    const first = lines.get(String(question.index));
    if (first === undefined) {
      lines.set(String(question.index), line);
      yield question;
    } else {
      const message = `has index ${question.index}, which is that of line ${first} too; number the lines with: jq -c 'del(.index, .id)' FILE > NEW`;
      if (!options.onProblem) throw createFailure('InputInvalid', `${name} line ${line} ${message}.`);
      options.onProblem({ kind: 'duplicate', line, message });
    }
  }
  if (lines.size === 0 && !options.onProblem && !options.torn)
    throw createFailure('InputInvalid', `${name} holds no question.`);
}

/** All questions, in the file's order. @throws what {@link readUniqueQuestions} throws */
export async function readQuestions(
  source: LineSource,
  options: ReadQuestionsOptions & { needs: 'gold' | 'gold only' },
): Promise<LabelledQuestion[]>;
export async function readQuestions(source: LineSource, options?: ReadQuestionsOptions): Promise<Question[]>;
export async function readQuestions(source: LineSource, options?: ReadQuestionsOptions): Promise<Question[]> {
  const questions: Question[] = [];
  for await (const question of readUniqueQuestions(source, options)) questions.push(question);
  return questions;
}

/** Checks a file of labelled questions. @throws what {@link readUniqueQuestions} throws */
export async function countQuestions(source: LineSource): Promise<number> {
  let count = 0;
  for await (const _ of readUniqueQuestions(source, { needs: 'gold' })) count += 1;
  return count;
}

/**
 * Reads questions that a person wrote: JSON lines, or one question a line if the first line is no JSON and the file's name does not end
 * like one of JSON lines.
 */
export async function readAnyQuestions(source: LineSource): Promise<Question[]> {
  const name = nameOf(source);
  const read = namedErrors(name, readLines(source));
  const first = await read.next();
  if (first.done) throw createFailure('InputInvalid', `${name} holds no question.`);
  const lines = (async function* () {
    yield first.value;
    yield* read;
  })();
  // A table's rows are no questions; read as JSON lines they end in advice.
  const isJson = /\.(jsonl|ndjson|csv|tsv)$/i.test(name) || /^(\{|\[|"([^"\\]|\\.)*"$)/.test(first.value.text);
  if (isJson) return readQuestions({ name, lines });
  const questions: Question[] = [];
  for await (const { text, number, fault } of lines) {
    if (fault) throw createFailure('InputInvalid', `${name} line ${number} ${fault}.`);
    questions.push({ index: questions.length, question: text });
  }
  return questions;
}

async function questionsBefore(source: LineSource, from = 0): Promise<number> {
  let count = 0;
  if (from > 0) for await (const _ of readLines(source, { to: from })) count += 1;
  return count;
}

/** Removes undefined fields, so that a question equals its JSON. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
