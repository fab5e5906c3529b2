/** Messages between the pipeline workflow, its activities and its clients. Fields are added, never renamed. */
import type { EvaluationSettings } from './evaluation';
import type { ModuleName } from '../trajectory/modules';
import type { SynthesisSettings } from './synthesis';
import type { TrainingSettings } from './training';

/** A teacher: the models of a configuration file, or the scripted teacher, which plays trajectories back. */
export type Teacher =
  | {
      kind: 'config';
      file: string;
      /** Script that serves its models; it runs for as long as they are asked. */
      serve?: string;
    }
  | { kind: 'scripted'; trajectories: string; mistakes: Record<string, number>; seed: number };

export interface ExtractStage {
  /** Folders or files of trajectories that every round trains on, beside its own. */
  also?: string[];
  /** Trajectories that join later: number of the first round to files. */
  alsoFromRound?: Record<string, string[]>;
  modules: ModuleName[];
  style: 'instruct' | 'few-shot' | 'husky-v1' | 'expert' | 'compact';
  format: 'prompt-completion' | 'conversational';
  language: 'javascript' | 'python';
  seed: number;
  devShare: number;
  maxTokens: number;
  maxToolShare: number;
  testSets: string[];
  ngram: number;
  includeRejected: boolean;
  /** The user's own tools. */
  tools?: { name: string; description: string }[];
  /** Configuration whose `tools:` and `mcp:` are known beside {@link tools}. */
  config?: string;
}

interface TrainStage {
  /** @default the modules of the extract stage */
  modules?: ModuleName[];
  backend: string;
  base: string;
  device: 'auto' | 'cpu' | 'cuda';
  settings: TrainingSettings;
  /** Settings that change from a round on: number of the round to settings. */
  settingsFromRound?: Record<string, TrainingSettings>;
  parallel: number;
  /** From the second round on, trains the previous round's experts further. */
  further?: boolean;
}

export interface ServeStage {
  server: 'vllm' | 'llama-cpp' | 'gguf';
  /** Model of the experts that are not trained. */
  rest?: string;
  /** Configuration whose search, sandbox and limits the experts keep. */
  config?: string;
  /** Whether the pipeline itself runs `serve.sh` while it asks the experts. */
  start?: boolean;
}

/** A checked pipeline file, with every path absolute. */
export interface PipelinePlan {
  name: string;
  out: string;
  rounds: number;
  /** Stage before which the pipeline waits for a person. */
  approval?: PipelineStage;
  teacher: Teacher;
  /** `out` is filled in for each round. */
  synthesize: Omit<SynthesisSettings, 'out'>;
  extract: ExtractStage;
  train: TrainStage;
  serve: ServeStage;
  evaluate: Omit<EvaluationSettings, 'out'>;
}

export const PIPELINE_STAGES = ['synthesize', 'extract', 'train', 'evaluate'] as const;
export type PipelineStage = (typeof PIPELINE_STAGES)[number];

export interface StageReport {
  round: number;
  stage: PipelineStage;
  state: 'waiting-for-approval' | 'running' | 'done' | 'skipped';
  /** One line. */
  summary?: string;
}

export interface RoundReport {
  round: number;
  accepted: number;
  /** Share of evaluation questions answered right. */
  accuracy: number;
  correct: number;
  total: number;
  /** Folder of the experts. */
  experts: string;
}

export interface PipelineProgress {
  stages: StageReport[];
  rounds: RoundReport[];
  /** Round with the best accuracy. */
  best?: number;
}

/** A stage's inputs: settings, and files and folders whose content counts. */
export interface StageInputs {
  folder: string;
  stage: PipelineStage;
  parameters: unknown;
  paths: string[];
}

export interface StageState {
  key: string;
  /** Recorded result, when a stage with the same inputs is finished. */
  result?: unknown;
}
