/**
 * Stage 2: makes a training set for each module from kept trajectories. It takes one pass in constant memory (two if tools are balanced).
 * The same input, options and seed give the same bytes.
 */
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFile } from '../files/fingerprint';
import { replaceJson } from '../files/replace-file';
import { createFailure } from '../failures';
import type { PromptSet } from '../prompts/prompt';
import type { ModuleName } from '../trajectory/modules';
import { BUILT_IN_TOOLS } from '../trajectory/step';
import type { Trajectory } from '../trajectory/trajectory';
import { keepFractions } from './balance';
import { normalizeQuestion, TestQuestions, type DecontaminationOptions } from './decontaminate';
import { ExampleWriter } from './example-writer';
import { StatisticsCollector } from './extract-statistics';
import { HashSet, hashFraction, hashText } from './text-hash';
import { estimatedTokens, type TokenCounter } from './token-counter';
import { extractExamples, type OfferedTool } from './training-example';
import { TRAINING_SET_VERSION, type TrainingFormat, type TrainingSetManifest } from './training-set';
import { readTrajectories, trajectoryFiles } from '../formats/trajectory';

/** The four modules that the paper fine-tunes. */
export const PAPER_MODULES: readonly ModuleName[] = ['action', 'code', 'math', 'query'];

export interface ExtractOptions {
  /** Trajectory files, or folders of them. */
  trajectories: string | readonly string[];
  /** Folder of the training set. Files of an earlier extraction are replaced when this one is complete. */
  out: string;
  prompts: PromptSet;
  /** @default `PAPER_MODULES` */
  modules?: readonly ModuleName[];
  /** @default 'prompt-completion' */
  format?: TrainingFormat;
  modelNames?: Partial<Record<ModuleName, string>>;
  /** Language of the programs that the code module learns to write. @default the prompt set's own */
  language?: 'javascript' | 'python';
  /** The user's own tools. */
  tools?: readonly OfferedTool[];
  /** Why tools may be missing from {@link tools}, such as a server that did not answer; said where a trajectory uses an unknown tool. */
  missing?: readonly string[];
  /** @default 0 */
  seed?: number;
  /** Share of questions held out for `dev.jsonl`. @default 0.05 */
  devShare?: number;
  /** Tokens of prompt and completion together. @default 2048 */
  maxTokens?: number;
  /** @default the estimate of `estimatedTokens` */
  tokens?: TokenCounter;
  /** No tool takes a larger share of the action generator's examples. @default 1 */
  maxToolShare?: number;
  /** Dataset files whose questions must not be trained on. */
  testSets?: readonly string[];
  decontamination?: DecontaminationOptions;
  /** Includes rejected trajectories, for ablations. @default false */
  includeRejected?: boolean;
  onProgress?: (trajectories: number) => void;
  signal?: AbortSignal;
}

export interface Extraction {
  out: string;
  manifest: TrainingSetManifest;
  /** Requested modules without an example. */
  empty: ModuleName[];
}

/**
 * @throws InputInvalid for a malformed line, a tool that no module knows, a test set that cannot be read, or when nothing is kept
 */
