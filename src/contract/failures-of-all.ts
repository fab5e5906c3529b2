/** Failures that do not depend on the question: every other question would fail the same way. */
import type { CallFailure } from './batch';

/** Types of failures.ts. They end a run of many questions; when it is started again, it asks the remaining questions. */
const OF_ALL = new Set([
  'ModelAuthentication',
  'ModelBlocked',
  'ModelNotFound',
  'ModelNotLoadable',
  'ConfigurationInvalid',
  'SearchAuthentication',
  'SandboxRefused',
]);

export function isFailureOfAll({ type }: Pick<CallFailure, 'type'>): boolean {
  return OF_ALL.has(type);
}
