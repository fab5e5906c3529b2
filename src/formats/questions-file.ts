/**
 * Questions with their gold answers: JSON lines of `{ index, question, answer }`.
 *
 * @module
 */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { describeIssue } from './describe-issue';
import { createFailure } from '../failures';
import type { Gold } from './gold';

const lineSchema = z.object({
  index: z.number().int(),
  question: z.string().trim().min(1, 'the question is empty'),
  answer: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]),
});

export interface LabelledQuestion {
  index: number;
  question: string;
  answer: Gold;
}

/** @throws InputInvalid for an absent file, a malformed line or a repeated index, with line numbers */
export async function readQuestions(file: string): Promise<LabelledQuestion[]> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw createFailure('InputInvalid', `The dataset ${file} cannot be read (${cause.message}).`);
  });
  const questions: LabelledQuestion[] = [];
  const lines = new Map<number, number>();
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const at = `${file} line ${i + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      throw createFailure('InputInvalid', `${at} is not JSON.`);
    }
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success)
      throw createFailure('InputInvalid', `${at}: ${describeIssue(parsed.error.issues[0], 'the line')}.`);
    const before = lines.get(parsed.data.index);
    if (before) throw createFailure('InputInvalid', `${at}: index ${parsed.data.index} is that of line ${before} too.`);
    lines.set(parsed.data.index, i + 1);
    questions.push(parsed.data);
  }
  if (questions.length === 0) throw createFailure('InputInvalid', `The dataset ${file} holds no question.`);
  return questions;
}