export async function extract(options: ExtractOptions): Promise<Extraction> {
  const {
    out,
    prompts,
    format = 'prompt-completion',
    seed = 0,
    devShare = 0.05,
    maxTokens = 2048,
    tokens = estimatedTokens,
  } = options;
  const { maxToolShare = 1, testSets = [], decontamination = {}, includeRejected = false } = options;
  const modules = new Set(options.modules ?? PAPER_MODULES);
  const language = prompts.style === 'husky-v1' ? 'python' : (options.language ?? 'javascript');
  const inputs = await inputFiles(options.trajectories);
  const contaminated = new TestQuestions(decontamination);
  for (const path of testSets) await contaminated.addFile(path);
  const rejection = (trajectory: Trajectory) => {
    if (!trajectory.accepted && !includeRejected) return trajectory.rejection ?? 'not-accepted';
    const found = testSets.length > 0 ? contaminated.find(trajectory.question) : undefined;
    return found && `in a test set (${found})`;
  };
  const knownTools = new Set<string>([...BUILT_IN_TOOLS, ...(options.tools ?? []).map(({ name }) => name)]);
  const keep =
    maxToolShare < 1 ? keepFractions(await countTools(inputs, rejection), maxToolShare) : new Map<string, number>();

  const partial = join(out, '.partial');
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });

  const collector = new StatisticsCollector(modules);
  const writer = new ExampleWriter(partial, { modules, format, language, seed, maxTokens, tokens, keep }, collector);
  const questions = new HashSet();
  try {
    let read = 0;
    for await (const placed of readTrajectories(inputs)) {
      const { trajectory } = placed;
      read += 1;
      if (read % 500 === 0) {
        options.signal?.throwIfAborted();
        options.onProgress?.(read);
      }
      collector.read();
      const reason = rejection(trajectory);
      if (reason !== undefined) {
        collector.rejected(reason);
        continue;
      }
      checkTools(placed, knownTools, options.missing);
      const question = normalizeQuestion(trajectory.question);
      writer.split = hashFraction(question, seed) < devShare ? 'dev' : 'train';
      if (questions.add(hashText(question))) collector.question(writer.split);
      collector.kept(trajectory);
      extractExamples(
        trajectory,
        { modules, prompts, modelNames: options.modelNames, language: options.language, tools: options.tools },
        writer,
      );
    }
  } finally {
    writer.close();
  }
  const { statistics } = collector;
  if (statistics.trajectories.kept === 0) {
    await rm(partial, { recursive: true, force: true });
    throw createFailure(
      'InputInvalid',
      `None of ${statistics.trajectories.read} trajectories was kept (${describe(statistics.rejections)}).`,
    );
  }
  const manifest: TrainingSetManifest = {
    version: TRAINING_SET_VERSION,
    format,
    style: prompts.style,
    prompts: Object.fromEntries([...modules].map((module) => [module, prompts.hashes[module] ?? ''])),
    seed,
    maxTokens,
    tokenizer: tokens.name,
    devShare,
    maxToolShare,
    decontamination: {
      ngram: decontamination.ngram ?? 8,
      share: decontamination.share ?? 0.7,
      sets: testSets.map((path) => basename(path)),
    },
    inputs: await Promise.all(inputs.map(async (path) => ({ file: basename(path), sha256: await sha256OfFile(path) }))),
    statistics,
  };
  replaceJson(join(partial, 'manifest.json'), manifest);
  await publish(partial, out, modules);
  const empty = [...modules].filter((module) => (statistics.modules[module]?.train ?? 0) === 0);
  return { out, manifest, empty };
}

async function inputFiles(paths: string | readonly string[]): Promise<string[]> {
  const files = await Promise.all((typeof paths === 'string' ? [paths] : paths).map(trajectoryFiles));
  return files.flat();
}

/** Moves the finished files into place, the manifest last: a folder with a manifest is complete. */
async function publish(partial: string, out: string, modules: Iterable<ModuleName>): Promise<void> {
  await rm(join(out, 'manifest.json'), { force: true });
  for (const name of [...modules, 'manifest.json']) {
    await rm(join(out, name), { recursive: true, force: true });
    await rename(join(partial, name), join(out, name));
  }
  await rm(partial, { recursive: true, force: true });
}

async function countTools(
  files: readonly string[],
  rejection: (trajectory: Trajectory) => string | undefined,
): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const bump = (tool: string) => counts.set(tool, (counts.get(tool) ?? 0) + 1);
  for await (const { trajectory } of readTrajectories(files)) {
    if (rejection(trajectory) !== undefined) continue;
    for (const { tool } of trajectory.steps) bump(tool);
    bump('finish');
  }
  return counts;
}

function checkTools(
  { trajectory, where }: { trajectory: Trajectory; where: string },
  known: ReadonlySet<string>,
  missing: readonly string[] = [],
): void {
  const unknown = trajectory.steps.find(({ tool }) => !known.has(tool));
  if (!unknown) return;
  throw createFailure(
    'ToolUnknown',
    `${where}: step "${unknown.step}" uses the tool ${unknown.tool}, which no module knows; name it with --tool ${unknown.tool}="what it does" (in a pipeline: extract.tools), or name a configuration that has it with --config (extract.config).${missing.map((why) => ` ${why}`).join('')}`,
  );
}

function describe(counts: Record<string, number>): string {
  const parts = Object.entries(counts).map(([reason, count]) => `${reason}: ${count}`);
  return parts.length > 0 ? parts.join(', ') : 'the files are empty';
}
