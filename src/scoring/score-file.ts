/** Scores a file of predictions against gold answers. The summary has intervals and all problems of the input. */
import type { LineProblem } from '../formats/json-lines';
import type { Prediction } from '../formats/prediction';
import type { LabelledQuestion } from '../formats/question';
import type { QuestionIndex } from '../trajectory/trajectory';
import type { Extraction, ExtractionRule } from './extraction';
import type { Gold, Rules, Scores, Verdict } from './metric';
import type { ScoreRequest } from './score';
import { Scorer, type ScorerOptions } from './scorer';
import { pairedBootstrap, wilsonInterval, type Interval } from './statistics';
import { findTask } from './tasks';
import { tally } from '../trajectory/tally';

/** One line of output. */
export interface ScoredLine {
  dataset: string;
  index: QuestionIndex | null;
  /** Null if the reference's program raises an exception (rules husky-v1). */
  scores: Scores | null;
  reason: string;
  /** What was taken from the response as its answer, and by which rule of extraction. */
  answer?: string | null;
  extraction?: ExtractionRule;
  error?: string;
  undecided?: boolean;
}

export interface ScoreFileInput {
  predictions: readonly Prediction[];
  /** Questions of each dataset by its name, for lines without their own gold answer. */
  questions?: ReadonlyMap<string, readonly LabelledQuestion[]>;
  /** The dataset of lines that name none; other lines must name this one. */
  dataset?: string;
  /** The metric of datasets that are no registered task. @default 'answer' */
  metric?: string;
  rules?: Rules;
  extract?: Extraction;
  bounds?: Pick<ScorerOptions, 'timeoutMs' | 'memoryMb' | 'workerFile'>;
}

interface DatasetSummary {
  dataset: string;
  /** Lines that were scored, without repeated ones. */
  scored: number;
  /** Fewer than `scored` if lines are numbered samples of the same question. */
  questions: number;
  undecided: number;
  /** Mean and 95 % interval of each score over questions: Wilson for acc and em, bootstrap for f1. */
  scores: Partial<Record<keyof Scores, { mean: number } & Interval>>;
  /** Answers by rule of extraction; `none` counts responses without one. Empty by the rules husky-v1. */
  extractions: Record<string, number>;
  /** Questions without a prediction; the means leave them out. */
  missing: QuestionIndex[];
}

export interface ScoreFileSummary {
  rules: Rules;
  lines: number;
  datasets: DatasetSummary[];
  problems: LineProblem[];
}

interface Job {
  prediction: Prediction;
  dataset: string;
  request: ScoreRequest;
  counts: boolean;
  /** Identifies the question among those of its dataset. */
  question: string;
}

interface Counted {
  verdict: Verdict;
  question: string;
}

/**
 * Yields one line for each prediction, in order, then returns the summary. Its problems name the lines that cannot be scored. A repeated
 * index is scored and shown, but only the first counts.
 */
export async function* scoreFile(input: ScoreFileInput): AsyncGenerator<ScoredLine, ScoreFileSummary> {
  const { rules = 'default', extract } = input;
  const { jobs, problems } = prepare(input, rules);
  const scorer = new Scorer({ ...input.bounds, rules, extract });
  const tallies = new Map<string, Counted[]>();
  let at = 0;
  try {
    for await (const verdict of scorer.scoreAll(jobs.map((job) => job.request))) {
      const job = jobs[at++] as Job;
      if (job.counts) {
        const tally = tallies.get(job.dataset) ?? [];
        tallies.set(job.dataset, tally);
        tally.push({ verdict, question: job.question });
      }
      const { scores, reason, answer, extraction, error, undecided } = verdict;
      const { dataset, prediction } = job;
      yield { dataset, index: prediction.index, scores, reason, answer, extraction, error, undecided };
    }
  } finally {
    await scorer.close();
  }
  const datasets = [...tallies].map(([dataset, verdicts]) =>
    summarise(dataset, verdicts, missing(input, dataset, jobs)),
  );
  return { rules, lines: at, datasets, problems };
}

