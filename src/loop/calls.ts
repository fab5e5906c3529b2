/** What the loop asks for: one function for each activity. The caller decides how it is carried out. */
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

/** How the loop asks the people who watch over a solution. */
export interface People {
  /** Asked before each action. @returns a promise that resolves when the pause is over; undefined if there is none */
  pause(): Promise<void> | undefined;
  /** Takes the hints that came since the last action, oldest first. */
  hints(): readonly Hint[];
  /** Resolves when somebody has decided, which may take days. */
  decide(proposed: ProposedStep): Promise<Verdict>;
  /** Whether people are shown the arguments of a tool before it is called. Histories of earlier versions asked about its step alone. */
  seesArguments(): boolean;
}

/** What a model wrote for a step, before it is carried out: the program, or the arguments of a tool. */
export type Made = Pick<ProposedStep, 'code' | 'arguments'>;

/** A decision, with the answer or the change that came with it. */
export interface Verdict {
  decision: Decision;
  answer?: string;
  edit?: { tool?: string; step?: string } & Made;
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
   * The calls of one of several steps that run at the same time. Journal and log have to know which step a call belongs to.
   *
   * @param index position of the step in the solution
   */
  beside?(index: number): Calls;
  /** Absent in an activity, which cannot wait for people. The loop then hands a step that has to wait over to its caller. */
  people?: People;
}

/**
 * How the call of a user's own tool ended. `returned` holds what its activity returned. `rejected` says why the tool does not accept the
 * arguments. `failed` says why the call failed, after all its retries; `correctable` where the tool ran and said so itself, so that other
 * arguments may help.
 */
export type CustomOutcome = { returned: unknown } | { rejected: string } | { failed: string; correctable?: true };
