/**
 * What a schema found wrong, in words for the person who wrote the file.
 *
 * @module
 */
import type { core } from 'zod';

/** @param whole what stands for the path of the input itself */
export function describeIssue(issue: core.$ZodIssue | undefined, whole: string): string {
  const message = issue?.message ?? 'is invalid';
  const isMissing = issue?.code === 'invalid_type' && message.endsWith('received undefined');
  return `${issue?.path.join('.') || whole}: ${isMissing ? 'missing' : message}`;
}
