/**
 * temporal-husky: Husky, the multi-step agent of small expert models, as durable Temporal workflows.
 *
 * @module
 */
import './process/require-node';

export { HuskyPlugin } from './plugin';
export * from './client';
export { boundTools } from './runtime/tool-bounds';
export { toolActivities } from './runtime/tool-activities';
export { defineTool, rejectArguments, type DefinedTool, type ToolCall, type ToolDefinition } from './tools/define-tool';
export { createNexusHandler } from './nexus';
export { createHuskyWorkers, type HuskyWorkers, type HuskyWorkersOptions } from './worker';
export { bundledConfig, loadConfig, parseConfig, type HuskyConfig, type HuskyConfigInput } from './config';
export type { ContextParts } from './runtime/open-context';
export type { CustomTool, CustomToolInput, CustomToolResult, TypedToolInput } from './contract/profile';
export type { Model, GenerateRequest, Generation } from './models/model';
export {
  buildIndex,
  createSearchEngine,
  type BuiltIndex,
  type SearchConfigInput,
  type SearchDocument,
  type SearchEngine,
  type SearchResponse,
  type SearchResult,
} from './search';
export {
  createSandbox,
  type RunRequest,
  type RunResult,
  type Sandbox,
  type SandboxLevel,
  type SandboxOptions,
} from './sandbox';
export { Scorer, type AskJudge, type ScorerOptions, type ScorerVerdict } from './scoring/scorer';
export { scoreAnswer, type ScoreRequest } from './scoring/score';
export type { Gold, Scores, Verdict } from './scoring/metric';
export { extractAnswer, readAnswer, type ExtractOptions, type Extraction, type Reading } from './scoring/extraction';
