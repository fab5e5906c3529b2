/** Sums up samples by question. Intervals and tests count questions, because answers to one question are not independent. */
import type { Gold } from '../formats/gold';
import type { Sample } from '../formats/run';
import type { QuestionIndex } from '../trajectory/trajectory';
import { wilsonInterval, type Interval } from '../scoring/statistics';

export interface QuestionScore {
  task: string;
  index: QuestionIndex;
  question: string;
  gold: Gold;
  /** Share of its samples that are right. */
  right: number;
  /** Means over its samples. */
  scores: Partial<Record<'acc' | 'em' | 'f1', number>>;
  samples: number;
  /** Samples that failed and so have no answer. */
  failed: number;
}

/** In the order of task and index. */
export function scoreQuestions(samples: readonly Sample[]): QuestionScore[] {
  const groups = Map.groupBy(samples, ({ task, index }) => `${task}:${index}`);
  const questions = [...groups.values()].map((group): QuestionScore => {
    const [{ task, index, question, gold }] = group as [Sample];
    const scores: QuestionScore['scores'] = {};
    for (const metric of ['acc', 'em', 'f1'] as const)
      if (group.some(({ verdict }) => verdict.scores?.[metric] !== undefined))
        scores[metric] = mean(group.map(({ verdict }) => verdict.scores?.[metric] ?? 0));
    const right = mean(group.map(({ verdict }) => Number(verdict.correct)));
    const failed = group.filter(({ failure }) => failure !== undefined).length;
    return { task, index, question, gold, right, scores, samples: group.length, failed };
  });
  return questions.sort((a, b) => (a.task === b.task ? compareIndexes(a.index, b.index) : a.task < b.task ? -1 : 1));
}

function compareIndexes(a: QuestionIndex, b: QuestionIndex): number {
  return typeof a === 'number' && typeof b === 'number'
    ? a - b
    : String(a).localeCompare(String(b), 'en', { numeric: true });
}

export interface TaskScore {
  task: string;
  questions: number;
  samples: number;
  /** Share of questions that are right, and its 95 % Wilson interval. */
  accuracy: number;
  interval: Interval;
  /** Share of questions with a right answer among several (pass@k for k samples a question). Absent for one sample a question. */
  once?: number;
  /** Means of further scores, over the tasks whose metric has them. */
  em?: number;
  f1?: number;
}

/** One entry for each task, in the order of the samples, and one for all tasks if there are several. */
export function scoreTasks(samples: readonly Sample[]): TaskScore[] {
  const questions = scoreQuestions(samples);
  const tasks = [...new Set(samples.map(({ task }) => task))];
  return tasks.map((task) =>
    totalOf(
      task,
      questions.filter((question) => question.task === task),
    ),
  );
}

/** Questions of the tasks whose metric gives this score; one without an answer among them scores 0. */
export function scoredBy(metric: 'em' | 'f1', questions: readonly QuestionScore[]): QuestionScore[] {
  const tasks = new Set(questions.flatMap(({ task, scores }) => (scores[metric] === undefined ? [] : [task])));
  return questions.filter(({ task }) => tasks.has(task));
}

export function totalOf(task: string, questions: readonly QuestionScore[]): TaskScore {
  const right = questions.reduce((sum, question) => sum + question.right, 0);
  const meanOf = (metric: 'em' | 'f1') => {
    const scored = scoredBy(metric, questions);
    return scored.length > 0 ? { [metric]: mean(scored.map(({ scores }) => scores[metric] ?? 0)) } : {};
  };
  const samples = questions.reduce((sum, question) => sum + question.samples, 0);
  return {
    task,
    questions: questions.length,
    samples,
    accuracy: questions.length === 0 ? 0 : right / questions.length,
    interval: wilsonInterval(right, questions.length),
    ...(samples > questions.length ? { once: mean(questions.map((question) => Number(question.right > 0))) } : {}),
    ...meanOf('em'),
    ...meanOf('f1'),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
