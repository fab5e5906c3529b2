/**
 * The activities of the evaluate workflow: what to ask, what a baseline answers, what came of it.
 *
 * @module
 */
import { Context } from '@temporalio/activity';
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { modelOf, type HuskyConfig } from '../config';
import { answerByCommand } from '../evaluation/command-system';
import { goldText, type Gold } from '../evaluation/metric';
import { planRun, type RunPlan } from '../evaluation/plan-run';
import {
  appendSample,
  readManifest,
  readSamples,
  writeManifest,
  type Manifest,
  type Sample,
} from '../evaluation/run-directory';
import { scoreAnswer } from '../evaluation/score';
import { findTask } from '../evaluation/tasks';
import { createFailure } from '../failures';
import { packageVersion } from '../package-version';
import { renderChainOfThought } from '../prompts/chain-of-thought';
import { EXPERTS, type Expert } from '../trajectory/modules';
import { parseAnswer } from '../trajectory/parse-action';
import { NO_USAGE, type Usage } from '../trajectory/step';
import type * as wire from '../trajectory/evaluation';
import type { ActivityContext } from './activity-context';
import { withHeartbeat } from './heartbeat';
import { createJudge, type Judge } from './judge';

export type EvaluationActivities = ReturnType<typeof createEvaluationActivities>;

