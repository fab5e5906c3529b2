/** Computes the report's data from run directories. */
import { compareRuns, type Comparison } from '../compare';
import { judgedSamples } from '../judge-summary';
import { explainFailure, FAILURE_RULES, UNEXPLAINED, type FailureFinding } from '../failure-rules';
import { scoreQuestions, scoreTasks, totalOf } from '../question-scores';
import type { RunDirectory, Sample } from '../../formats/run';
import { quantile } from '../../scoring/statistics';

export interface ReportedSample {
  sample: Sample;
  findings: FailureFinding[];
}

export type ReportedRun = ReturnType<typeof reportRun>;

export interface ReportData {
  runs: ReportedRun[];
  /** Each further run against the first. */
  comparisons: Comparison[];
  /** Runs that share no question with the first. */
  incomparable: string[];
}

const EXAMPLES = 3;

/** @param runs in the order of the report; the others are compared with the first */
export function reportData(runs: readonly RunDirectory[]): ReportData {
  const labels = distinctLabels(runs);
  const reported = runs.map((run, position) => reportRun(run, labels[position] ?? run.manifest.id));
  const comparisons: Comparison[] = [];
  const incomparable: string[] = [];
  const [first, ...others] = runs;
  for (const [position, other] of others.entries()) {
    const label = labels[position + 1] ?? other.manifest.id;
    try {
      if (first) comparisons.push(compareRuns(first, other, { names: [labels[0] ?? '', label] }));
    } catch {
      incomparable.push(label);
    }
  }
  return { runs: reported, comparisons, incomparable };
}

function distinctLabels(runs: readonly RunDirectory[]): string[] {
  const names = runs.map(({ manifest }) => manifest.id);
  return names.map((name, position) =>
    names.indexOf(name) === names.lastIndexOf(name) ? name : `${name} (${position + 1})`,
  );
}

/** @param label distinct in the report */
function reportRun({ manifest, samples }: RunDirectory, label: string) {
  const reported = samples.map((sample): ReportedSample => ({ sample, findings: explainFailure(sample) }));
  const wrong = reported.filter(({ sample }) => !sample.verdict.correct);
  const times = durations(samples);
  return {
    manifest,
    label,
    tasks: scoreTasks(samples),
    all: totalOf('all tasks', scoreQuestions(samples)),
    samples: reported,
    wrong: wrong.length,
    failures: countFailures(wrong),
    kinds: stepKinds(samples),
    calls: moduleCalls(samples),
    steps: stepCounts(samples),
    extractions: countExtractions(samples),
    /** Present if a language model judged. */
    judge: judgedSamples(samples),
    cost: {
      inputTokens: sum(samples, ({ usage }) => usage.inputTokens),
      outputTokens: sum(samples, ({ usage }) => usage.outputTokens),
      money: sum(samples, ({ money }) => money),
      medianMs: quantile(times, 0.5),
      p95Ms: quantile(times, 0.95),
    },
  };
}

/** Rules of extraction, most frequent first; `none` for responses without an answer. */
function countExtractions(samples: readonly Sample[]) {
  const counts = new Map<string, { rule: string; answers: number; right: number }>();
  for (const { verdict } of samples) {
    const rule = verdict.extraction ?? (verdict.answer === null ? 'none' : undefined);
    if (rule === undefined) continue;
    const count = counts.get(rule) ?? { rule, answers: 0, right: 0 };
    counts.set(rule, { rule, answers: count.answers + 1, right: count.right + (verdict.correct ? 1 : 0) });
  }
  return [...counts.values()].sort((a, b) => b.answers - a.answers);
}

/** Most frequent first, with a few examples from different questions; answers that no rule explains last. */
function countFailures(wrong: readonly ReportedSample[]) {
  const unexplained = {
    id: UNEXPLAINED,
    title: 'Unexplained',
    meaning: 'No rule applies; reading the trajectory is what is left.',
  };
  const counts = [...FAILURE_RULES, unexplained].flatMap(({ id, title, meaning }) => {
    const found = wrong.flatMap(({ sample, findings }) => {
      if (id === UNEXPLAINED)
        return findings.length === 0 ? [{ key: sample.key, evidence: sample.verdict.reason }] : [];
      const finding = findings.find(({ rule }) => rule === id);
      return finding ? [{ key: sample.key, evidence: finding.evidence }] : [];
    });
    return found.length > 0
      ? [{ rule: id, title, meaning, count: found.length, examples: found.slice(0, EXAMPLES) }]
      : [];
  });
  return counts.sort((a, b) => Number(a.rule === UNEXPLAINED) - Number(b.rule === UNEXPLAINED) || b.count - a.count);
}

/** Each kind of step, with the calls of the action generator that chose it. */
function stepKinds(samples: readonly Sample[]) {
  const steps = samples.flatMap(({ solution }) => solution?.steps ?? []);
  const tools = [...new Set(steps.map(({ tool }) => tool))].sort();
  return tools.map((tool) => {
    const of = steps.filter((step) => step.tool === tool);
    const times = durations(of);
    return {
      tool,
      steps: of.length,
      median: quantile(times, 0.5),
      p95: quantile(times, 0.95),
      inputTokens: sum(of, ({ usage }) => usage.inputTokens),
      outputTokens: sum(of, ({ usage }) => usage.outputTokens),
      failed: of.filter(({ failure }) => failure !== undefined).length,
    };
  });
}

/** Model calls by module, counted by the steps: one for each module of a step, one of the code generator for each attempt, and one action for the finish. */
function moduleCalls(samples: readonly Sample[]): [string, number][] {
  const calls = new Map<string, number>();
  const add = (module: string, count: number) => calls.set(module, (calls.get(module) ?? 0) + count);
  for (const { solution } of samples) {
    if (!solution) continue;
    for (const { model, attempts } of solution.steps)
      for (const module of Object.keys(model)) add(module, module === 'code' ? attempts : 1);
    if (solution.stopReason === 'finished' || solution.stopReason === 'max-steps') add('action', 1);
  }
  return [...calls].sort(([, a], [, b]) => b - a);
}

/** Solutions by number of steps; the index is the number. */
function stepCounts(samples: readonly Sample[]): { right: number; wrong: number }[] {
  const solved = samples.flatMap(({ solution, verdict }) =>
    solution ? [{ steps: solution.steps.length, verdict }] : [],
  );
  const longest = solved.reduce((most, { steps }) => Math.max(most, steps), -1);
  return Array.from({ length: longest + 1 }, (_, steps) => {
    const of = solved.filter((one) => one.steps === steps);
    const right = of.filter(({ verdict }) => verdict.correct).length;
    return { right, wrong: of.length - right };
  });
}

/** Ascending. */
const durations = (of: readonly { durationMs: number }[]) =>
  of.map(({ durationMs }) => durationMs).sort((a, b) => a - b);

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
