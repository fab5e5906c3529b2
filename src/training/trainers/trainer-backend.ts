/**
 * The interface of trainer back ends: a Python program that reads a job and reports events. A new one is a file like its neighbours and a
 * line in the registry.
 */
import { z } from 'zod';
import type { TrainingSettings } from '../../contract/training';

export interface TrainerBackend {
  readonly name: string;
  /** Python module that is run with the path of the job file. */
  readonly program: string;
  /** Virtual environment's folder in `trainer/`, and what is installed into it. */
  readonly environment: { folder: string };
  /** Preset name to settings; `default` names the default preset. */
  readonly presets: Readonly<Record<string, TrainingSettings>>;
  readonly defaultPreset: string;
  /** Whether it starts from a Hugging Face base model. */
  readonly needsBase: boolean;
  /** Whether a module's weights also depend on the training sets of other modules in the folder. */
  readonly readsWholeSet?: boolean;
}

/** Events that a trainer writes to standard output, one JSON object a line. Unknown events are ignored. */
export const trainerEventSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('start'), step: z.number(), steps: z.number() }),
  z.object({
    event: z.literal('progress'),
    step: z.number(),
    steps: z.number(),
    loss: z.number().nullish(),
    gradientNorm: z.number().nullish(),
    tokensPerSecond: z.number().nullish(),
    shareOfPeak: z.number().nullish(),
    secondsLeft: z.number().nullish(),
  }),
  z.object({ event: z.literal('checkpoint'), step: z.number() }),
  z.object({ event: z.literal('dropped'), count: z.number() }),
  z.object({ event: z.literal('notice'), text: z.string() }),
  z.object({
    event: z.literal('done'),
    steps: z.number(),
    loss: z.number().nullish(),
    devLoss: z.number().nullish(),
    contextTokens: z.number().nullish(),
    examples: z.number().nullish(),
    weights: z.string().nullish(),
    attention: z.string().nullish(),
    memoryGiB: z.number().nullish(),
    tokensPerSecond: z.number().nullish(),
    shareOfPeak: z.number().nullish(),
  }),
  z.object({ event: z.literal('error'), kind: z.string(), message: z.string() }),
]);
export type TrainerEvent = z.infer<typeof trainerEventSchema>;
