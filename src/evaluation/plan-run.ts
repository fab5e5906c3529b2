/** Plans an evaluation: draws the questions of its tasks by the seed, in a fixed order. */
import { sha256, sha256OfFile } from '../files/fingerprint';
import { createFailure } from '../failures';
import type { EvaluationItem, EvaluationSettings } from '../contract/evaluation';
import { judgeMetric, metricNames } from '../scoring/metrics/registry';
import { readQuestions, type LabelledQuestion } from '../formats/question';
import { findTask } from '../scoring/tasks';

export type RunPlan = Awaited<ReturnType<typeof planRun>>;

/** @throws InputInvalid naming file and line of what cannot be asked */
export async function planRun({ tasks, limit, seed, samples }: Omit<EvaluationSettings, 'out'>) {
  const twice = tasks.find(({ name }, position) => tasks.findIndex((task) => task.name === name) < position);
  if (twice) throw createFailure('InputInvalid', `Two tasks are called ${twice.name}; ask them in two runs.`);
  const planned = await Promise.all(
    tasks.map(async ({ name, file, metric }) => {
      const registered = findTask(name);
      const rule = metric ?? registered?.metric;
      if (!rule)
        throw createFailure('InputInvalid', `${name} is no task of the registry: name its metric with --metric.`);
      if (rule !== judgeMetric && !metricNames().includes(rule))
        throw createFailure(
          'InputInvalid',
          `No metric is called ${rule}. Known metrics: ${[...metricNames(), judgeMetric].join(', ')}.`,
        );
      const all = await readQuestions(file, { needs: 'gold' });
      const questions = draw(all, limit, `${seed}:${name}`);
      /** Labels by index. */
      const answers = new Map(questions.map(({ index, gold }) => [index, gold]));
      return { name, metric: rule, sha256: await sha256OfFile(file), questions, answers };
    }),
  );
  const items: EvaluationItem[] = [];
  for (const { name, questions } of planned)
    for (const { index, question } of questions)
      for (let sample = 0; sample < samples; sample += 1)
        items.push({ key: `${name}:${index}:${sample}`, position: items.length, task: name, index, sample, question });
  return { tasks: planned, items };
}

/** The `limit` questions with the smallest hash of seed and question, so that other lines of the file do not matter. */
function draw(questions: LabelledQuestion[], limit: number, seed: string): LabelledQuestion[] {
  if (limit === 0 || limit >= questions.length) return questions;
  const rank = ({ index }: LabelledQuestion) => sha256(`${seed}:${index}`);
  const ranked = questions.map((question) => ({ question, rank: rank(question) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const drawn = new Set(ranked.slice(0, limit).map(({ question }) => question));
  return questions.filter((question) => drawn.has(question));
}
