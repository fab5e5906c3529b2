/**
 * The from-scratch trainer of the bundled experts: small models that run in process.
 *
 * @module
 */
import type { TrainerBackend } from './trainer-backend';

export const tiny: TrainerBackend = {
  name: 'tiny',
  program: 'temporal_husky_trainer.tiny',
  environment: { folder: '.venv', requirements: 'requirements.lock' },
  presets: {
    atlas: { preset: 'atlas', minutes: 60, seed: 0, threads: 2 },
    miniature: { preset: 'miniature', minutes: 1, seed: 0, threads: 1 },
  },
  defaultPreset: 'atlas',
  needsBase: false,
};
