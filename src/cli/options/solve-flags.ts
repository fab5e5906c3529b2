/**
 * The options of `husky solve` as values.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';
import type { SessionFlags } from './command-config';
import type { Limits } from '../../contract/profile';

export interface SolveFlags extends SessionFlags {
  file?: string;
  json?: boolean;
  maxSteps?: number;
  maxTokens?: number;
  /** Milliseconds. */
  deadline?: number;
  inFlight: number;
  perWorkflow?: number;
  id?: string;
  again?: boolean;
}

export function limitsOf({ maxSteps, maxTokens, deadline }: SolveFlags): Partial<Limits> {
  return {
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(deadline === undefined ? {} : { deadlineMs: deadline }),
  };
}

/** A workflow id that is short enough to be typed. */
export function newId(): string {
  return `husky-${randomBytes(5).toString('hex')}`;
}
