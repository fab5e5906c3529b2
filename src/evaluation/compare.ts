/** Compares two runs over the same questions. */
import { createFailure } from '../failures';
import { scoredBy, scoreQuestions, totalOf, type QuestionScore, type TaskScore } from './question-scores';
import type { RunDirectory } from '../formats/run';
import {
  mcnemarExact,
  pairedBootstrap,
  pairedRandomization,
  type McNemar,
  type PairedDifference,
} from '../scoring/statistics';

export interface PairedTask {
  /** A task's name, or `all tasks`. */
  task: string;
  first: TaskScore;
  second: TaskScore;
  /** Exact McNemar test; a question with several samples counts as right if most are. */
  mcnemar: McNemar;
  /** McNemar's; with several samples that of the paired randomization test of the questions' means. */
  pValue: number;
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
  /** Questions left out: only one run answered them, or their texts or labels differ. */
  unpaired: { onlyFirst: number; onlySecond: number; changed: number };
  /** Why the numbers may not mean the same in both runs, a sentence each. */
  notices: string[];
}

export interface CompareOptions {
  /** Seed of the bootstrap. @default 0 */
  seed?: number;
  /** What the two runs are called. @default their own names */
  names?: readonly [first: string, second: string];
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
  const pairs = shared.filter(
    ({ one, other }) => one.question === other.question && JSON.stringify(one.gold) === JSON.stringify(other.gold),
  );
  if (pairs.length === 0) {
    const tasksOf = (run: RunDirectory) => run.manifest.tasks.map(({ name }) => name).join(', ');
    throw createFailure(
      'InputInvalid',
      `${first.path} (${tasksOf(first)}) and ${second.path} (${tasksOf(second)}) have no question in common: ${shared.length > 0 ? 'under the same numbers their texts or labels differ' : 'the same task and number make a question the same'}.`,
    );
  }
  const tasks = [...new Set(pairs.map(({ one }) => one.task))];
  const paired = tasks.map((task) =>
    pairedTask(
      task,
      pairs.filter(({ one }) => one.task === task),
      options,
    ),
  );
  const names = options.names ?? [first.manifest.id, second.manifest.id];
  return {
    first: names[0],
    second: names[1],
    tasks: tasks.length > 1 ? [...paired, pairedTask('all tasks', pairs, options)] : paired,
    unpaired: {
      onlyFirst: left.size - shared.length,
      onlySecond: right.size - shared.length,
      changed: shared.length - pairs.length,
    },
    notices: noticesOf(first, second, pairs, names),
  };
}

interface Pair {
  one: QuestionScore;
  other: QuestionScore;
}

function noticesOf(
  first: RunDirectory,
  second: RunDirectory,
  pairs: readonly Pair[],
  [called, rival]: readonly [string, string],
): string[] {
  const [name, otherName] = called === rival ? ['the first', 'the second'] : [called, rival];
  const one = first.manifest;
  const other = second.manifest;
  const differing = (what: string, a: unknown, b: unknown) =>
    a === b ? [] : [`${what} differs: ${String(a)} in ${name}, ${String(b)} in ${otherName}.`];
  const metricOf = (tasks: typeof one.tasks, task: string) => tasks.find(({ name }) => name === task)?.metric;
  const tasks = [...new Set(pairs.map(({ one: { task } }) => task))];
  const failed = (whose: string, of: readonly QuestionScore[]) => {
    const count = of.filter((question) => question.failed > 0).length;
    return count === 0 ? [] : [`Failed questions of ${whose}, which count as wrong: ${count} of ${of.length}.`];
  };
  return [
    ...tasks.flatMap((task) =>
      differing(`The metric of ${task}`, metricOf(one.tasks, task), metricOf(other.tasks, task)),
    ),
    ...differing('--rules', one.settings.rules, other.settings.rules),
    ...differing('--extract', one.settings.extract ?? 'auto', other.settings.extract ?? 'auto'),
    ...differing("The scorer's version", one.software, other.software),
    ...failed(
      name,
      pairs.map((pair) => pair.one),
    ),
    ...failed(
      otherName,
      pairs.map((pair) => pair.other),
    ),
  ];
}

function byQuestion({ samples }: RunDirectory): Map<string, QuestionScore> {
  return new Map(scoreQuestions(samples).map((question) => [`${question.task}:${question.index}`, question]));
}

function pairedTask(task: string, pairs: readonly Pair[], { seed }: CompareOptions): PairedTask {
  const ones = pairs.map(({ one }) => one);
  const others = pairs.map(({ other }) => other);
  const rightOf = ({ right }: QuestionScore) => right;
  const isRight = ({ right }: QuestionScore) => right > 0.5;
  const mcnemar = mcnemarExact(ones.map(isRight), others.map(isRight));
  const bootstrap = (score: (question: QuestionScore) => number) =>
    pairedBootstrap(ones.map(score), others.map(score), { seed });
  const difference = bootstrap(rightOf);
  const hasF1 = [ones, others].every((run) => scoredBy('f1', run).length === pairs.length);
  const isSampled = [...ones, ...others].some(({ samples }) => samples > 1);
  const pValue = isSampled ? pairedRandomization(ones.map(rightOf), others.map(rightOf), { seed }) : mcnemar.pValue;
  const shown = pValue < ALPHA && difference.shown;
  return {
    task,
    first: totalOf(task, ones),
    second: totalOf(task, others),
    mcnemar,
    pValue,
    difference,
    ...(hasF1 ? { f1: bootstrap(({ scores }) => scores.f1 ?? 0) } : {}),
    conclusion: !shown ? 'no difference shown' : difference.difference > 0 ? 'second is better' : 'first is better',
  };
}