function prepare(input: ScoreFileInput, rules: Rules): { jobs: Job[]; problems: LineProblem[] } {
  const problems: LineProblem[] = [];
  const answers = new Map(
    [...(input.questions ?? [])].map(([dataset, questions]) => [
      dataset,
      new Map(questions.map((question) => [String(question.index), question.gold])),
    ]),
  );
  const seen = new Map<string, number>();
  const jobs: Job[] = [];
  for (const prediction of input.predictions) {
    const { line, index } = prediction;
    const dataset = input.dataset ?? prediction.dataset ?? 'predictions';
    const task = findTask(dataset)?.name;
    const gold = goldOf(prediction, input, answers.get(dataset));
    if ('problem' in gold) {
      problems.push({ ...gold.problem, line });
      continue;
    }
    if (rules === 'husky-v1' && task === undefined) {
      problems.push({
        kind: 'other dataset',
        line,
        message: `is of "${dataset}", for which the reference has no rule`,
      });
      continue;
    }
    let counts = true;
    // Lines with labels of their own may come from several files: the same index with another label is another question.
    if (index !== null) {
      const key = JSON.stringify([dataset, String(index), prediction.gold, prediction.sample]);
      const first = seen.get(key);
      if (first !== undefined) {
        counts = false;
        problems.push({
          kind: 'duplicate',
          line,
          message: `index ${index} is already on line ${first}; the first one counts`,
        });
      } else {
        seen.set(key, line);
      }
    }
    const { metric } = input;
    const request = { task, metric, prediction: prediction.prediction, gold: gold.answer };
    const question = JSON.stringify(index === null ? line : [String(index), prediction.gold]);
    jobs.push({ prediction, dataset, request, counts, question });
  }
  return { jobs, problems };
}

type GoldResult = { answer: Gold } | { problem: Omit<LineProblem, 'line'> };

function goldOf(prediction: Prediction, input: ScoreFileInput, answers?: ReadonlyMap<string, Gold>): GoldResult {
  if (prediction.gold !== undefined) return { answer: prediction.gold };
  const { dataset, index } = prediction;
  const isOther =
    dataset !== undefined &&
    input.dataset !== undefined &&
    dataset !== input.dataset &&
    (findTask(dataset) !== findTask(input.dataset) || findTask(dataset) === undefined);
  if (isOther) return { problem: { kind: 'other dataset', message: `is of dataset ${dataset}, not ${input.dataset}` } };
  const answer = index === null ? undefined : answers?.get(String(index));
  if (answer === undefined)
    return { problem: { kind: 'unknown', message: `index ${JSON.stringify(index)} is not in the dataset` } };
  return { answer };
}

function missing(input: ScoreFileInput, dataset: string, jobs: readonly Job[]): QuestionIndex[] {
  const answered = new Set(jobs.filter((job) => job.dataset === dataset).map((job) => String(job.prediction.index)));
  return (input.questions?.get(dataset) ?? [])
    .map((question) => question.index)
    .filter((index) => !answered.has(String(index)));
}

const SCORE_NAMES = ['acc', 'em', 'f1'] as const;

function summarise(dataset: string, counted: readonly Counted[], missingIndexes: QuestionIndex[]): DatasetSummary {
  const verdicts = counted.map(({ verdict }) => verdict);
  const questions = [...Map.groupBy(counted, ({ question }) => question).values()];
  const scores: DatasetSummary['scores'] = {};
  for (const name of SCORE_NAMES) {
    const scoreOf = (verdict: Verdict) => verdict.scores?.[name] ?? 0;
    if (!verdicts.some((verdict) => verdict.scores?.[name] !== undefined)) continue;
    // Samples of one question are not independent.
    const values = questions.map((samples) => meanOf(samples.map(({ verdict }) => scoreOf(verdict))));
    const isBinary = verdicts.map(scoreOf).every((value) => value === 0 || value === 1);
    const mean = meanOf(values);
    const { low, high } = isBinary
      ? wilsonInterval(mean * values.length, values.length)
      : pairedBootstrap(new Array<number>(values.length).fill(0), values, { resamples: 2_000 });
    scores[name] = { mean, low, high };
  }
  const undecided = verdicts.filter((verdict) => verdict.undecided === true).length;
  const extractions: Record<string, number> = {};
  for (const { scores: scored, extraction = scored === null ? undefined : 'none' } of verdicts)
    if (extraction !== undefined) tally(extractions, extraction);
  return {
    dataset,
    scored: verdicts.length,
    questions: questions.length,
    undecided,
    scores,
    extractions,
    missing: missingIndexes,
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
