/**
 * Workflow-safe door: `export * from 'temporal-husky/workflows'` in your own workflows module makes Husky's workflows part of
 * your worker's bundle.
 *
 * @module
 */
export { solve } from './workflows/solve';
export { solveBatch, type SolveBatchInput } from './workflows/solve-batch';
export { evaluate, evaluationProgress, type EvaluateInput } from './workflows/evaluate';
export { evaluateQuestion, evaluateQuestions } from './workflows/evaluate-question';
export { makeQuestions, questionMakingProgress, type MakeQuestionsInput } from './workflows/make-questions';
export { runSolution, type RunOptions, type SolveInput } from './workflows/run-solution';
export * from './workflows/training';
export { finishNow, trajectory } from './workflows/messages';
export * from './contract/names';
export type { BatchOutcome, CallFailure } from './contract/batch';
export type { Solution, SolutionProgress, Step, StopReason, Usage } from './trajectory/step';
export type { CustomTool, CustomToolInput, CustomToolResult, Limits, SolveProfile } from './contract/profile';
export { huskyService } from './workflows/nexus-service';
