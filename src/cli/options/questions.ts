/**
 * Reading questions: from the command line, from a file or from standard input.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { describeIssue } from '../../formats/describe-issue';
import type { Gold } from '../../scoring/metric';
import { ProgramError } from '../../process/program-error';

export interface Question {
  /** Position in the input, or the dataset's own index. */
  index: number;
  question: string;
  dataset?: string;
  /** The label, when the input carries one. */
  gold?: Gold;
}

const one = z.union([z.string(), z.number()]);
const label = z.union([one, z.boolean(), z.array(one)]);
const lineSchema = z.looseObject({
  question: z.string().refine((question) => question.trim() !== '', 'is empty'),
  index: z.number().int().min(0).optional(),
  dataset: z.string().optional(),
  answer: label.optional(),
  gold: label.optional(),
});

/** @param name a file, or `-` for standard input @throws ProgramError (2) naming the line at fault */
export function readQuestions(name: string): Question[] {
  const from = name === '-' ? 'standard input' : name;
  let content: string;
  try {
    content = readFileSync(name === '-' ? 0 : name, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') throw error;
    if (code === 'EISDIR') throw new ProgramError(`${name} is a folder, not a file.`, 2);
    throw new ProgramError(`${from} cannot be read: ${message}.`, 2);
  }
  const questions = parseQuestions(content, from);
  if (questions.length === 0) throw new ProgramError(`${from} holds no question.`, 2);
  return questions;
}

/**
 * JSONL (`{ question, answer?, index?, dataset? }` a line, or a JSON string) when `from` is so called or the first line is JSON, else one
 * question a line.
 */
export function parseQuestions(content: string, from: string): Question[] {
  const lines = content
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), number: index + 1 }))
    .filter(({ line }) => line !== '');
  const first = lines[0]?.line;
  if (first === undefined) return [];
  if (!/\.jsonl$/i.test(from) && !first.startsWith('{') && !/^"([^"\\]|\\.)*"$/.test(first))
    return lines.map(({ line }, index) => ({ index, question: line }));
  return lines.map(({ line, number }, index) => parseLine(line, index, `${from}, line ${number}`));
}

function parseLine(line: string, index: number, where: string): Question {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new ProgramError(
      `${where}: not JSON (${(error as Error).message}); expected {"question": "..."} on one line.`,
      2,
    );
  }
  const parsed = lineSchema.safeParse(typeof value === 'string' ? { question: value } : value);
  if (!parsed.success) {
    const problem = describeIssue(parsed.error.issues[0], 'the line');
    throw new ProgramError(`${where}: ${problem}; expected {"question": "..."}.`, 2);
  }
  const { question, dataset, answer, gold = answer } = parsed.data;
  return {
    index: parsed.data.index ?? index,
    question,
    ...(dataset === undefined ? {} : { dataset }),
    ...(gold === undefined ? {} : { gold }),
  };
}
