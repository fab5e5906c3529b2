/**
 * Messages between the solve workflow and its activities, one object each way. Histories hold every field, so fields are added, never
 * renamed.
 */
import type { Action } from '../trajectory/parse-action';
import type { CustomTool, Limits, SolutionWishes, SolveProfile } from './profile';
import type { HistoryEntry } from '../trajectory/solution-history';
import type { Step, StopReason, Usage } from '../trajectory/step';

/**
 * The question and the history before a call. Short ones travel inline; longer ones are pulled from the workflow by query, which adds
 * nothing to Temporal's history.
 */
export type SolutionSoFar = (
  { question: string; history: HistoryEntry[] } | { pull: { solutionId: string; steps: number } }
) & {
  /** Above 0: a further sample of the question, whose calls are sampled with a seed of their own. */
  sample?: number;
};

export interface RecordProfileInput extends SolutionWishes {
  limits: Partial<Limits>;
  /** What the input holds beside its fields; a caller in another language may have misspelled one. */
  others?: object;
}

/** Which of several answers is the same as another one, by the scorer. */
export interface FindSameAnswerInput {
  question: string;
  answer: string;
  among: string[];
}
export interface FindSameAnswerResult {
  /** Position in `among`; -1 where none is. */
  at: number;
}

export interface ModelCall {
  solution: SolutionSoFar;
  /** Somebody watches the text as it is written: it goes into the heartbeats. */
  tokens?: true;
}

/** Reported by every model call beside its text. */
export interface CallReport {
  model: string;
  usage: Usage;
  durationMs: number;
  fitted?: { shortened: number; omitted: number };
  /** Why the model gave no answer or only part of one, as a sentence. */
  problem?: string;
}

export interface PredictActionInput extends ModelCall {
  tools: { name: string; description: string }[];
  /** Built-in tools that are not offered. */
  off?: string[];
  /** Steps that may be named together; absent for one. */
  parallel?: number;
  /** What has to be looked up next; absent where the action generator is free. */
  missing?: string;
}
export interface PredictActionResult extends CallReport {
  action: Action;
  /** Further steps that were named together with it. */
  more?: { tool: string; step: string }[];
  /** What the model wrote, if it could not be used unchanged. */
  raw?: string;
}

export interface GenerateCodeInput extends ModelCall {
  step: string;
  language: SolveProfile['language'];
  /** The failed program and its error, when this call is a repair. */
  repair?: { code: string; error: string };
  /** Above 0 for another answer to the same step, which is sampled. */
  sample?: number;
  /** The program computes the exact value, whatever rounding the question asks for. */
  exact?: true;
}
export interface GenerateCodeResult extends CallReport {
  code: string;
}

export interface ExecuteCodeInput {
  code: string;
  language: SolveProfile['language'];
  outputStyle: SolveProfile['outputStyle'];
}
export interface ExecuteCodeResult {
  /** The text that a model is shown. */
  text: string;
  /** Short traceback, when the program failed. */
  error?: string;
  durationMs: number;
}

export interface GenerateQueryInput extends ModelCall {
  step: string;
}
export interface GenerateQueryResult extends CallReport {
  query: string;
}

export interface GenerateArgumentsInput extends ModelCall {
  step: string;
  /** With its schema: what was recorded holds, whatever the worker's configuration says by now. */
  tool: Required<Pick<CustomTool, 'name' | 'description' | 'input'>>;
  /** What was written before and why it did not fit, when this call is a repair. */
  repair?: { text: string; problem: string };
}
export interface GenerateArgumentsResult extends CallReport {
  /** As the model wrote them. */
  text: string;
  /** Absent where they do not fit. */
  arguments?: Record<string, unknown>;
  /** Why they do not fit, as a sentence. */
  invalid?: string;
}

export interface CallMcpToolInput {
  server: string;
  tool: string;
  arguments: Record<string, unknown>;
}
export interface ListedTools {
  tools: CustomTool[];
  /** What is left out and why, a sentence each. */
  problems: string[];
}

export interface SearchInput {
  query: string;
}
export interface SearchResultText {
  /** Absent when the search found nothing usable. */
  text?: string;
  /** Why, when the service rejected the request. */
  error?: string;
  engine: string;
  durationMs: number;
}

export interface RewriteResultInput extends ModelCall {
  kind: 'code' | 'search';
  step: string;
  code?: string;
  observation: string;
}
export interface ReasonInput extends ModelCall {
  step: string;
  /** Above 0 for another answer to the same step, which is sampled. */
  sample?: number;
}
export interface TextResult extends CallReport {
  text: string;
}

/** Several steps in one activity. */
export interface AdvanceInput {
  solution: SolutionSoFar;
  usage: Usage;
  startedAt: number;
  profile: SolveProfile;
  /** See CarriedSolution. */
  moneyAllowed?: number;
  /** See ModelCall. */
  tokens?: true;
}
export interface AdvanceResult {
  /** The steps taken, to be appended. */
  steps: Step[];
  /** Usage of the whole solution so far. */
  usage: Usage;
  /** Absent while the solution continues. */
  end?: { stopReason: StopReason; answer?: string };
  /** The next step, which the workflow has to take itself: its tool is an activity of its own, or a person is to be asked. */
  handOver?: HandedOver;
  /** Ended early because the solution was cancelled or told to finish. */
  interrupted?: boolean;
}
export interface HandedOver {
  action: {
    tool: string;
    step: string;
    fallback?: 'unparsable' | 'unknown-tool';
    instead?: string;
    /** The answer that this step checks. */
    claim?: string;
  };
  /** What the action generator reported; its usage is part of the solution's already. */
  prediction: Omit<PredictActionResult, 'action' | 'more'>;
}
/** The detail of the failure when one of the calls fails for good. */
export interface AdvanceFailureDetail {
  /** Usage of the whole solution until then. */
  usage: Usage;
}
