/**
 * A run directory: `manifest.json` says what was run, `samples.jsonl` holds one finished question a line, append-only, readable while
 * it is written. Format: docs/formats.md.
 *
 * @module
 */
import { appendFile, mkdir, open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { describeIssue } from '../formats/describe-issue';
import { createFailure } from '../failures';
import { readIfThere } from '../files/read-if-there';

const usageSchema = z.object({ calls: z.number(), inputTokens: z.number(), outputTokens: z.number() });

const stepSchema = z.object({
  index: z.number(),
  tool: z.string(),
  step: z.string(),
  code: z.string().optional(),
  query: z.string().optional(),
  observation: z.string().optional(),
  output: z.string(),
  model: z.record(z.string(), z.string()),
  usage: usageSchema,
  durationMs: z.number(),
  attempts: z.number(),
  error: z.string().optional(),
  fitted: z.object({ shortened: z.number(), omitted: z.number() }).optional(),
});

const solutionSchema = z.object({
  question: z.string(),
  answer: z.string(),
  stopReason: z.enum(['finished', 'max-steps', 'token-budget', 'deadline', 'finish-now', 'cancelled']),
  partial: z.boolean(),
  steps: z.array(stepSchema),
  usage: usageSchema,
  models: z.record(z.string(), z.string()),
  prompts: z.object({ style: z.string(), hashes: z.record(z.string(), z.string()) }),
  workflowId: z.string(),
  runId: z.string(),
});

export const sampleSchema = z.object({
  /** `task:index:sample`, unique in a run. */
  key: z.string(),
  task: z.string(),
  index: z.number(),
  /** From 0. */
  sample: z.number(),
  question: z.string(),
  gold: z.union([z.string(), z.number(), z.boolean(), z.array(z.union([z.string(), z.number()]))]),
  /** Null when there was no answer. */
  prediction: z.string().nullable(),
  verdict: z.object({
    correct: z.boolean(),
    scores: z.object({ acc: z.number().optional(), em: z.number().optional(), f1: z.number().optional() }).nullable(),
    reason: z.string(),
    undecided: z.boolean().optional(),
    /** Of a judge: whether it said SAME with the gold answer second, then first; null for an unreadable reply. */
    judgements: z.tuple([z.boolean().nullable(), z.boolean().nullable()]).optional(),
    /** What a metric says beside the judge. */
    metric: z.object({ name: z.string(), correct: z.boolean() }).optional(),
  }),
  /** Present when Husky answered. */
  solution: solutionSchema.optional(),
  /** Present when a baseline answered: all that it wrote. */
  text: z.string().optional(),
  failure: z.object({ type: z.string(), message: z.string() }).optional(),
  usage: usageSchema,
  money: z.number(),
  /** ISO 8601. */
  startedAt: z.string(),
  durationMs: z.number(),
});
export type Sample = z.infer<typeof sampleSchema>;

export const manifestSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  /** ISO 8601. */
  createdAt: z.string(),
  /** Of temporal-husky. */
  software: z.string(),
  system: z.string(),
  tasks: z.array(z.object({ name: z.string(), metric: z.string(), sha256: z.string(), questions: z.number() })),
  settings: z.record(z.string(), z.unknown()),
  models: z.record(z.string(), z.string()),
  prompts: z.object({ style: z.string(), hashes: z.record(z.string(), z.string()) }),
  /** Of all that can change an answer or its verdict but questions and labels (activities/run-identity.ts): two runs with one hash would ask the same. */
  settingsHash: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;

export interface RunDirectory {
  path: string;
  manifest: Manifest;
  /** In the order of their ends; of two with one key the first counts. */
  samples: Sample[];
}

const SAMPLES = 'samples.jsonl';
const MANIFEST = 'manifest.json';

/** @throws InputInvalid when the folder holds no run, or a line other than a torn last one cannot be read */
export async function readRun(path: string): Promise<RunDirectory> {
  const manifest = await readManifest(path);
  if (!manifest) throw createFailure('InputInvalid', `${path} holds no run: there is no ${MANIFEST} in it.`);
  return { path, manifest, samples: await readSamples(path) };
}

/** Undefined when there is none. */
export async function readManifest(path: string): Promise<Manifest | undefined> {
  const text = await readIfThere(join(path, MANIFEST));
  if (text === undefined) return undefined;
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (!parsed.success)
    throw createFailure(
      'InputInvalid',
      `${join(path, MANIFEST)}: ${describeIssue(parsed.error.issues[0], 'the file')}.`,
    );
  return parsed.data;
}

export async function readSamples(path: string): Promise<Sample[]> {
  const text = (await readIfThere(join(path, SAMPLES))) ?? '';
  const lines = text.split('\n');
  const samples = new Map<string, Sample>();
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const parsed = sampleSchema.safeParse(parseJson(line));
    if (parsed.success) {
      if (!samples.has(parsed.data.key)) samples.set(parsed.data.key, parsed.data);
    } else if (i < lines.length - 1 && parseJson(line) !== undefined) {
      throw createFailure(
        'InputInvalid',
        `${join(path, SAMPLES)} line ${i + 1}: ${describeIssue(parsed.error.issues[0], 'the line')}.`,
      );
    }
  }
  return [...samples.values()];
}

export async function writeManifest(path: string, manifest: Manifest): Promise<void> {
  await mkdir(path, { recursive: true });
  const draft = join(path, `.${MANIFEST}.${process.pid}`);
  await writeFile(draft, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(draft, join(path, MANIFEST));
}

/** One append at a time per file; a line that a kill has torn is closed first, so that it spoils no other. */
const writing = new Map<string, Promise<void>>();

export function appendSample(path: string, sample: Sample): Promise<void> {
  const file = join(path, SAMPLES);
  const next = (writing.get(file) ?? Promise.resolve())
    .catch(() => undefined)
    .then(async () => {
      const torn = !(await endsWithNewline(file));
      await appendFile(file, `${torn ? '\n' : ''}${JSON.stringify(sample)}\n`);
    });
  writing.set(file, next);
  return next;
}

async function endsWithNewline(file: string): Promise<boolean> {
  const handle = await open(file, 'a+');
  try {
    const { size } = await handle.stat();
    if (size === 0) return true;
    const last = Buffer.alloc(1);
    await handle.read(last, 0, 1, size - 1);
    return last.toString() === '\n';
  } finally {
    await handle.close();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
