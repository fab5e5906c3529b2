/**
 * What travels between the train workflow, its activity and its clients. Fields are added, never renamed.
 *
 * @module
 */
import type { ModuleName } from '../trajectory/modules';

/** Settings of a back end, by name; docs/training.md lists them. */
export type TrainingSettings = Record<string, string | number | boolean>;

/** One module's training: everything its trainer is told. */
export interface TrainingJob {
  module: ModuleName;
  /** Name of a trainer back end. */
  backend: string;
  /** Folder of this module's train.jsonl and dev.jsonl. */
  data: string;
  /** Hugging Face model by path or name, or a GGUF file. */
  base: string;
  /** Folder of this module's checkpoints and, in the end, of its `model`. */
  out: string;
  device: 'auto' | 'cpu' | 'cuda';
  settings: TrainingSettings;
}

/** The last word of a trainer. */
export interface TrainedModule {
  module: ModuleName;
  /** Folder of the weights: a full model, or an adapter of the base. */
  model: string;
  steps: number;
  loss?: number;
  devLoss?: number;
  /** Tokens that the model can hold, where the trainer chose it. */
  contextTokens?: number;
  examples?: number;
  /** sha256 over the weights. */
  weights?: string;
  /** Examples that were longer than the limit. */
  dropped?: number;
  /** Over the whole training. */
  tokensPerSecond?: number;
  /** Of the GPU's peak for bf16, from 0 to 1; absent where that is not known. */
  shareOfPeak?: number;
  /** The most memory of the GPU that was in use. */
  memoryGiB?: number;
  /** Name of the attention that computed the gradients. */
  attention?: string;
  /** What the trainer changed or found on its way, in sentences. */
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
  /** Of the GPU's peak for bf16, from 0 to 1. */
  shareOfPeak?: number;
  secondsLeft?: number;
  /** The trainer's last notice. */
  notice?: string;
  /** Step of the last checkpoint, from which training goes on after a kill. */
  checkpoint?: number;
}

export type ModuleState = 'waiting' | 'training' | 'trained' | 'failed';

export interface TrainResult {
  modules: TrainedModule[];
}

export interface TrainStatus {
  modules: { module: ModuleName; state: ModuleState; failure?: string }[];
}
