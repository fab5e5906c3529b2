/**
 * Workflow-safe door: `export * from 'temporal-husky/workflows'` in your own workflows module makes Husky's workflows part of
 * your worker's bundle.
 *
 * @module
 */
export { huskySolve } from './workflows/solve/solve';
export { huskySolveBatch, type BatchPart, type SolveBatchInput } from './workflows/solve/solve-batch';
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
export type * from './contract/public-types';
export type { CarriedPeople, Hint } from './contract/people';
export type { CarriedSamples, CarriedSolution } from './loop/solution-state';
export type { Expert, ModuleName } from './trajectory/modules';
export type {
  ArgumentSchema,
  CustomTool,
  CustomToolInput,
  CustomToolResult,
  Guidance,
  SolveProfile,
  TypedToolInput,
} from './contract/profile';
export { huskyService, type NexusSolveInput } from './workflows/solve/nexus-service';
