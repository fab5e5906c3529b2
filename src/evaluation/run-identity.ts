/** Identifies a run's settings, with weights and index by their content. */
import { atlasDocuments } from '../atlas';
import { modelOf, type HuskyConfig } from '../config';
import { identityOfJudge } from '../scoring/metrics/judge';
import { judgeMetric } from '../scoring/metrics/registry';
import type { ModelConfig } from '../models/model-config';
import { contentOf, identityOfModel } from '../models/model-identity';
import { hashOf } from '../search/sqlite/build-index';
import type { EvaluationSettings } from '../contract/evaluation';
import { NEWEST_RULES } from '../contract/profile';

export interface RunIdentityInput {
  config: HuskyConfig;
  settings: Pick<EvaluationSettings, 'system' | 'limits' | 'rules' | 'extract'> &
    Partial<Pick<EvaluationSettings, 'samples' | 'tasks'>>;
  prompts: { style: string; hashes: Record<string, string> };
  /** Metrics of the tasks. */
  metrics: readonly string[];
}

/** All that can change an answer or its verdict, except questions and labels. Speed and price cannot. */
export async function identityOfRun({ config, settings, prompts, metrics }: RunIdentityInput): Promise<object> {
  const { maxQuestionChars: _, ...limits } = config.limits;
  const { concurrency: __, spares: ___, require: ____, ...sandbox } = config.sandbox;
  return {
    system: settings.system,
    // A baseline with several samples uses another temperature than one with a single answer.
    ...(isBaseline(settings.system) && (settings.samples ?? 1) > 1 ? { sampled: true } : {}),
    models: await identityOfModels(config.models),
    prompts,
    limits: { ...limits, ...settings.limits },
    sandbox,
    search: await identityOfSearch(config.search),
    tools: config.tools,
    ...(prompts.style === 'instruct'
      ? { guidance: { ...config.guidance, rules: NEWEST_RULES }, builtInTools: config.builtInTools }
      : {}),
    ...(settings.tasks?.some(({ builtInTools }) => builtInTools) ? { toolsByTask: toolsByTask(settings.tasks) } : {}),
    ...(settings.system.kind === 'husky' && config.samples > 1 ? { votingSamples: config.samples } : {}),
    rules: settings.rules,
    extract: settings.extract ?? 'auto',
    ...(metrics.includes(judgeMetric)
      ? { judge: await identityOfJudge(config.judge ?? modelOf(config, 'commonsense')) }
      : {}),
  };
}

const toolsByTask = (tasks: EvaluationSettings['tasks']) =>
  [...new Set(tasks.map(({ builtInTools }) => builtInTools?.join() ?? 'all'))].sort();
const isBaseline = ({ kind }: EvaluationSettings['system']) => kind !== 'husky' && kind !== 'command';

/** The models of a configuration, each GGUF file by its content. */
async function identityOfModels(models: HuskyConfig['models']): Promise<Record<string, unknown>> {
  const entries = Object.entries(models).filter((entry): entry is [string, ModelConfig] => entry[1] !== undefined);
  return Object.fromEntries(
    await Promise.all(entries.map(async ([expert, model]) => [expert, await identityOfModel(model)])),
  );
}

/** The search settings, an index by its content. */
async function identityOfSearch(search: HuskyConfig['search']): Promise<unknown> {
  const { index, timeoutMs: _, embeddings, ...others } = search;
  // How passages were embedded is a part of the index.
  const { model, queryPrefix } = embeddings ?? {};
  const rest = embeddings ? { ...others, embeddings: { model, queryPrefix } } : others;
  if (index !== undefined) return { ...rest, index: await contentOf(index) };
  return search.engine === 'sqlite' ? { ...rest, index: hashOf([...atlasDocuments()]) } : rest;
}
