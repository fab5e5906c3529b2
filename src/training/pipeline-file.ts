/** A pipeline as a YAML file: synthesize, extract, train and evaluate, perhaps in rounds. */
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { argumentSchemaSchema } from '../tools/tool-config';
import { createFailure } from '../failures';
import { readYaml } from '../files/yaml-file';
import { describeIssue } from '../formats/describe-issue';
import { PROMPT_STYLES } from '../prompts/prompt';
import { SPLITS, type Split, type WriteAtlasQaOptions } from '../atlas';
import { MODULES } from '../trajectory/modules';
import { PIPELINE_STAGES, type PipelinePlan } from '../contract/pipeline';
import { baseOf } from './base-name';
import { trainerBackend, trainingSettings } from './trainers';

const count = z.int().min(0);
const rate = z.number().min(0).max(1).optional();
const mistakes = z.strictObject({ wrongTool: rate, wrongNumber: rate, malformedStep: rate, failingCode: rate });

const atlasQa = z.strictObject({
  out: z.string(),
  seed: z.int().default(1),
  ...(Object.fromEntries([...SPLITS, 'real'].map((split) => [split, count.default(0)])) as Record<
    Split | 'real',
    z.ZodDefault<z.ZodInt>
  >),
});

const byRound = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string().regex(/^[1-9]\d?$/, 'must be the number of a round'), value).optional();
const changedSettings = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

const pipelineSchema = z.strictObject({
  /** Questions of atlas-qa to write first, for pipelines that make experts of the atlas. */
  atlasQa: atlasQa.optional(),
  name: z.string().regex(/^[\w.-]+$/),
  /** Folder of everything that is made, relative to the file. */
  out: z.string(),
  /** Rounds of expert iteration: each after the first has the experts of the one before as its teacher. @default 1 */
  rounds: z.int().min(1).max(20).default(1),
  /** A person is asked before this stage. */
  approval: z.enum(PIPELINE_STAGES).optional(),
  /** A configuration, or `scriptedTeacher` with gold trajectories. */
  teacher: z.union([
    z.strictObject({ config: z.string() }),
    z.strictObject({ scripted: z.string(), mistakes: mistakes.prefault({}), seed: z.int().default(0) }),
  ]),
  synthesize: z.strictObject({
    dataset: z.string(),
    name: z.string().optional(),
    style: z.enum(['trajectory', 'modular']).default('trajectory'),
    samples: z.int().min(1).default(1),
    temperature: z.number().min(0).max(2).default(0.7),
    seed: z.int().default(0),
    maxSteps: z.int().min(1).default(10),
    metric: z.enum(['dataset', 'exact', 'number', 'judge']).default('dataset'),
    maxInFlight: z.int().min(1).default(64),
    budget: z
      .strictObject({ questions: count.default(0), tokens: count.default(0), money: z.number().min(0).default(0) })
      .prefault({}),
    price: z.strictObject({ input: z.number().min(0).default(0), output: z.number().min(0).default(0) }).prefault({}),
  }),
  extract: z
    .strictObject({
      modules: z.array(z.enum(MODULES)).min(1).default(['action', 'code', 'math', 'query']),
      style: z.enum(PROMPT_STYLES).default('few-shot'),
      format: z.enum(['prompt-completion', 'conversational']).default('prompt-completion'),
      language: z.enum(['javascript', 'python']).default('javascript'),
      seed: z.int().default(0),
      devShare: z.number().min(0).lt(1).default(0.05),
      maxTokens: z.int().min(1).default(2048),
      maxToolShare: z.number().gt(0).max(1).default(1),
      testSets: z.array(z.string()).default([]),
      ngram: count.default(8),
      includeRejected: z.boolean().default(false),
      tools: z
        .array(z.strictObject({ name: z.string(), description: z.string(), input: argumentSchemaSchema.optional() }))
        .default([]),
      /** Configuration whose `tools:` and `mcp:` are known, too. @default the teacher's */
      config: z.string().optional(),
      /** Further trajectories that every round is trained on. */
      also: z.array(z.string()).default([]),
      /** Trajectories that join later: number of the first round to files. */
      alsoFromRound: byRound(z.array(z.string())),
    })
    .prefault({}),
  train: z.strictObject({
    backend: z.string().default('sft'),
    modules: z.array(z.enum(MODULES)).min(1).optional(),
    base: z.string().default(''),
    device: z.enum(['auto', 'cpu', 'cuda']).default('auto'),
    preset: z.string().optional(),
    settings: changedSettings.default({}),
    /** What is set otherwise from a round on. */
    settingsFromRound: byRound(changedSettings),
    parallel: z.int().min(1).default(1),
    /** From the second round on the experts of the round before are trained further, instead of the base again. */
    further: z.boolean().default(false),
  }),
  serve: z
    .strictObject({
      server: z.enum(['vllm', 'llama-cpp', 'gguf']).default('vllm'),
      rest: z.string().optional(),
      config: z.string().optional(),
      /** The pipeline runs serve.sh itself while a stage asks the experts. */
      start: z.boolean().default(false),
    })
    .prefault({}),
  evaluate: z.strictObject({
    dataset: z.string(),
    name: z.string().optional(),
    metric: z.string().default('answer'),
    limit: count.default(0),
    seed: z.int().default(0),
    maxInFlight: z.int().min(1).default(16),
  }),
});
type PipelineFile = z.infer<typeof pipelineSchema>;

