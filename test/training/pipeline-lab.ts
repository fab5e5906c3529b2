/** A pipeline whose teacher knows and whose experts learn by heart, for tests that are about the pipeline. */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { NativeConnection } from '@temporalio/worker';
import type { HostTeacher } from '../../src/activities/lab/pipeline';
import type { Model } from '../../src/models/model';
import { createScriptedTeacher } from '../../src/training/scripted-teacher';
import type { TrainingActivityOptions } from '../../src/activities/lab/training-activities';
import { MODULES } from '../../src/trajectory/modules';
import type { PipelinePlan } from '../../src/contract/pipeline';
import { createLabWorker, labContext, tableTrainer } from './harness';
import { mapTrajectory, plainPrompts, writeLines } from './trajectories';

export const gold = Array.from({ length: 12 }, (_, index) =>
  mapTrajectory(index, { steps: mapTrajectory(index).steps.slice(0, 3) }),
);

/** Experts that learned by heart, read from the folder that a configuration stands in. */
function tables(config: string): Model {
  const known = new Map<string, string>();
  for (const module of MODULES) {
    const path = join(dirname(config), module, 'model', 'table.json');
    if (!statSync(path, { throwIfNoEntry: false })) continue;
    for (const [prompt, completion] of Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>))
      known.set(prompt, completion);
  }
  return {
    name: 'table',
    generate: async ({ prompt }) => ({
      text: known.get(prompt) ?? '[finish] The answer is not known.',
      finishReason: 'stop',
      model: 'table',
      usage: { calls: 1, inputTokens: 10, outputTokens: 5 },
    }),
  };
}

/** @param onHost called whenever a teacher takes its chair */
export function pipelineOptions(
  connection: NativeConnection,
  onHost: () => void = () => undefined,
): TrainingActivityOptions {
  const host: HostTeacher = async ({ teacher, taskQueue, style }) => {
    onHost();
    const scriptedTeacher = createScriptedTeacher(
      gold,
      teacher.kind === 'scripted' ? { mistakes: teacher.mistakes, seed: teacher.seed } : {},
    );
    const model = (expert: string): Model =>
      teacher.kind === 'scripted'
        ? scriptedTeacher(style === 'trajectory' ? 'teacher' : (expert as 'action'))
        : tables(teacher.file);
    const worker = await createLabWorker(connection, labContext(gold, model), taskQueue);
    const running = worker.run();
    return {
      failed: running.then(() => new Promise<never>(() => undefined)),
      stop: async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await running;
      },
    };
  };
  return {
    trainer: { backend: tableTrainer, python: 'python3', path: [__dirname] },
    pipeline: { host, prompts: plainPrompts },
  };
}

/** What the workers of a pipeline are given: every call is a teacher's. */
export const pipelineContext = () =>
  labContext(gold, () => {
    throw new Error('the pipeline itself asks no model');
  });

export function pipelinePlan(folder: string, name: string, change: Partial<PipelinePlan> = {}): PipelinePlan {
  const dataset = join(folder, 'maps.jsonl');
  writeLines(
    dataset,
    gold.map(({ index, question, gold: answer }) => ({ index, question, answer })),
  );
  const trajectories = join(folder, 'gold.jsonl');
  writeLines(trajectories, gold);
  return {
    name,
    out: join(folder, name),
    rounds: 1,
    teacher: { kind: 'scripted', trajectories, mistakes: {}, seed: 0 },
    synthesize: {
      dataset,
      datasetName: 'maps',
      style: 'trajectory',
      samples: 1,
      temperature: 0,
      seed: 0,
      maxSteps: 10,
      metric: 'dataset',
      maxInFlight: 8,
      budget: { questions: 0, tokens: 0, money: 0 },
      price: { input: 0, output: 0 },
    },
    extract: {
      modules: ['action', 'code', 'query', 'code-rewrite', 'search-rewrite'],
      style: 'compact',
      format: 'prompt-completion',
      language: 'javascript',
      seed: 0,
      devShare: 0,
      maxTokens: 2048,
      maxToolShare: 1,
      testSets: [],
      ngram: 8,
      includeRejected: false,
    },
    train: { backend: 'table', base: '', device: 'cpu', settings: {}, parallel: 2 },
    serve: { server: 'gguf', rest: 'base.gguf' },
    evaluate: {
      tasks: [{ name: 'maps', file: dataset, metric: 'answer' }],
      system: { kind: 'husky' },
      limit: 0,
      seed: 0,
      samples: 1,
      maxInFlight: 8,
      limits: {},
      stepsPerActivity: 8,
      rules: 'default',
    },
    ...change,
  };
}
