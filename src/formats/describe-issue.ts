/** Describes what a schema found wrong to the person who wrote the file. */
import type { core } from 'zod';

/** @param whole name of the input itself, used when the problem has no path */
export function describeIssue(issue: core.$ZodIssue | undefined, whole: string): string {
  const message = issue?.message ?? 'is invalid';
  const isMissing = issue?.code === 'invalid_type' && message.endsWith('received undefined');
  return `${issue?.path.join('.') || whole}: ${isMissing ? 'missing' : message}`;
}
