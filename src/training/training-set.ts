/**
 * The files of a training set: `<module>/train.jsonl` and `<module>/dev.jsonl` with prompts and completions as texts or messages, and
 * `manifest.json`, which describes how they were made. Their JSON Schemas are in data/.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { parseJsonFile } from '../formats/json-lines';
import { createFailure } from '../failures';
import { readIfThere } from '../files/read-if-there';
import { MODULES } from '../trajectory/modules';
import type { TrainingExample } from './training-example';

export const TRAINING_SET_VERSION = 1;
const TRAINING_FORMATS = ['prompt-completion', 'conversational'] as const;
export type TrainingFormat = (typeof TRAINING_FORMATS)[number];

const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

/** A line of a training set. The trainer reads `prompt` and `completion`; `id` and `tool` name the origin. */
export const trainingLineSchema = z.union([
  z.object({ id: z.string(), tool: z.string(), prompt: z.string(), completion: z.string() }),
  z.object({ id: z.string(), tool: z.string(), prompt: z.array(message), completion: z.array(message) }),
]);

const counts = z.record(z.string(), z.number());

export const trainingSetManifestSchema = z.object({
  version: z.literal(TRAINING_SET_VERSION),
  format: z.enum(TRAINING_FORMATS),
  style: z.string(),
  /** sha256 of each module's prompt template. */
  prompts: z.record(z.string(), z.string()),
  seed: z.number(),
  maxTokens: z.number(),
  tokenizer: z.string(),
  devShare: z.number(),
  maxToolShare: z.number(),
  decontamination: z.object({ ngram: z.number(), share: z.number(), sets: z.array(z.string()) }),
  /** The trajectory files. */
  inputs: z.array(z.object({ file: z.string(), sha256: z.string() })),
  statistics: z.object({
    trajectories: z.object({
      read: z.number(),
      kept: z.number(),
      questions: z.object({ train: z.number(), dev: z.number() }),
    }),
    /** Why trajectories were left out, by reason. */
    rejections: counts,
    /** Kept trajectories by number of steps. */
    steps: counts,
    /** Steps of kept trajectories by tool. */
    tools: counts,
    modules: z.partialRecord(
      z.enum(MODULES),
      z.object({
        train: z.number(),
        dev: z.number(),
        /** `duplicate`, `too-long`, `balanced-out`, and why a step gave no example. */
        dropped: counts,
        tools: counts,
        /** Examples by length of prompt and completion together: up to 64 tokens, 128, ... 8192, and above. */
        tokens: z.array(z.number()),
        maxTokens: z.number(),
        /** Examples whose border between prompt and completion the base's tokenizer merges; absent without a tokenizer. */
        mergedBorders: z.number().optional(),
        /** Programs that are plainly written in another language than the prompts ask for; absent where there are none. */
        otherLanguage: z.number().optional(),
      }),
    ),
  }),
});
export type TrainingSetManifest = z.infer<typeof trainingSetManifestSchema>;

/** The line of an example, without its newline. */
export function trainingLine({ id, tool, prompt, completion }: TrainingExample, format: TrainingFormat): string {
  if (format === 'prompt-completion') return JSON.stringify({ id, tool, prompt: prompt.text, completion });
  const messages = prompt.messages ?? [{ role: 'user', content: prompt.text }];
  return JSON.stringify({ id, tool, prompt: messages, completion: [{ role: 'assistant', content: completion }] });
}

/** @throws InputInvalid when the folder holds no training set of this version */
export async function readTrainingSetManifest(folder: string): Promise<TrainingSetManifest> {
  const path = join(folder, 'manifest.json');
  const text = await readIfThere(path);
  if (text === undefined)
    throw createFailure(
      'InputInvalid',
      `${folder} holds no training set: no manifest.json (npx temporal-husky extract writes one).`,
    );
  return parseJsonFile(text, path, "a training set's manifest", trainingSetManifestSchema);
}
