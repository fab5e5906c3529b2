/** The folder of a synthesis: trajectories.jsonl, to which lines are only added, and manifest.json, which describes how they are made. */
import { join } from 'node:path';
import { z } from 'zod';
import { createFailure } from '../failures';
import { readIfThere } from '../files/read-if-there';
import type { SynthesisProgress, SynthesisQuestion, SynthesisSettings } from '../contract/synthesis';
import type { QuestionIndex } from '../trajectory/trajectory';
import { openAppend } from '../files/append-file';
import { replaceJson } from '../files/replace-file';
import { acceptedOf, goldText, type OneGold } from '../formats/gold';
import { parseJsonFile } from '../formats/json-lines';
import { readQuestionLines } from '../formats/question';
import { readTrajectories, TRAJECTORY_FILE } from '../formats/trajectory';
import { tally } from '../trajectory/tally';

const synthesisManifestSchema = z.object({
  version: z.literal(1),
  dataset: z.object({ name: z.string(), sha256: z.string(), questions: z.number() }),
  style: z.enum(['trajectory', 'modular']),
  /** Module name to model name. */
  models: z.record(z.string(), z.string()),
  /** Prompt style, and sha256 of each template. */
  prompts: z.object({ style: z.string(), hashes: z.record(z.string(), z.string()) }),
  /** For each model, and the judge if there is one: sha256 of its settings and weights. Absent in older folders. */
  modelHashes: z.record(z.string(), z.string()).optional(),
  settings: z.record(z.string(), z.unknown()),
  state: z.string(),
  finished: z.number(),
  accepted: z.number(),
  rejections: z.record(z.string(), z.number()),
  usage: z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() }),
  money: z.number(),
  startedAt: z.string(),
  updatedAt: z.string(),
});
export type SynthesisManifest = z.infer<typeof synthesisManifestSchema>;

/** What must not change between two runs into one folder. */
export type SynthesisIdentity = Pick<SynthesisManifest, 'dataset' | 'style' | 'models' | 'prompts' | 'modelHashes'>;
/** Further settings that must not change; the others decide amount and speed. */
const DECIDING = ['metric', 'temperature', 'maxSteps'] as const;

export const trajectoryPath = (out: string) => join(out, TRAJECTORY_FILE);
const manifestPath = (out: string) => join(out, 'manifest.json');

/**
 * Prepares the folder for more lines: cuts a torn last line, and refuses the manifest of another synthesis.
 *
 * @returns the offset for the next line, and the manifest of the earlier run, if there was one
 */
export async function openFolder(
  settings: SynthesisSettings,
  identity: SynthesisIdentity,
): Promise<{ offset: number; manifest?: SynthesisManifest }> {
  const { out } = settings;
  const { offset } = await openAppend(trajectoryPath(out));
  const manifest = await readManifest(out);
  if (!manifest && offset > 0)
    throw createFailure('InputInvalid', `${out} holds trajectories without a manifest; choose another folder.`);
  if (!manifest) return { offset };
  const others = differences(manifest, settings, identity);
  if (others.length > 0)
    throw createFailure(
      'InputInvalid',
      `${out} holds a synthesis with ${others.join(', ')}; continue with those settings, or choose another folder.`,
    );
  return { offset, manifest };
}

/** Describes the difference. Fields that an older manifest lacks are not compared. */
function differences(before: SynthesisManifest, settings: SynthesisSettings, now: SynthesisIdentity): string[] {
  const parts = (['dataset', 'style', 'models', 'prompts'] as const)
    .filter((part) => JSON.stringify(before[part]) !== JSON.stringify(now[part]))
    .map((part) => `other ${part}`);
  const changed = DECIDING.filter((name) => before.settings[name] !== undefined)
    .filter((name) => before.settings[name] !== settings[name])
    .map((name) => `${name} ${String(before.settings[name])} instead of ${settings[name]}`);
  const models = Object.entries(before.modelHashes ?? {})
    .filter(([name, hash]) => now.modelHashes?.[name] !== undefined && now.modelHashes[name] !== hash)
    .map(([name]) => `other weights or settings of the model ${name}`);
  return [...parts, ...changed, ...models];
}

async function readManifest(out: string): Promise<SynthesisManifest | undefined> {
  const path = manifestPath(out);
  const text = await readIfThere(path);
  return text === undefined ? undefined : parseJsonFile(text, path, "a synthesis's manifest", synthesisManifestSchema);
}

export function writeManifest(
  settings: SynthesisSettings,
  identity: SynthesisIdentity,
  progress: SynthesisProgress,
): void {
  const { dataset: _path, out, ...shown } = settings;
  const { state, finished, accepted, rejections, usage, money, startedAt } = progress;
  const manifest: SynthesisManifest = {
    version: 1,
    ...identity,
    settings: shown,
    state,
    finished,
    accepted,
    rejections,
    usage,
    money,
    startedAt: new Date(startedAt).toISOString(),
    updatedAt: new Date().toISOString(),
  };
  replaceJson(manifestPath(out), manifest);
}

/** The finished work, by the lines before an offset. */
export interface FinishedWork {
  has(index: QuestionIndex, sample: number): boolean;
  accepted: number;
  rejections: Record<string, number>;
}

export async function readFinished(out: string, before: number): Promise<FinishedWork> {
  const done = new Set<string>();
  const work = { accepted: 0, rejections: {} as Record<string, number> };
  for await (const { trajectory } of readTrajectories([trajectoryPath(out)], { to: before })) {
    const { index, source, accepted, rejection = 'unknown' } = trajectory;
    done.add(`${index}:${source.sample}`);
    if (accepted) work.accepted += 1;
    else tally(work.rejections, rejection);
  }
  return { ...work, has: (index, sample) => done.has(`${index}:${sample}`) };
}

/** The next questions with missing samples. */
export async function nextQuestions(
  dataset: string,
  finished: FinishedWork,
  { samples, cursor, limit }: { samples: number; cursor: number; limit: number },
): Promise<{ questions: SynthesisQuestion[]; cursor: number; exhausted: boolean }> {
  const questions: SynthesisQuestion[] = [];
  let reached = cursor;
  for await (const { question, next } of readQuestionLines(dataset, { from: cursor })) {
    const missing = Array.from({ length: samples }, (_, sample) => sample).filter(
      (sample) => !finished.has(question.index, sample),
    );
    if (missing.length > 0) {
      const { index, question: text, gold } = question;
      questions.push({
        index,
        question: text,
        ...(gold === undefined ? {} : { gold: goldText(acceptedOf(gold)[0] as OneGold) }),
        samples: missing,
      });
    }
    reached = next;
    if (questions.length >= limit) return { questions, cursor: reached, exhausted: false };
  }
  return { questions, cursor: reached, exhausted: true };
}
