/** The options of `husky solve` as values. */
import { randomBytes } from 'node:crypto';
import type { SessionFlags } from './command-config';
import { oneOf } from './option-values';
import type { SolutionWishes } from '../../contract/profile';
import type { StartOptions } from '../../husky-client';
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

/** What a solution is started with. @throws ProgramError naming a tool that does not exist */
export function wishesOf(flags: SolveFlags): Pick<StartOptions, keyof SolutionWishes | 'again'> {
  const { maxSteps, maxTokens, maxMoney, deadline, tools, approve, samples, again } = flags;
  const limits = { maxSteps, maxTokens, money: maxMoney, deadlineMs: deadline };
  return { limits, builtInTools: builtInToolsOf(tools), approval: approve, samples, again };
}

/** @throws ProgramError naming a tool that does not exist */
export function builtInToolsOf(tools: string[] | undefined): string[] | undefined {
  return tools?.map((name) => oneOf(BUILT_IN_TOOLS, 'built-in tool', name));
}

/** A workflow id that is short enough to be typed. */
export function newId(): string {
  return `husky-${randomBytes(5).toString('hex')}`;
}
