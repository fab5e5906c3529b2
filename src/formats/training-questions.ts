/**
 * Datasets of questions: JSON lines of `{ index, question, answer }`.
 *
 * @module
 */
import { z } from 'zod';
import { basename } from 'node:path';
import { stat } from 'node:fs/promises';
import { describeIssue } from './describe-issue';
import { createFailure } from '../failures';
import { readLines } from '../files/line-reader';

export interface DatasetQuestion {
  index: number;
  question: string;
  /** Absent where the file has none. */
  answer?: string;
}

const lineSchema = z.object({
  index: z.int(),
  question: z.string().trim().min(1),
  answer: z.union([z.string(), z.number(), z.boolean()]).nullish(),
});

/** A question and the byte after its line. */
export interface PlacedQuestion {
  question: DatasetQuestion;
  next: number;
}

/**
 * @param from byte at which to begin, from an earlier {@link PlacedQuestion}
 * @throws InputInvalid at the first line that is not a question, with its number (counted from `from`)
 */
export async function* readDataset(path: string, from = 0): AsyncGenerator<PlacedQuestion> {
  if (!(await stat(path).catch(() => undefined)))
    throw createFailure('InputInvalid', `No dataset at ${path}: no such file.`);
  for await (const { text, number, next } of readLines(path, from)) {
    yield { question: parseQuestion(text, `${basename(path)} line ${number}`), next };
  }
}

/**
 * Reads the whole file once, for its mistakes.
 *
 * @throws InputInvalid for a malformed line, an index that occurs twice, or labels that are absent
 */
export async function checkDataset(path: string): Promise<{ questions: number }> {
  const seen = new Map<number, number>();
  let line = 0;
  let unlabelled = 0;
  for await (const { question } of readDataset(path)) {
    line += 1;
    const before = seen.get(question.index);
    if (before !== undefined)
      throw createFailure(
        'InputInvalid',
        `${basename(path)}: index ${question.index} occurs twice (questions ${before} and ${line}); indexes must be unique.`,
      );
    seen.set(question.index, line);
    if (question.answer === undefined) unlabelled += 1;
  }
  if (line === 0) throw createFailure('InputInvalid', `${basename(path)} holds no question.`);
  if (unlabelled > 0)
    throw createFailure(
      'InputInvalid',
      `${basename(path)}: ${unlabelled} of ${line} questions have no answer; without labels no trajectory can be kept.`,
    );
  return { questions: line };
}

function parseQuestion(text: string, place: string): DatasetQuestion {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw createFailure('InputInvalid', `${place} is not JSON (${(error as Error).message}).`);
  }
  const result = lineSchema.safeParse(value);
  if (!result.success) {
    throw createFailure(
      'InputInvalid',
      `${place} is not a question: ${describeIssue(result.error.issues[0], 'the line')}.`,
    );
  }
  const { index, question, answer } = result.data;
  return {
    index,
    question,
    ...(answer === undefined || answer === null || answer === '' ? {} : { answer: String(answer) }),
  };
}
