/** The protocol between the sandbox and a child: one order, then one answer, each a line of JSON. */
import { z } from 'zod';
import { keptOutputSchema, showKept } from './kept-output';
import type { RunError, RunResult } from './sandbox';

export interface Order {
  code: string;
  timeoutMs: number;
  memoryMb: number;
  /** Characters kept of either end of each stream. */
  keepChars: number;
  /** Characters printed in all after which the program is ended. */
  outputChars: number;
  /** Random bytes in hexadecimal for generators that a snapshot would repeat. */
  entropy: string;
}

const LONGEST_TEXT = 20_000;

const answerSchema = z.strictObject({
  stdout: keptOutputSchema,
  stderr: keptOutputSchema,
  value: keptOutputSchema.optional(),
  error: z
    .strictObject({
      name: z.string().max(LONGEST_TEXT),
      message: z.string().max(LONGEST_TEXT),
      traceback: z.string().max(LONGEST_TEXT).optional(),
    })
    .optional(),
  limit: z.enum(['time', 'memory', 'output', 'crash']).optional(),
});

export type Answer = z.infer<typeof answerSchema>;

/** @returns undefined when the line is no answer, which only a broken child can cause */
export function parseAnswer(line: string): Answer | undefined {
  try {
    return answerSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The result of a child that answered. */
export function toResult(answer: Answer, maxOutputChars: number, durationMs: number): RunResult {
  const stdout = showKept(answer.stdout, maxOutputChars);
  const stderr = showKept(answer.stderr, maxOutputChars);
  const value = answer.value && answer.stdout.length === 0 ? showKept(answer.value, maxOutputChars) : undefined;
  const error = wellFormed(answer.error) ?? (answer.limit === undefined ? undefined : limitError(answer.limit));
  return {
    ok: answer.error === undefined && answer.limit === undefined,
    stdout: withoutControls(stdout.text),
    stderr: withoutControls(stderr.text),
    ...(value === undefined ? {} : { value: withoutControls(value.text) }),
    ...(error === undefined ? {} : { error }),
    ...(answer.limit === undefined ? {} : { limit: answer.limit }),
    durationMs,
    truncated: stdout.truncated || stderr.truncated || (value?.truncated ?? false),
  };
}

function wellFormed(error: Answer['error']): Answer['error'] {
  if (!error) return undefined;
  const { name, message, traceback } = error;
  const told = { name: name.toWellFormed(), message: message.toWellFormed() };
  return traceback === undefined ? told : { ...told, traceback: traceback.toWellFormed() };
}

/** Without halves of characters, colours of a terminal, and control characters but tabs and line ends: models cannot read them, and some stores refuse them. */
const withoutControls = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\u001b\[[\d;?]*[A-Za-z]|\u001b\][^\u0007]*\u0007|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');

/** The error of a program that a limit ended. */
export const limitError = (limit: NonNullable<RunResult['limit']>): RunError => LIMIT_ERRORS[limit];

const LIMIT_ERRORS: Record<NonNullable<RunResult['limit']>, RunError> = {
  time: { name: 'TimeLimit', message: 'The program ran out of time.' },
  memory: { name: 'MemoryLimit', message: 'The program ran out of memory.' },
  output: { name: 'OutputLimit', message: 'The program printed without end.' },
  crash: { name: 'Crash', message: 'The program crashed its process.' },
};

/** The result of a child that ended without an answer. */
export function endedResult(limit: NonNullable<RunResult['limit']>, durationMs: number): RunResult {
  return { ok: false, stdout: '', stderr: '', limit, error: limitError(limit), durationMs, truncated: false };
}
