/**
 * Failures that say nothing of the question at hand: every other one would meet them, too.
 *
 * @module
 */
import type { CallFailure } from './batch';

/** Types of failures.ts. A run of many questions ends with them, and asks the rest when it is begun again. */
const OF_ALL = new Set([
  'ModelAuthentication',
  'ModelNotFound',
  'ConfigurationInvalid',
  'SearchAuthentication',
  'SandboxRefused',
]);

export function isFailureOfAll({ type }: Pick<CallFailure, 'type'>): boolean {
  return OF_ALL.has(type);
}
