/** Compares two runs over the same questions. */
import { createFailure } from '../failures';
import { scoreQuestions, totalOf, type QuestionScore, type TaskScore } from './question-scores';
import type { RunDirectory } from '../formats/run';
import { mcnemarExact, pairedBootstrap, type McNemar, type PairedDifference } from '../scoring/statistics';

export interface PairedTask {
  /** A task's name, or `all tasks`. */
  task: string;
  first: TaskScore;
  second: TaskScore;
  /** Exact McNemar test; a question with several samples counts as right if most are. */
  mcnemar: McNemar;
  /** Second minus first, in the share of right answers. */
  difference: PairedDifference;
  /** Second minus first in F1, if the metric has it. */
  f1?: PairedDifference;
  /** `no difference shown` unless test and interval agree at the 5 % level. */
  conclusion: 'first is better' | 'second is better' | 'no difference shown';
}

export interface Comparison {
  first: string;
  second: string;
  tasks: PairedTask[];
  /** Questions left out: only one run answered them, or their texts differ. */
  unpaired: { onlyFirst: number; onlySecond: number; changed: number };
}

export interface CompareOptions {
  /** Seed of the bootstrap. @default 0 */
  seed?: number;
}

const ALPHA = 0.05;

/** @throws InputInvalid when the runs share no question */
export function compareRuns(first: RunDirectory, second: RunDirectory, options: CompareOptions = {}): Comparison {
  const left = byQuestion(first);
  const right = byQuestion(second);
  const shared = [...left].flatMap(([key, one]) => {
    const other = right.get(key);
    return other ? [{ one, other }] : [];
  });
  const pairs = shared.filter(({ one, other }) => one.question === other.question);
  if (pairs.length === 0)
    throw createFailure('InputInvalid', `${first.path} and ${second.path} have no question in common.`);
  const tasks = [...new Set(pairs.map(({ one }) => one.task))];
  const paired = tasks.map((task) =>
    pairedTask(
      task,
      pairs.filter(({ one }) => one.task === task),
      options,
    ),
  );
  return {
    first: first.manifest.id,
    second: second.manifest.id,
    tasks: tasks.length > 1 ? [...paired, pairedTask('all tasks', pairs, options)] : paired,
    unpaired: {
      onlyFirst: left.size - shared.length,
      onlySecond: right.size - shared.length,
      changed: shared.length - pairs.length,
    },
  };
}

function byQuestion({ samples }: RunDirectory): Map<string, QuestionScore> {
  return new Map(scoreQuestions(samples).map((question) => [`${question.task}:${question.index}`, question]));
}

function pairedTask(
  task: string,
  pairs: readonly { one: QuestionScore; other: QuestionScore }[],
  { seed }: CompareOptions,
): PairedTask {
  const ones = pairs.map(({ one }) => one);
  const others = pairs.map(({ other }) => other);
  const isRight = ({ right }: QuestionScore) => right > 0.5;
  const mcnemar = mcnemarExact(ones.map(isRight), others.map(isRight));
  const bootstrap = (score: (question: QuestionScore) => number) =>
    pairedBootstrap(ones.map(score), others.map(score), { seed });
  const difference = bootstrap(({ right }) => right);
  const hasF1 = [...ones, ...others].every(({ scores }) => scores.f1 !== undefined);
  const shown = mcnemar.pValue < ALPHA && difference.shown;
  return {
    task,
    first: totalOf(task, ones),
    second: totalOf(task, others),
    mcnemar,
    difference,
    ...(hasF1 ? { f1: bootstrap(({ scores }) => scores.f1 ?? 0) } : {}),
    conclusion: !shown ? 'no difference shown' : difference.difference > 0 ? 'second is better' : 'first is better',
  };
}
