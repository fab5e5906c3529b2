/** The options of `husky solve` as values. */
import { randomBytes } from 'node:crypto';
import type { SessionFlags } from './command-config';
import { oneOf } from './option-values';
import type { Limits } from '../../contract/profile';
import { BUILT_IN_TOOLS } from '../../trajectory/step';

/** What is shown of one solution. */
export interface FollowFlags extends SessionFlags {
  /** Prints the Solution as JSON on standard output. */
  json?: boolean;
  /** Shows what a model writes while it writes it. */
  tokens?: boolean;
}

export interface SolveFlags extends FollowFlags {
  file?: string;
  maxSteps?: number;
  maxTokens?: number;
  maxMoney?: number;
  tools?: string[];
  /** Rules and tools whose steps wait for a person. */
  approve?: string[];
  /** Solutions of each question that vote on its answer. */
  samples?: number;
  /** Milliseconds. */
  deadline?: number;
  inFlight: number;
  perWorkflow?: number;
  id?: string;
  again?: boolean;
}

export function limitsOf({ maxSteps, maxTokens, maxMoney, deadline }: SolveFlags): Partial<Limits> {
  return { maxSteps, maxTokens, money: maxMoney, deadlineMs: deadline };
}

/** @throws ProgramError naming a tool that does not exist */
export function builtInToolsOf(tools: string[] | undefined): string[] | undefined {
  return tools?.map((name) => oneOf(BUILT_IN_TOOLS, 'built-in tool', name));
}

/** A workflow id that is short enough to be typed. */
export function newId(): string {
  return `husky-${randomBytes(5).toString('hex')}`;
}
