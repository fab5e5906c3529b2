/** The registry of trainer back ends. */
import { createFailure } from '../../failures';
import type { TrainingSettings } from '../../contract/training';
import { sft } from './sft';
import { tiny } from './tiny';
import type { TrainerBackend } from './trainer-backend';

export type { TrainerBackend };

export const TRAINER_BACKENDS: Readonly<Record<string, TrainerBackend>> = { sft, tiny };

/** @throws InputInvalid naming the back ends there are */
export function trainerBackend(name: string): TrainerBackend {
  const backend = TRAINER_BACKENDS[name];
  if (!backend)
    throw createFailure(
      'InputInvalid',
      `There is no trainer back end ${name}; there are ${Object.keys(TRAINER_BACKENDS).join(', ')}.`,
    );
  return backend;
}

/**
 * A preset's settings with changes.
 *
 * @throws InputInvalid for an unknown preset or setting, or a value of another type
 */
export function trainingSettings(
  backend: TrainerBackend,
  preset = backend.defaultPreset,
  changes: TrainingSettings = {},
): TrainingSettings {
  const base = backend.presets[preset];
  if (!base)
    throw createFailure(
      'InputInvalid',
      `Back end ${backend.name} has no preset ${preset}; it has ${Object.keys(backend.presets).join(', ')}.`,
    );
  for (const [name, value] of Object.entries(changes)) {
    if (!(name in base))
      throw createFailure(
        'InputInvalid',
        `Back end ${backend.name} has no setting ${name}; it has ${Object.keys(base).join(', ')}.`,
      );
    if (typeof value !== typeof base[name])
      throw createFailure('InputInvalid', `Setting ${name} is a ${typeof base[name]}, not ${JSON.stringify(value)}.`);
    if (typeof value === 'number' && !Number.isFinite(value))
      throw createFailure('InputInvalid', `Setting ${name} is ${value}; it must be a number that can be written down.`);
  }
  return { ...base, ...changes };
}
