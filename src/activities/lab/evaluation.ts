/**
 * The activities of the evaluate workflow: what to ask, what a baseline answers, what came of it.
 *
 * @module
 */
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { sha256OfJson } from '../../files/fingerprint';
import { modelOf, type HuskyConfig } from '../../config';
import { planRun, type RunPlan } from '../../evaluation/plan-run';
import { appendSample, writeManifest } from '../../evaluation/run-directory';
import { readManifest, readSamples, type Manifest, type Sample } from '../../formats/run';
import { createFailure } from '../../failures';
import { packageVersion } from '../../package-version';
import { renderBaseline } from '../../prompts/baseline-prompts';
import { EXPERTS, type Expert } from '../../trajectory/modules';
import { NO_USAGE, type Usage } from '../../trajectory/step';
import type * as wire from '../../contract/evaluation';
import type { ActivityContext } from '../../runtime/activity-context';
import { answerByBaseline } from './baseline';
import { withHeartbeat } from '../../runtime/heartbeat';
import { identityOfRun } from './run-identity';
import { createJudge } from './judge';
import { Scorer } from '../../scoring/scorer';

export type EvaluationActivities = ReturnType<typeof createEvaluationActivities>;

/** Systems whose text is a model's response. */
const RESPONDING: ReadonlySet<string> = new Set(['direct', 'cot', 'cot-few-shot']);

export function createEvaluationActivities(context: ActivityContext) {
  const scorer = new Scorer({ judge: createJudge(context) });
  const plans = new Map<string, Promise<RunPlan>>();
  const finished = new Map<string, Promise<Set<string>>>();
  const planOf = (settings: wire.EvaluationSettings) => once(plans, JSON.stringify(settings), () => planRun(settings));
  const finishedOf = (out: string) =>
    once(finished, out, async () => new Set((await readSamples(out)).map(({ key }) => key)));

  return {
    /** Plans the run, writes its manifest, and takes over what runs of the same settings beside it have answered. */
    openEvaluation: (settings: wire.EvaluationSettings): Promise<wire.OpenedEvaluation> =>
      withHeartbeat(async () => {
        // The files may have changed since an earlier run of this worker's.
        plans.delete(JSON.stringify(settings));
        const plan = await planOf(settings);
        const manifest = await describeRun(context, settings, plan);
        const before = await readManifest(settings.out);
        if (before && before.settingsHash !== manifest.settingsHash)
          throw createFailure(
            'InputInvalid',
            `${settings.out} holds a run with other models, prompts or settings; choose another --out.`,
          );
        const wanted = new Set(plan.items.map(({ key }) => key));
        if (before) refuseOtherAnswers(settings.out, before, plan, await readSamples(settings.out));
        writeManifest(settings.out, before ? continued(before, manifest) : manifest);
        const reused = await takeOver(settings, plan, manifest);
        finished.delete(settings.out);
        const samples = (await readSamples(settings.out)).filter(({ key }) => wanted.has(key));
        const correct = samples.filter(({ verdict }) => verdict.correct).length;
        return { total: plan.items.length, done: samples.length, reused, correct };
      }),

    nextItems: ({ settings, cursor, limit }: wire.NextItemsInput): Promise<wire.NextItems> =>
      withHeartbeat(async () => {
        const { items } = await planOf(settings);
        const done = await finishedOf(settings.out);
        const window: wire.EvaluationItem[] = [];
        let at = cursor;
        for (; at < items.length && window.length < limit; at += 1) {
          const item = items[at];
          if (item && !done.has(item.key)) window.push(item);
        }
        return { items: window, cursor: at };
      }),

    /** A baseline's answer. */
    answerDirectly: ({ system, item, samples }: wire.AnswerDirectlyInput): Promise<wire.DirectAnswer> =>
      withHeartbeat(async (signal) => {
        const { question } = item;
        if (system.kind === 'husky' || system.kind === 'command')
          throw createFailure('InputInvalid', `System ${system.kind} does not answer by this activity.`);
        return answerByBaseline(context, { baseline: system.kind, question, samples }, signal);
      }),

    /** Scores an answer and appends it to the run directory; a second time it changes nothing. */
    recordSample: (input: wire.RecordSampleInput): Promise<wire.RecordedSample> =>
      withHeartbeat(async (signal) => {
        const { settings, item, solution, direct, failure } = input;
        const plan = await planOf(settings);
        const task = plan.tasks.find(({ name }) => name === item.task);
        const gold = task?.answers.get(item.index);
        if (!task || gold === undefined)
          throw createFailure('InputInvalid', `Question ${item.key} is no longer in its dataset.`);
        const prediction = (solution ?? direct)?.answer ?? null;
        // What a model wrote is read whole, so that the verdict names the rule of extraction; the reference reads answers alone.
        const isResponse = direct !== undefined && RESPONDING.has(settings.system.kind) && settings.rules === 'default';
        const { rules, extract } = settings;
        const { question } = item;
        const asked = {
          task: item.task,
          metric: task.metric,
          question,
          prediction: isResponse ? direct.text : prediction,
          gold,
          rules,
          extract,
        };
        const verdict = await scorer.score(asked, signal);
        const usage = (solution ?? direct)?.usage ?? NO_USAGE;
        const money = priceOf(context.config, usage);
        const sample: Sample = {
          ...pick(item),
          gold,
          prediction,
          verdict,
          ...(solution ? { solution } : {}),
          ...(direct ? { text: direct.text } : {}),
          ...(failure ? { failure } : {}),
          usage,
          money,
          startedAt: new Date(input.startedAt).toISOString(),
          durationMs: input.durationMs,
        };
        const done = await finishedOf(settings.out);
        if (!done.has(item.key)) await appendSample(settings.out, sample);
        done.add(item.key);
        return { correct: verdict.correct, failed: failure !== undefined, usage, money };
      }),

    /** The result of a question that an earlier run of the workflow began; undefined when it ended without one. */
    collectSample: ({ workflowId }: { workflowId: string }): Promise<wire.RecordedSample | undefined> =>
      withHeartbeat(() => resultOf<wire.RecordedSample>(workflowId)),

    /** The same of several questions. */
    collectSamples: ({ workflowId }: { workflowId: string }): Promise<wire.KeyedSample[] | undefined> =>
      withHeartbeat(() => resultOf<wire.KeyedSample[]>(workflowId)),

    closeEvaluation: async ({ settings }: { settings: wire.EvaluationSettings }): Promise<void> => {
      plans.delete(JSON.stringify(settings));
      finished.delete(settings.out);
      await scorer.close();
    },
  };
}

