/**
 * Datasets and predictions as JSONL: every line read or named, none dropped in silence.
 *
 * @module
 */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Gold } from './gold';

const goldSchema = z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]);
/** What is wrong with a field, in a reader's words. */
const problem =
  (expected: string) =>
  (issue: { input?: unknown }): string =>
    issue.input === undefined ? 'is missing' : `is not ${expected}`;

const indexSchema = z.union([z.number().int(), z.string()], { error: problem('a whole number or text') });

const questionSchema = z
  .looseObject({
    index: indexSchema,
    question: z.string().optional(),
    answer: goldSchema.optional(),
    gold: goldSchema.optional(),
  })
  .refine((line) => line.answer !== undefined || line.gold !== undefined, { message: 'has neither answer nor gold' });

const predictionSchema = z
  .looseObject({
    dataset: z.string().optional(),
    index: indexSchema.nullable().optional(),
    prediction: z.union([z.string(), z.number(), z.boolean(), z.null()], {
      error: problem('text, a number, true, false or null'),
    }),
    gold: goldSchema.nullable().optional(),
  })
  .refine((line) => line.gold != null || line.index != null, { message: 'has neither index nor gold' });

export type Index = number | string;

export interface Question {
  index: Index;
  question: string;
  answer: Gold;
}

export interface Prediction {
  /** Counted from 1. */
  line: number;
  dataset?: string;
  index: Index | null;
  prediction: string | null;
  /** The line's own gold answer; no dataset is needed then. */
  gold?: Gold;
}

export type ProblemKind = 'malformed' | 'duplicate' | 'unknown' | 'other dataset';

export interface LineProblem {
  kind: ProblemKind;
  /** Counted from 1. */
  line: number;
  message: string;
}

export interface ReadResult<T> {
  items: T[];
  problems: LineProblem[];
}

/** Longest line that is parsed, in characters. */
const MAX_LINE = 16 * 1024 * 1024;

async function readLines<T>(
  input: string | Readable,
  parse: (value: unknown, line: number) => T,
): Promise<ReadResult<T>> {
  const result: ReadResult<T> = { items: [], problems: [] };
  let line = 0;
  for await (const text of linesOf(typeof input === 'string' ? createReadStream(input) : input)) {
    line++;
    if (text?.trim() === '') continue;
    try {
      if (text === undefined) throw new Error('is longer than 16 MiB');
      result.items.push(parse(JSON.parse(text.replace(/^\ufeff/, '')), line));
    } catch (error) {
      result.problems.push({ kind: 'malformed', line, message: explain(error) });
    }
  }
  return result;
}

/**
 * Lines of a stream, without their line ends; undefined for one beyond {@link MAX_LINE}, which is never held. Only a line feed ends
 * a line: readline also splits at U+2028, which JSON allows within a text.
 */
async function* linesOf(stream: Readable): AsyncGenerator<string | undefined> {
  let parts: string[] = [];
  let length = 0;
  const line = (): string | undefined => (length > MAX_LINE ? undefined : parts.join('').replace(/\r$/, ''));
  const append = (text: string): void => {
    length += text.length;
    if (length > MAX_LINE) parts = [];
    else if (text !== '') parts.push(text);
  };
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const [first = '', ...rest] = chunk.split('\n');
    append(first);
    for (const next of rest) {
      yield line();
      [parts, length] = [[], 0];
      append(next);
    }
  }
  if (length > 0) yield line();
}

function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    if (issue?.code === 'invalid_type' && issue.path.length === 0) return 'is no JSON object';
    return `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is invalid'}`.trim();
  }
  if (error instanceof SyntaxError) return 'is no JSON object';
  return error instanceof Error ? error.message : String(error);
}

/**
 * Questions `{ index, question, answer }` of a file, in its order. A repeated index keeps its first question and is a problem.
 *
 * @throws Error of the file system where the file cannot be read
 */
export async function readQuestions(file: string | Readable): Promise<ReadResult<Question>> {
  const { items, problems } = await readLines(file, (value, line) => {
    const { index, question = '', answer, gold } = questionSchema.parse(value);
    return { line, index, question, answer: (answer ?? gold) as Gold };
  });
  const seen = new Map<Index, number>();
  const questions: Question[] = [];
  for (const { line, ...question } of items) {
    const first = seen.get(question.index);
    if (first !== undefined) {
      problems.push({ kind: 'duplicate', line, message: `index ${question.index} is already on line ${first}` });
      continue;
    }
    seen.set(question.index, line);
    questions.push(question);
  }
  return { items: questions, problems };
}

/**
 * Predictions `{ dataset, index, prediction }` of a file or stream, in their order; numbers and truth values become text.
 *
 * @throws Error of the file system where the file cannot be read
 */
export function readPredictions(input: string | Readable): Promise<ReadResult<Prediction>> {
  return readLines(input, (value, line) => {
    const { dataset, index = null, prediction, gold } = predictionSchema.parse(value);
    return {
      line,
      dataset,
      index,
      prediction: prediction === null ? null : String(prediction),
      ...(gold == null ? {} : { gold }),
    };
  });
}
