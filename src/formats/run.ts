/**
 * Reads run directories: `manifest.json` describes the run, `samples.jsonl` has one finished question a line and can be read while it is
 * written. docs/formats.md describes both.
 */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { createFailure } from '../failures';
import { readIfThere } from '../files/read-if-there';
import { storedGoldSchema } from './gold';
import { parseJsonFile, readJsonLines } from './json-lines';
import { indexSchema } from './question';
import { promptsSchema, solutionSchema, usageSchema } from './solution';

const sampleSchema = z.object({
  /** `task:index:sample`, unique in a run. */
  key: z.string(),
  task: z.string(),
  index: indexSchema,
  /** From 0. */
  sample: z.number(),
  question: z.string(),
  gold: storedGoldSchema,
  /** Null when there was no answer. */
  prediction: z.string().nullable(),
  verdict: z.object({
    correct: z.boolean(),
    scores: z.object({ acc: z.number().optional(), em: z.number().optional(), f1: z.number().optional() }).nullable(),
    reason: z.string(),
    /** What was taken from the prediction as its answer, and by which rule of extraction. */
    answer: z.string().nullable().optional(),
    extraction: z.string().optional(),
    undecided: z.boolean().optional(),
    /** Whether a judge said SAME with the gold answer second, then first; null for an unreadable reply. */
    judgements: z.tuple([z.boolean().nullable(), z.boolean().nullable()]).optional(),
    /** The verdict of the task's metric, beside the judge's. */
    metric: z.object({ name: z.string(), correct: z.boolean() }).optional(),
  }),
  /** Present when Husky answered. */
  solution: solutionSchema.optional(),
  /** The whole text of a baseline. */
  text: z.string().optional(),
  failure: z.object({ type: z.string(), message: z.string() }).optional(),
  usage: usageSchema,
  money: z.number(),
  /** ISO 8601. */
  startedAt: z.string(),
  durationMs: z.number(),
});
export type Sample = z.infer<typeof sampleSchema>;

const manifestSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** Version of temporal-husky. */
  software: z.string(),
  system: z.string(),
  tasks: z.array(z.object({ name: z.string(), metric: z.string(), sha256: z.string(), questions: z.number() })),
  settings: z.record(z.string(), z.unknown()),
  models: z.record(z.string(), z.string()),
  prompts: promptsSchema,
  /** Hash of all that can change an answer or its verdict, except questions and labels (evaluation/run-identity.ts). Runs with the same hash ask in the same way. */
  settingsHash: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface RunDirectory {
  path: string;
  manifest: Manifest;
  /** In the order in which they ended; of two with the same key the first with an answer counts. */
  samples: Sample[];
}

export const SAMPLES = 'samples.jsonl';
export const MANIFEST = 'manifest.json';

/** @throws InputInvalid when the folder holds no run, or a line other than a torn one cannot be read */
export async function readRun(path: string): Promise<RunDirectory> {
  const manifest = await readManifest(path);
  if (!manifest)
    throw createFailure('InputInvalid', `${path} holds no run: there is no ${MANIFEST} in it${await runsNear(path)}.`);
  return { path, manifest, samples: await readSamples(path) };
}

/** Names the runs in a folder of runs, or the folder of a run's file. */
async function runsNear(path: string): Promise<string> {
  const within = await readdir(path).catch((): string[] => []);
  const runs = [...within.map((name) => join(path, name)), dirname(path)].filter((run) =>
    existsSync(join(run, MANIFEST)),
  );
  return runs.length === 0
    ? ''
    : `; ${runs.slice(0, 5).join(', ')}${runs.length > 5 ? ', ...' : ''} ${runs.length === 1 ? 'is one' : 'are some'}`;
}

/** The manifest; undefined if there is none. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const file = join(path, MANIFEST);
  const text = await readIfThere(file);
  return text === undefined ? undefined : parseJsonFile(text, file, "a run's manifest", manifestSchema);
}

/** The samples; empty if there are none yet. */
export async function readSamples(path: string): Promise<Sample[]> {
  const samples = new Map<string, Sample>();
  for await (const sample of readAttempts(path))
    if (samples.get(sample.key)?.failure !== undefined || !samples.has(sample.key)) samples.set(sample.key, sample);
  return [...samples.values()];
}

/** All lines: a question that failed has one for each run that asked it. */
export async function* readAttempts(path: string): AsyncGenerator<Sample> {
  const file = join(path, SAMPLES);
  if (!existsSync(file)) return;
  for await (const { value } of readJsonLines(file, 'a sample', sampleSchema, { torn: 'any' })) yield value;
}
