/**
 * Workflow-safe door: `export * from 'temporal-husky/workflows'` in your own workflows module makes Husky's workflows part of
 * your worker's bundle.
 *
 * @module
 */
export { huskySolve } from './workflows/solve/solve';
export { huskySolveBatch, type SolveBatchInput } from './workflows/solve/solve-batch';
export { runSolution, type RunOptions, type SolveInput } from './workflows/solve/run-solution';
export { runSolutionInParts, type SolutionPart } from './workflows/solve/run-in-parts';
export {
  answerStep,
  approveStep,
  editStep,
  finishNow,
  giveHint,
  pauseSolutions,
  refuseStep,
  resumeSolutions,
  tellTokens,
  trajectory,
  waiting,
} from './workflows/solve/messages';
export * from './contract/names';
export type { ApprovalNotice, Decided, Waiting, WaitingApproval } from './contract/people';
export type { BatchOutcome, CallFailure } from './contract/batch';
export type { Decision, Solution, SolutionProgress, Step, StopReason, Usage } from './trajectory/step';
export type {
  CustomTool,
  CustomToolInput,
  CustomToolResult,
  Limits,
  SolveProfile,
  TypedToolInput,
} from './contract/profile';
export { huskyService } from './workflows/solve/nexus-service';
