/**
 * `temporal-husky/client`: for a program that starts and reads solutions, such as a web server. Beside our own few files it loads
 * `@temporalio/client` alone; the main entry has all of this too, and loads the SDK of workers for `HuskyPlugin`.
 *
 * @module
 */
import './process/require-node';

export {
  HuskyClient,
  SolutionHandle,
  BatchHandle,
  MAX_BATCH,
  type BatchOptions,
  type HuskyClientOptions,
  type StartOptions,
  type StreamOptions,
  type WaitingWorkflow,
  type WatchOptions,
} from './husky-client';
export { SOLUTION_STATUSES, type FoundSolution, type ListOptions } from './list-solutions';
export { WorkflowStuckError } from './workflow-trouble';
export { FAILURES, type FailureType } from './failures';
export { renderMarkdown, type MarkdownOptions, type RenderedSolution } from './trajectory/render-markdown';
export type * from './contract/public-types';
export type { Positioned, SampleEvent, SolutionEvent, TextEvent } from './trajectory/solution-events';
