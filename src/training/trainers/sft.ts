/**
 * TRL's SFTTrainer: full fine-tuning or LoRA of any Hugging Face model.
 *
 * The default preset is the recipe of Tülu 2 (arXiv 2311.10702, appendix, hyperparameters of its 7B models): the family of the
 * base model that Husky-v1's reasoner uses. Effective batch 128, learning rate 2e-5, 2 epochs, linear decay after 3 % warm-up, no
 * weight decay. Husky's own settings are in the appendix of arXiv 2406.06469, which could not be read where this was written.
 *
 * @module
 */
import type { TrainingSettings } from '../../contract/training';
import type { TrainerBackend } from './trainer-backend';

const tulu: TrainingSettings = {
  method: 'full',
  epochs: 2,
  batchSize: 4,
  gradientAccumulation: 32,
  learningRate: 2e-5,
  schedule: 'linear',
  warmupShare: 0.03,
  weightDecay: 0,
  maxTokens: 2048,
  seed: 0,
  gradientCheckpointing: true,
  logSteps: 1,
  checkpointSteps: 100,
  maxSteps: 0,
  threads: 0,
  loraRank: 64,
  loraAlpha: 16,
  loraDropout: 0.1,
};

/** Rank 64, alpha 16, dropout 0.1, learning rate 1e-4: the QLoRA recipe of Tülu 2's appendix, without quantisation. */
const lora: TrainingSettings = { ...tulu, method: 'lora', learningRate: 1e-4, epochs: 5 };

/** For tests and first tries on a CPU: checkpoints every few steps. */
const miniature: TrainingSettings = {
  ...tulu,
  batchSize: 8,
  gradientAccumulation: 1,
  learningRate: 1e-3,
  gradientCheckpointing: false,
  checkpointSteps: 10,
  threads: 1,
};

export const sft: TrainerBackend = {
  name: 'sft',
  program: 'temporal_husky_trainer.sft',
  environment: { folder: '.venv-sft' },
  presets: { tulu, lora, miniature },
  defaultPreset: 'tulu',
  needsBase: true,
};