/**
 * Reads and checks a pipeline file; relative paths in it are from its own folder.
 *
 * @throws InputInvalid naming every wrong field
 */
export function readPipelineFile(path: string): PipelinePlan {
  return planOf(parsePipelineFile(path), dirname(resolve(path)));
}

/**
 * The questions of the atlas that a pipeline file wants to be written before it runs; undefined if it wants none. @throws InputInvalid as
 * {@link readPipelineFile}
 */
export function readPipelineQuestions(path: string): WriteAtlasQaOptions | undefined {
  const { atlasQa: wanted } = parsePipelineFile(path);
  if (!wanted) return undefined;
  const { out, seed, real, ...counts } = wanted;
  return { out: resolve(dirname(resolve(path)), out), seed, real, counts };
}

function parsePipelineFile(path: string): PipelineFile {
  const result = pipelineSchema.safeParse(readYaml(path, 'pipeline file', 'InputInvalid'));
  if (!result.success) {
    const problems = result.error.issues.map((issue) => describeIssue(issue, '(top level)'));
    throw createFailure('InputInvalid', `${path}: ${problems.join('; ')}.`);
  }
  return result.data;
}

/** @param folder from which relative paths are read @throws InputInvalid for an unknown back end, preset or setting */
function planOf(file: PipelineFile, folder: string): PipelinePlan {
  const at = (path: string) => resolve(folder, path);
  const { name, rounds, approval, teacher, synthesize, extract, train, serve, evaluate } = file;
  const { dataset, name: datasetName = nameOf(dataset), ...synthesis } = synthesize;
  const { backend: backendName, preset, settings, settingsFromRound, base, modules, ...training } = train;
  const backend = trainerBackend(backendName);
  if (backend.needsBase && base === '')
    throw createFailure('InputInvalid', `train.base is missing: the back end ${backendName} fine-tunes a base model.`);
  if (training.further && backend.needsBase)
    throw createFailure(
      'InputInvalid',
      `train.further is not possible with the back end ${backendName}, which fine-tunes a base model.`,
    );
  const { alsoFromRound, config = 'config' in teacher ? teacher.config : undefined, ...extraction } = extract;
  for (const [field, value = {}] of Object.entries({
    'extract.alsoFromRound': alsoFromRound,
    'train.settingsFromRound': settingsFromRound,
  })) {
    const never = Object.keys(value).find((from) => Number(from) > rounds);
    if (never)
      throw createFailure(
        'InputInvalid',
        `${field} names round ${never}, and the last one is ${rounds}; give rounds: ${never} or more.`,
      );
  }
  for (const changes of Object.values(settingsFromRound ?? {})) trainingSettings(backend, preset, changes);
  return {
    name,
    out: at(file.out),
    rounds,
    approval,
    teacher:
      'config' in teacher
        ? { kind: 'config', file: at(teacher.config) }
        : {
            kind: 'scripted',
            trajectories: at(teacher.scripted),
            mistakes: teacher.mistakes,
            seed: teacher.seed,
          },
    synthesize: { ...synthesis, dataset: at(dataset), datasetName },
    extract: {
      ...extraction,
      testSets: extraction.testSets.map(at),
      also: extraction.also.map(at),
      config: config && at(config),
      ...(alsoFromRound && {
        alsoFromRound: Object.fromEntries(Object.entries(alsoFromRound).map(([from, files]) => [from, files.map(at)])),
      }),
    },
    train: {
      ...training,
      modules,
      backend: backendName,
      base: baseOf(base, folder),
      settings: trainingSettings(backend, preset, settings),
      ...(settingsFromRound && { settingsFromRound }),
    },
    serve: {
      ...serve,
      config: serve.config && at(serve.config),
      // Not told where it is not wanted: records of stages are found by what they were given.
      start: serve.start || undefined,
    },
    evaluate: {
      tasks: [{ name: evaluate.name ?? nameOf(evaluate.dataset), file: at(evaluate.dataset), metric: evaluate.metric }],
      system: { kind: 'husky' },
      limit: evaluate.limit,
      seed: evaluate.seed,
      samples: 1,
      maxInFlight: evaluate.maxInFlight,
      limits: {},
      stepsPerActivity: 8,
      rules: 'default',
    },
  };
}

function nameOf(path: string): string {
  return basename(path).replace(/\.jsonl$/, '');
}
