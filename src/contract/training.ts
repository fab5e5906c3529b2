/** Messages between the train workflow, its activity and its clients. Fields are added, never renamed. */
import type { ModuleName } from '../trajectory/modules';

/** Settings of a back end, by name; docs/trainers.md lists them. */
export type TrainingSettings = Record<string, string | number | boolean>;

/** The training of one module: all that its trainer needs. */
export interface TrainingJob {
  module: ModuleName;
  /** Name of a trainer back end. */
  backend: string;
  /** Folder of this module's train.jsonl and dev.jsonl. */
  data: string;
  /** Hugging Face model by path or name, or a GGUF file. */
  base: string;
  /** Folder of this module's checkpoints and of its finished `model`. */
  out: string;
  device: 'auto' | 'cpu' | 'cuda';
  settings: TrainingSettings;
}

/** The result of a trainer. */
export interface TrainedModule {
  module: ModuleName;
  /** Folder of the weights: a full model, or an adapter of the base. */
  model: string;
  steps: number;
  loss?: number;
  devLoss?: number;
  /** Context of the model in tokens, if the trainer chose it. */
  contextTokens?: number;
  examples?: number;
  /** sha256 over the weights. */
  weights?: string;
  /** Examples that were longer than the limit. */
  dropped?: number;
  /** Over the whole training. */
  tokensPerSecond?: number;
  /** Share of the GPU's peak for bf16, from 0 to 1; absent if the peak is not known. */
  shareOfPeak?: number;
  /** Peak memory of the GPU. */
  memoryGiB?: number;
  /** Name of the attention implementation. */
  attention?: string;
  /** What the trainer changed or noticed, in sentences. */
  notices?: string[];
}

/** Heartbeat details of a running trainer. */
export interface TrainingProgress {
  module: ModuleName;
  step: number;
  steps: number;
  loss?: number;
  gradientNorm?: number;
  tokensPerSecond?: number;
  /** Share of the GPU's peak for bf16, from 0 to 1. */
  shareOfPeak?: number;
  secondsLeft?: number;
  /** The trainer's last notice. */
  notice?: string;
  /** Step of the last checkpoint, where training resumes after a kill. */
  checkpoint?: number;
}

export type ModuleState = 'waiting' | 'training' | 'trained' | 'failed';

export interface TrainResult {
  modules: TrainedModule[];
}

export interface TrainStatus {
  modules: { module: ModuleName; state: ModuleState; failure?: string }[];
}
