/** Identifies a synthesis, so that a folder has one kind of trajectories: dataset, style, prompts and models. */
import { sha256OfFile, sha256OfJson } from '../files/fingerprint';
import { loadConfig, modelOf, type HuskyConfig } from '../config';
import type { Teacher } from '../contract/pipeline';
import type { Model } from '../models/model';
import type { ModelConfig } from '../models/model-config';
import { contentOf, identityOfModel } from '../models/model-identity';
import type { PromptSet } from '../prompts/prompt';
import type { SynthesisIdentity } from './synthesis-folder';
import { chairsOf, type ModuleName } from '../trajectory/modules';
import type { SynthesisSettings } from '../contract/synthesis';
import { identityOfJudge } from '../scoring/metrics/judge';

/** The models that write the trajectories. */
export interface Writers {
  config: HuskyConfig;
  prompts: PromptSet;
  model(module: ModuleName): Promise<Pick<Model, 'name'>>;
}

/** @param promptHash of the paper's one prompt, for style `trajectory` */
export async function identityOfSynthesis(
  { config, model, prompts }: Writers,
  settings: SynthesisSettings,
  { questions, promptHash }: { questions: number; promptHash: () => string },
): Promise<SynthesisIdentity> {
  const dataset = { name: settings.datasetName, sha256: await sha256OfFile(settings.dataset), questions };
  const written = settings.style === 'trajectory';
  const chairs: [string, ModuleName][] = written
    ? [['teacher', 'action']]
    : chairsOf(config).map((module) => [module, module]);
  const models: Record<string, string> = {};
  const modelHashes: Record<string, string> = {};
  for (const [chair, module] of chairs) {
    models[chair] = (await model(module)).name;
    modelHashes[chair] = sha256OfJson(await answering(modelOf(config, module), written));
  }
  if (settings.metric === 'judge')
    modelHashes.judge = sha256OfJson(await identityOfJudge(anywhere(config.judge ?? modelOf(config, 'commonsense'))));
  return {
    dataset,
    style: settings.style,
    models,
    prompts: written
      ? { style: 'trajectory', hashes: { trajectory: promptHash() } }
      : { style: prompts.style, hashes: prompts.hashes },
    modelHashes,
  };
}

/** What a teacher writes by, without starting it: a run that is under way must not go on with another one. */
export async function identityOfTeacher(teacher: Teacher): Promise<unknown> {
  if (teacher.kind === 'scripted') return { ...teacher, trajectories: await contentOf(teacher.trajectories) };
  const { prompts, models } = loadConfig({ path: teacher.file });
  const named = Object.entries(models).map(async ([name, model]) => [name, await identityOfModel(anywhere(model))]);
  return { prompts, models: Object.fromEntries(await Promise.all(named)) as unknown };
}

/** In style `trajectory` the prompt and the synthesis set the sampling, not the model's configuration. */
async function answering(model: ModelConfig, written: boolean): Promise<unknown> {
  if (!written) return identityOfModel(anywhere(model));
  const { maxTokens: _, temperature: __, topP: ___, stop: ____, ...rest } = anywhere(model);
  return identityOfModel(rest as ModelConfig);
}

/** The address is left out: a continued synthesis may find its teacher elsewhere. */
function anywhere(model: ModelConfig): ModelConfig {
  if (model.provider === 'gguf') return model;
  const { headers: _, apiKeyEnv: __, ...rest } = model;
  return { ...rest, baseUrl: '' };
}
