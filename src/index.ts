/**
 * temporal-husky: Husky, the multi-step agent of small expert models, as durable Temporal workflows.
 *
 * @module
 */
import './process/require-node';
import './process/require-core';

export { HuskyPlugin } from './plugin';
export * from './client';
export { boundTools } from './runtime/tool-bounds';
export { toolActivities } from './runtime/tool-activities';
export {
  defineTool,
  rejectArguments,
  type DefinedTool,
  type ToolCall,
  type ToolDefinition,
  type ToolSettings,
} from './tools/define-tool';
export { createNexusHandler } from './nexus';
export { createHuskyWorkers, type HuskyWorkers, type HuskyWorkersOptions } from './worker';
export { bundledConfig, loadConfig, parseConfig, type HuskyConfig, type HuskyConfigInput } from './config';
export type { ContextParts } from './runtime/open-context';
export type { ArgumentSchema, CustomTool, CustomToolInput, CustomToolResult, TypedToolInput } from './contract/profile';
export type { CallOptions, ChatMessage, Model, GenerateRequest, Generation, OnText } from './models/model';
export type { AnswerForm, JsonForm, LineForm } from './models/answer-form';
export type { LoadConfigOptions } from './files/config-file';
export type { PromptFields, PromptSet, RenderedPrompt } from './prompts/prompt';
export {
  buildIndex,
  createEmbedder,
  createSearchEngine,
  embedPassages,
  type BuildIndexOptions,
  type BuiltIndex,
  type EmbeddedPassages,
  type Embedder,
  type EmbedOptions,
  type SearchConfigInput,
  type SearchDocument,
  type SearchEngine,
  type SearchOptions,
  type SearchResponse,
  type SearchResult,
} from './search';
export {
  createSandbox,
  type OutputStyle,
  type PythonBackend,
  type RunError,
  type RunRequest,
  type RunResult,
  type Sandbox,
  type SandboxLanguage,
  type SandboxLevel,
  type SandboxOptions,
} from './sandbox';
export { Scorer, type AskJudge, type Opinion, type ScorerOptions, type ScorerVerdict } from './scoring/scorer';
export { scoreAnswer, type ScoreRequest } from './scoring/score';
export type { Gold, Scores, Verdict } from './scoring/metric';
export {
  extractAnswer,
  readAnswer,
  type AnswerKind,
  type ExtractOptions,
  type Extraction,
  type ExtractionRule,
  type Reading,
} from './scoring/extraction';
