/** What the page's own API sends: types alone, so that the page, which runs in a browser, can import them. */
import type { Waiting } from '../contract/people';
import type { Solution, Step, StopReason, Usage } from '../trajectory/step';

/** Temporal's states of a workflow, in lower case. */
export type SolutionStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out';

/** One line of the list. */
export interface ListedSolution {
  id: string;
  status: SolutionStatus;
  /** Times are ISO 8601. */
  startedAt: string;
  closedAt?: string;
  /** Cut to 200 characters. */
  question: string;
  /** What waits for a person, in one line; absent when nothing does. */
  waiting?: string;
}

export interface SolutionList {
  solutions: ListedSolution[];
  /** Solutions that were looked at. */
  looked: number;
  /** Whether there are older ones that were not looked at. */
  more: boolean;
}

/** A solution at one moment. */
export interface SolutionView {
  id: string;
  status: SolutionStatus;
  startedAt: string;
  closedAt?: string;
  question: string;
  answer: string;
  stopReason?: StopReason;
  partial: boolean;
  steps: Step[];
  /** No worker tells the steps just now: `steps`, `answer`, `usage` and `models` are not what they were, but unknown. */
  untold?: true;
  usage: Usage;
  models: Solution['models'];
  /** How its samples voted, in one line. */
  votes?: string;
  /** Where its samples are, a line each, while they run. */
  samples?: string[];
  /** What is being done, in words, while it runs. */
  doing?: string;
  /** What a model has written of something that is not finished, where that was asked for; the newest characters. */
  writing?: { index: number; module: string; text: string; from: number };
  /** What holds it up: calls that are tried again, workers that are absent. */
  troubles: string[];
  approvals: Waiting['approvals'];
  /** Present while no further step begins. */
  paused?: Waiting['paused'];
  /** Why it failed. */
  failure?: string;
}

/** One message of a stream: the solution without the steps that the page has. */
export interface SolutionNews extends SolutionView {
  /** Index of the first of `steps`; those before it are unchanged. */
  from: number;
}
