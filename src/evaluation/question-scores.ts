/** Sums up samples by question. Intervals and tests count questions, because answers to one question are not independent. */
import type { Sample } from '../formats/run';
import type { QuestionIndex } from '../trajectory/trajectory';
import { wilsonInterval, type Interval } from '../scoring/statistics';

export interface QuestionScore {
  task: string;
  index: QuestionIndex;
  question: string;
  /** Share of its samples that are right. */
  right: number;
  /** Means over its samples. */
  scores: Partial<Record<'acc' | 'em' | 'f1', number>>;
  samples: number;
}

/** In the order of task and index. */
export function scoreQuestions(samples: readonly Sample[]): QuestionScore[] {
  const groups = Map.groupBy(samples, ({ task, index }) => `${task}:${index}`);
  const questions = [...groups.values()].map((group): QuestionScore => {
    const [{ task, index, question }] = group as [Sample];
    const scores: QuestionScore['scores'] = {};
    for (const metric of ['acc', 'em', 'f1'] as const)
      if (group.some(({ verdict }) => verdict.scores?.[metric] !== undefined))
        scores[metric] = mean(group.map(({ verdict }) => verdict.scores?.[metric] ?? 0));
    const right = mean(group.map(({ verdict }) => Number(verdict.correct)));
    return { task, index, question, right, scores, samples: group.length };
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
  /** Means of further scores of the metric. */
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

export function totalOf(task: string, questions: readonly QuestionScore[]): TaskScore {
  const right = questions.reduce((sum, question) => sum + question.right, 0);
  const meanOf = (metric: 'em' | 'f1') =>
    questions.some(({ scores }) => scores[metric] !== undefined)
      ? { [metric]: mean(questions.map(({ scores }) => scores[metric] ?? 0)) }
      : {};
  return {
    task,
    questions: questions.length,
    samples: questions.reduce((sum, question) => sum + question.samples, 0),
    accuracy: questions.length === 0 ? 0 : right / questions.length,
    interval: wilsonInterval(right, questions.length),
    ...meanOf('em'),
    ...meanOf('f1'),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
