/** Checks a question before its solution is started. */
import { createFailure } from '../failures';
import { MAX_QUESTION_BYTES, payloadBytes } from '../trajectory/bound-trajectory';

/**
 * @param has beginning of the message about its length
 * @throws InputInvalid when the question is no text, empty or too long
 */
export function mustBeAsked(question: string, maxQuestionChars = 400_000, has = 'The question has'): void {
  if (typeof question !== 'string')
    throw createFailure(
      'InputInvalid',
      `The question must be text, not ${question === undefined ? 'undefined' : JSON.stringify(question)}.`,
    );
  if (question.trim() === '') throw createFailure('InputInvalid', 'The question is empty.');
  const tooLong = (size: string, limit: number) =>
    createFailure(
      'InputInvalid',
      `${has} ${size}; ${limit} are the limit. Put long material into the search index instead.`,
    );
  if (question.length > maxQuestionChars) throw tooLong(`${question.length} characters`, maxQuestionChars);
  const bytes = payloadBytes(question);
  if (bytes > MAX_QUESTION_BYTES) throw tooLong(`${bytes} bytes as JSON`, MAX_QUESTION_BYTES);
}
