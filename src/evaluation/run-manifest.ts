/** Makes the manifest of a run, and checks whether a folder can be continued. */
import { basename, resolve } from 'node:path';
import { modelOf, type HuskyConfig } from '../config';
import type * as wire from '../contract/evaluation';
import { createFailure } from '../failures';
import { sha256OfJson } from '../files/fingerprint';
import type { Manifest, Sample } from '../formats/run';
import { nameOfModel } from '../models/model-identity';
import { packageVersion } from '../package-version';
import { renderBaseline } from '../prompts/baseline-prompts';
import type { PromptSet } from '../prompts/prompt';
import { chairsOf, type ModuleName } from '../trajectory/modules';
import type { RunPlan } from './plan-run';
import { identityOfRun } from './run-identity';

/** The settings that make a run's answers. */
export interface RunMakers {
  config: HuskyConfig;
  prompts: PromptSet;
}

/** The manifest of a new run. */
export async function describeRun(
  makers: RunMakers,
  settings: wire.EvaluationSettings,
  plan: RunPlan,
): Promise<Manifest> {
  const { config, prompts } = makers;
  const models = Object.fromEntries(
    modulesOf(config, settings.system).map((module) => [module, nameOfModel(modelOf(config, module))]),
  );
  const { out, maxInFlight: _, questionsPerWorkflow: __, ...asked } = settings;
  const system = settings.system.kind === 'command' ? `command: ${settings.system.command}` : settings.system.kind;
  const prompting = { style: prompts.style, hashes: promptHashes(makers, settings) };
  const metrics = plan.tasks.map(({ metric }) => metric);
  const identity = await identityOfRun({ config, settings, prompts: prompting, metrics });
  return {
    version: 1,
    id: basename(resolve(out)),
    createdAt: new Date().toISOString(),
    software: packageVersion(),
    system,
    tasks: plan.tasks.map(({ name, metric, sha256, questions }) => ({
      name,
      metric,
      sha256,
      questions: questions.length,
    })),
    settings: asked,
    models,
    prompts: prompting,
    settingsHash: sha256OfJson(identity),
  };
}

function modulesOf(config: HuskyConfig, { kind }: wire.EvaluatedSystem): readonly ModuleName[] {
  if (kind === 'husky') return chairsOf(config);
  return kind === 'command' ? [] : ['action'];
}

/** The prompts of a run; a baseline has one. */
function promptHashes({ prompts, config }: RunMakers, { system }: wire.EvaluationSettings): Record<string, string> {
  if (system.kind === 'husky') return prompts.hashes;
  if (system.kind === 'command') return {};
  const { language } = config.sandbox;
  return { [system.kind]: renderBaseline(system.kind, { style: prompts.style, question: '', language }).hash };
}

/**
 * Refuses a folder whose answers belong to other questions, labels or metrics: answers are stored under the number of their question.
 *
 * @throws InputInvalid naming the question
 */
export function refuseOtherAnswers(out: string, before: Manifest, plan: RunPlan, samples: readonly Sample[]): void {
  const advice = 'choose another --out beside it, which takes over the answers that still count.';
  const questions = new Map(plan.items.map(({ key, question }) => [key, question]));
  for (const { name, metric, answers } of plan.tasks) {
    const judged = before.tasks.find((task) => task.name === name)?.metric ?? metric;
    if (judged !== metric)
      throw createFailure('InputInvalid', `${out} holds ${name} judged by ${judged}, not by ${metric}; ${advice}`);
    const changed = samples.find(
      ({ task, index, key, question, gold }) =>
        task === name &&
        questions.has(key) &&
        (questions.get(key) !== question || JSON.stringify(answers.get(index)) !== JSON.stringify(gold)),
    );
    if (changed)
      throw createFailure(
        'InputInvalid',
        `${out} holds an answer to ${name} ${changed.index} of a time when its question or label was another one; ${advice}`,
      );
  }
}

/** The manifest of a continued folder: it keeps tasks of earlier runs that are not asked now. */
export function continued(before: Manifest, now: Manifest): Manifest {
  const tasks = before.tasks.filter(({ name }) => !now.tasks.some((task) => task.name === name));
  return { ...now, createdAt: before.createdAt, tasks: [...tasks, ...now.tasks] };
}
