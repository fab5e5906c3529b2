/** The runs of a worker: their plans and answered questions, read once and kept until the run is closed. */
import { readdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type * as wire from '../contract/evaluation';
import { createFailure } from '../failures';
import { readAttempts, readManifest, readSamples, type Manifest } from '../formats/run';
import type { Scorer } from '../scoring/scorer';
import { NO_USAGE } from '../trajectory/step';
import { planRun, type RunPlan } from './plan-run';
import { appendSample, writeManifest } from './run-directory';
import { continued, describeRun, refuseOtherAnswers, type RunMakers } from './run-manifest';
import { once } from '../process/once';

/** Systems whose text is a model's response. */
const RESPONDING: ReadonlySet<string> = new Set(['direct', 'cot', 'cot-few-shot']);

export class EvaluationRuns {
  private readonly plans = new Map<string, Promise<RunPlan>>();
  /** What the samples of a folder say of each key. */
  private readonly asked = new Map<string, Promise<Asked>>();

  constructor(
    private readonly makers: RunMakers,
    private readonly scorer: Pick<Scorer, 'score'>,
  ) {}

  /**
   * Plans the run, writes its manifest, and copies answers of other runs with the same settings in the same parent folder.
   *
   * @throws InputInvalid when the folder holds another run, or answers to other questions
   */
  async open(settings: wire.EvaluationSettings): Promise<wire.OpenedEvaluation> {
    // The files may have changed since this worker last ran it.
    this.close(settings);
    const plan = await this.planOf(settings);
    const manifest = await describeRun(this.makers, settings, plan);
    const before = await readManifest(settings.out);
    if (before && before.settingsHash !== manifest.settingsHash)
      throw createFailure(
        'InputInvalid',
        `${settings.out} holds a run with other models, prompts or settings; choose another --out.`,
      );
    if (before) refuseOtherAnswers(settings.out, before, plan, await readSamples(settings.out));
    writeManifest(settings.out, before ? continued(before, manifest) : manifest);
    const reused = await takeOver(settings, plan, manifest);
    const wanted = new Set(plan.items.map(({ key }) => key));
    const samples = (await readSamples(settings.out)).filter(({ key, failure }) => wanted.has(key) && !failure);
    const correct = samples.filter(({ verdict }) => verdict.correct).length;
    return { total: plan.items.length, done: samples.length, reused, correct };
  }

  /** The next questions without an answer; those that failed in an earlier run are among them. */
  async next({ settings, cursor, limit }: wire.NextItemsInput): Promise<wire.NextItems> {
    const { items } = await this.planOf(settings);
    const { answered, failures } = await this.askedIn(settings.out);
    const window: wire.EvaluationItem[] = [];
    let at = cursor;
    for (; at < items.length && window.length < limit; at += 1) {
      const item = items[at];
      if (item && !answered.has(item.key)) window.push({ ...item, failedBefore: failures.get(item.key) });
    }
    return { items: window, cursor: at };
  }

  /** Scores an answer and appends it to the run directory. It may run twice: the second time changes nothing. */
  async record(input: wire.RecordSampleInput, signal: AbortSignal): Promise<wire.RecordedSample> {
    const { settings, item, solution, direct, failure } = input;
    const task = (await this.planOf(settings)).tasks.find(({ name }) => name === item.task);
    const gold = task?.answers.get(item.index);
    if (!task || gold === undefined)
      throw createFailure('InputInvalid', `Question ${item.key} is no longer in its dataset.`);
    const { answer = null, usage = NO_USAGE } = solution ?? direct ?? {};
    const { rules, extract } = settings;
    const { key, index, sample, question } = item;
    // The model's whole text is scored, so that the verdict names the rule of extraction. The reference's rules read only answers.
    const isResponse = direct !== undefined && RESPONDING.has(settings.system.kind) && rules === 'default';
    const prediction = isResponse ? direct.text : answer;
    const asked = { task: item.task, metric: task.metric, question, prediction, gold, rules, extract };
    const verdict = await this.scorer.score(asked, signal);
    const { money = 0 } = usage;
    const { answered } = await this.askedIn(settings.out);
    if (!answered.has(key))
      await appendSample(settings.out, {
        ...{ key, task: item.task, index, sample, question, gold, prediction: answer, verdict },
        ...{ solution, text: direct?.text, failure },
        ...{ usage, money, startedAt: new Date(input.startedAt).toISOString(), durationMs: input.durationMs },
      });
    if (!failure) answered.add(key);
    return { correct: verdict.correct, failed: failure !== undefined, usage, money };
  }

  close(settings: wire.EvaluationSettings): void {
    this.plans.delete(JSON.stringify(settings));
    this.asked.delete(settings.out);
  }

  private planOf(settings: wire.EvaluationSettings): Promise<RunPlan> {
    return once(this.plans, JSON.stringify(settings), () => planRun(settings));
  }

  private askedIn(out: string): Promise<Asked> {
    return once(this.asked, out, async () => {
      const answered = new Set<string>();
      const failures = new Map<string, number>();
      for await (const { key, failure } of readAttempts(out))
        if (failure) failures.set(key, (failures.get(key) ?? 0) + 1);
        else answered.add(key);
      return { answered, failures };
    });
  }
}

interface Asked {
  answered: Set<string>;
  /** How often a key failed until the folder was read. */
  failures: Map<string, number>;
}

/** Copies answers of runs with the same settings, metric and labels in the same parent folder. */
async function takeOver(settings: wire.EvaluationSettings, plan: RunPlan, own: Manifest): Promise<number> {
  const parent = dirname(resolve(settings.out));
  const known = new Set((await readSamples(settings.out)).flatMap(({ key, failure }) => (failure ? [] : [key])));
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
