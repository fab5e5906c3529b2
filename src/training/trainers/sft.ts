/**
 * Full fine-tuning or LoRA of any Hugging Face model, or of a GGUF file, which is dequantised first.
 *
 * The default preset is the recipe of Tülu 2 (arXiv 2311.10702, appendix, hyperparameters of its 7B models): the family of the
 * base model that Husky-v1's reasoner uses. 128 examples a step, learning rate 2e-5, 2 epochs, linear decay after 3 % warm-up, no
 * weight decay. Husky's own settings are in the appendix of arXiv 2406.06469, which could not be read where this was written.
 */
import type { TrainingSettings } from '../../contract/training';
import type { TrainerBackend } from './trainer-backend';

const tulu: TrainingSettings = {
  method: 'full',
  epochs: 2,
  batchSize: 128,
  deviceTokens: 0,
  learningRate: 2e-5,
  schedule: 'linear',
  warmupShare: 0.03,
  weightDecay: 0,
  maxTokens: 2048,
  seed: 0,
  precision: 'auto',
  attention: 'auto',
  gradientCheckpointing: false,
  logSteps: 1,
  checkpointSteps: 100,
  maxSteps: 0,
  threads: 0,
  loraRank: 32,
  loraAlpha: 64,
  loraDropout: 0.05,
};

/** Rank 32 in all linear layers is 35 MB in 16-bit floats for a base of 0.5 billion weights. */
const lora: TrainingSettings = { ...tulu, method: 'lora', batchSize: 32, learningRate: 2e-4, epochs: 3 };

/** For tests and first tries on a CPU: checkpoints every few steps. */
const miniature: TrainingSettings = { ...tulu, batchSize: 8, learningRate: 1e-3, checkpointSteps: 10, threads: 1 };

export const sft: TrainerBackend = {
  name: 'sft',
  program: 'temporal_husky_trainer.sft',
  environment: { folder: '.venv-sft' },
  presets: { tulu, lora, miniature },
  defaultPreset: 'tulu',
  needsBase: true,
};