export function createEvaluationActivities(context: ActivityContext) {
  const byModel = createJudge(context);
  const plans = new Map<string, Promise<RunPlan>>();
  const finished = new Map<string, Promise<Set<string>>>();
  const planOf = (settings: wire.EvaluationSettings) => once(plans, JSON.stringify(settings), () => planRun(settings));
  const finishedOf = (out: string) =>
    once(finished, out, async () => new Set((await readSamples(out)).map(({ key }) => key)));

  return {
    /** Plans the run, writes its manifest, and takes over what runs of the same settings beside it have answered. */
    openEvaluation: (settings: wire.EvaluationSettings): Promise<wire.OpenedEvaluation> =>
      withHeartbeat(async () => {
        const plan = await planOf(settings);
        const manifest = describeRun(context, settings, plan);
        const before = await readManifest(settings.out);
        if (before && before.settingsHash !== manifest.settingsHash)
          throw createFailure(
            'InputInvalid',
            `${settings.out} holds a run with other models, prompts or settings; choose another --out.`,
          );
        if (!before) await writeManifest(settings.out, manifest);
        const reused = await takeOver(settings, plan, manifest.settingsHash);
        finished.delete(settings.out);
        const wanted = new Set(plan.items.map(({ key }) => key));
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
    answerDirectly: ({
      system,
      item,
    }: {
      system: wire.EvaluatedSystem;
      item: wire.EvaluationItem;
    }): Promise<wire.DirectAnswer> =>
      withHeartbeat(async (signal) => {
        if (system.kind === 'command') return answerByCommand(system.command, item.question, signal);
        const startedAt = Date.now();
        const model = await context.model('action');
        const request = renderChainOfThought(context.prompts.style, item.question);
        const { text, usage, model: name } = await model.generate(request, { signal });
        return { answer: parseAnswer(text.trim()), text, model: name, usage, durationMs: Date.now() - startedAt };
      }),

    /** Scores an answer and appends it to the run directory; a second time it changes nothing. */
    recordSample: (input: wire.RecordSampleInput): Promise<wire.RecordedSample> =>
      withHeartbeat(async (signal) => {
        const { settings, item, solution, direct, failure } = input;
        const plan = await planOf(settings);
        const task = plan.tasks.find(({ name }) => name === item.task);
        const gold = task?.questions.find(({ index }) => index === item.index)?.answer;
        if (!task || gold === undefined)
          throw createFailure('InputInvalid', `Question ${item.key} is no longer in its dataset.`);
        const prediction = (solution ?? direct)?.answer ?? null;
        const verdict =
          task.metric === 'judge'
            ? await judged(byModel, { item, prediction, gold }, signal)
            : judge(settings, task.metric, item, prediction, gold);
        const usage = (solution ?? direct)?.usage ?? NO_USAGE;
        const money = solution ? priceOf(context.config, solution.models, usage) : priceOf(context.config, {}, usage);
        const sample: Sample = {
          ...pick(item),
          gold: typeof gold === 'object' ? [...gold] : gold,
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

    /** The result of a question that an earlier run of the workflow began. */
    collectSample: ({ workflowId }: { workflowId: string }): Promise<wire.RecordedSample> =>
      withHeartbeat(
        () => Context.current().client.workflow.getHandle(workflowId).result() as Promise<wire.RecordedSample>,
      ),

    closeEvaluation: async ({ settings }: { settings: wire.EvaluationSettings }): Promise<void> => {
      plans.delete(JSON.stringify(settings));
      finished.delete(settings.out);
    },
  };
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

function judge(
  { profile }: wire.EvaluationSettings,
  metric: string,
  item: wire.EvaluationItem,
  prediction: string | null,
  gold: Gold,
): Sample['verdict'] {
  const task = findTask(item.task);
  const { correct, scores, reason, undecided } = scoreAnswer({
    ...(task ? { task } : {}),
    metric,
    prediction,
    gold,
    question: item.question,
    profile: task ? profile : 'default',
  });
  return { correct, scores, reason: reason || `gold ${goldText(gold)}`, ...(undecided ? { undecided } : {}) };
}

/** The judge's own tokens are not the system's, and are not counted with them. */
async function judged(
  byModel: Judge,
  { item, prediction, gold }: { item: wire.EvaluationItem; prediction: string | null; gold: Gold },
  signal: AbortSignal,
): Promise<Sample['verdict']> {
  const { question } = item;
  const answer = { question, prediction: prediction ?? '', gold: goldText(gold) };
  const { correct, reason } = await byModel(answer, signal);
  return {
    correct: correct ?? false,
    scores: { acc: correct ? 1 : 0 },
    reason,
    ...(correct === undefined ? { undecided: true } : {}),
  };
}

/** In the currency of `price`; tokens are not told apart by expert, so the dearest price counts where experts differ. */
function priceOf(config: HuskyConfig, _models: Record<string, string>, usage: Usage): number {
  const prices = EXPERTS.map((expert: Expert) => modelOf(config, expert).price).filter((price) => price !== undefined);
  const input = Math.max(0, ...prices.map((price) => price.input));
  const output = Math.max(0, ...prices.map((price) => price.output));
  return (usage.inputTokens * input + usage.outputTokens * output) / 1e6;
}

function describeRun(context: ActivityContext, settings: wire.EvaluationSettings, plan: RunPlan): Manifest {
  const { config, prompts } = context;
  const models = Object.fromEntries(
    EXPERTS.map((expert) => {
      const model = modelOf(config, expert);
      return [expert, model.model ?? (model.provider === 'gguf' ? basename(model.path, '.gguf') : '')];
    }),
  );
  const { out, maxInFlight: _, ...asked } = settings;
  const system = settings.system.kind === 'command' ? `command: ${settings.system.command}` : settings.system.kind;
  const identity = {
    system: settings.system,
    models: config.models,
    prompts: { style: prompts.style, hashes: prompts.hashes },
    limits: { ...config.limits, ...settings.limits },
    sandbox: { language: config.sandbox.language, outputProfile: config.sandbox.outputProfile },
    search: config.search,
  };
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
    prompts: identity.prompts,
    settingsHash: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
  };
}

/** Copies answers that runs of the same settings in the same parent folder hold already. */
async function takeOver(settings: wire.EvaluationSettings, plan: RunPlan, settingsHash: string): Promise<number> {
  const parent = dirname(resolve(settings.out));
  const own = new Set((await readSamples(settings.out)).map(({ key }) => key));
  const wanted = new Map(plan.items.map((item) => [item.key, item]));
  let copied = 0;
  for (const entry of await readdir(parent, { withFileTypes: true })) {
    const path = join(parent, entry.name);
    if (!entry.isDirectory() || path === resolve(settings.out)) continue;
    const manifest = await readManifest(path).catch(() => undefined);
    if (manifest?.settingsHash !== settingsHash) continue;
    for (const sample of await readSamples(path)) {
      if (own.has(sample.key) || wanted.get(sample.key)?.question !== sample.question || sample.failure) continue;
      own.add(sample.key);
      await appendSample(settings.out, sample);
      copied += 1;
    }
  }
  return copied;
}
