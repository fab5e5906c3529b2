/**
 * What the loop asks for: one function per activity, whoever carries it out.
 *
 * @module
 */
import type {
  ExecuteCodeInput,
  ExecuteCodeResult,
  GenerateArgumentsInput,
  GenerateArgumentsResult,
  GenerateCodeInput,
  GenerateCodeResult,
  GenerateQueryInput,
  GenerateQueryResult,
  PredictActionInput,
  PredictActionResult,
  ReasonInput,
  RewriteResultInput,
  SearchInput,
  SearchResultText,
  TextResult,
} from '../contract/payloads';
import type { Hint, ProposedStep } from '../contract/people';
import type { CustomTool, CustomToolInput, TypedToolInput } from '../contract/profile';
import type { Decision } from '../trajectory/step';

/** @param summary one line for people, e.g. `[search] Find the area of Texas.` */
export type Call<Input, Result> = (input: Input, summary: string) => Promise<Result>;

/** People who look after a solution. */
export interface People {
  /** Before each action: waits while the solution is paused. @returns undefined when it is not */
  pause(): Promise<void> | undefined;
  /** Hints that came since the last action, oldest first. */
  hints(): readonly Hint[];
  /** Waits until somebody has decided, for days if need be. */
  decide(proposed: ProposedStep): Promise<Verdict>;
}

/** A decision, and what it puts in the place of what was proposed. */
export interface Verdict {
  decision: Decision;
  answer?: string;
  edit?: { tool?: string; step?: string; code?: string };
}

/** In a workflow these are activities; in the `advance` activity they run at once and are recorded in its journal. */
export interface Calls {
  predictAction: Call<PredictActionInput, PredictActionResult>;
  generateCode: Call<GenerateCodeInput, GenerateCodeResult>;
  executeCode: Call<ExecuteCodeInput, ExecuteCodeResult>;
  generateQuery: Call<GenerateQueryInput, GenerateQueryResult>;
  search: Call<SearchInput, SearchResultText>;
  rewriteResult: Call<RewriteResultInput, TextResult>;
  reasonMath: Call<ReasonInput, TextResult>;
  reasonCommonsense: Call<ReasonInput, TextResult>;
  generateArguments: Call<GenerateArgumentsInput, GenerateArgumentsResult>;
  custom(tool: CustomTool, input: CustomToolInput | TypedToolInput): Promise<CustomOutcome>;
  /**
   * The calls of a step that is carried out beside others, named by its position in the solution. Absent where it does not matter which
   * step a call is of.
   */
  beside?(index: number): Calls;
  /** Absent where nobody can be asked: a step that waits for a person is then handed over to the caller. */
  people?: People;
}

/**
 * How the call of a user's own tool ended: `returned` is whatever its activity returned; `rejected`: the tool says that these arguments
 * will not do, and why; `failed`: it failed, and its retries with it.
 */
export type CustomOutcome = { returned: unknown } | { rejected: string } | { failed: string };