async function resultOf<Result>(workflowId: string): Promise<Result | undefined> {
  try {
    return (await Context.current().client.workflow.getHandle(workflowId).result()) as Result;
  } catch (error) {
    if (error instanceof WorkflowFailedError) return undefined;
    throw error;
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  let value = known.get(key);
  if (!value) {
    value = make();
    known.set(key, value);
    value.catch(() => known.delete(key));
  }
  return value;
}

function pick({ key, task, index, sample, question }: wire.EvaluationItem) {
  return { key, task, index, sample, question };
}

/** In the currency of `price`; tokens are not told apart by expert, so the dearest price counts where experts differ. */
function priceOf(config: HuskyConfig, usage: Usage): number {
  const prices = EXPERTS.map((expert: Expert) => modelOf(config, expert).price).filter((price) => price !== undefined);
  const input = Math.max(0, ...prices.map((price) => price.input));
  const output = Math.max(0, ...prices.map((price) => price.output));
  return (usage.inputTokens * input + usage.outputTokens * output) / 1e6;
}

async function describeRun(
  context: ActivityContext,
  settings: wire.EvaluationSettings,
  plan: RunPlan,
): Promise<Manifest> {
  const { config, prompts } = context;
  const models = Object.fromEntries(
    expertsOf(settings.system).map((expert) => {
      const model = modelOf(config, expert);
      return [expert, model.model ?? (model.provider === 'gguf' ? basename(model.path, '.gguf') : '')];
    }),
  );
  const { out, maxInFlight: _, questionsPerWorkflow: __, ...asked } = settings;
  const system = settings.system.kind === 'command' ? `command: ${settings.system.command}` : settings.system.kind;
  const prompting = { style: prompts.style, hashes: promptHashes(context, settings) };
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

function expertsOf({ kind }: wire.EvaluatedSystem): readonly Expert[] {
  if (kind === 'husky') return EXPERTS;
  return kind === 'command' ? [] : ['action'];
}

/** The baseline's one prompt stands in for those of the experts. */
function promptHashes(
  { prompts, config }: ActivityContext,
  { system }: wire.EvaluationSettings,
): Record<string, string> {
  if (system.kind === 'husky') return prompts.hashes;
  if (system.kind === 'command') return {};
  const { language } = config.sandbox;
  return { [system.kind]: renderBaseline(system.kind, { style: prompts.style, question: '', language }).hash };
}

/**
 * Answers in the folder stand under the number of their question: they are of no use to a dataset that has another question or label
 * there, nor to another metric.
 *
 * @throws InputInvalid naming the question
 */
function refuseOtherAnswers(out: string, before: Manifest, plan: RunPlan, samples: readonly Sample[]): void {
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

/** The manifest of a folder that is gone on with: tasks that were asked before and are not now have their answers in it, too. */
function continued(before: Manifest, now: Manifest): Manifest {
  const tasks = before.tasks.filter(({ name }) => !now.tasks.some((task) => task.name === name));
  return { ...now, createdAt: before.createdAt, tasks: [...tasks, ...now.tasks] };
}

/** Copies answers that runs of the same settings, metric and labels in the same parent folder hold already. */
async function takeOver(settings: wire.EvaluationSettings, plan: RunPlan, own: Manifest): Promise<number> {
  const parent = dirname(resolve(settings.out));
  const known = new Set((await readSamples(settings.out)).map(({ key }) => key));
  const tasks = new Map(plan.tasks.map((task) => [task.name, task]));
  const wanted = new Map(plan.items.map((item) => [item.key, item]));
  let copied = 0;
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    const path = join(parent, entry.name);
    if (!entry.isDirectory() || path === resolve(settings.out)) continue;
    const manifest = await readManifest(path).catch(() => undefined);
    if (manifest?.settingsHash !== own.settingsHash) continue;
    for (const sample of await readSamples(path)) {
      const task = tasks.get(sample.task);
      const same =
        wanted.get(sample.key)?.question === sample.question &&
        manifest.tasks.some(({ name, metric }) => name === sample.task && metric === task?.metric) &&
        JSON.stringify(task?.answers.get(sample.index)) === JSON.stringify(sample.gold);
      if (known.has(sample.key) || !same || sample.failure) continue;
      known.add(sample.key);
      await appendSample(settings.out, sample);
      copied += 1;
    }
  }
  return copied;
}
