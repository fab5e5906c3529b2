/** The paper's numbers, which the report shows beside a run's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const publishedSchema = z.strictObject({
  source: z.string(),
  systems: z.array(z.string()),
  results: z.array(
    z.strictObject({
      name: z.string(),
      /** Several if the paper gives one number for them. */
      tasks: z.array(z.string()),
      metrics: z.array(z.enum(['acc', 'em', 'f1'])),
      /** Per cent; a row for each system, a value for each metric. */
      values: z.array(z.array(z.number())),
    }),
  ),
});

export type Published = z.infer<typeof publishedSchema>;

let table: Published | undefined;

export function publishedResults(): Published {
  table ??= publishedSchema.parse(parse(readFileSync(join(__dirname, 'published.yaml'), 'utf8')));
  return table;
}

export interface PublishedScores {
  /** The paper's name of the task. */
  name: string;
  /** Our tasks that the numbers are for. */
  tasks: string[];
  /** As the paper writes them, e.g. `54.4 / 65.8`, one for each of {@link Published.systems}. */
  values: string[];
  /** e.g. `EM / F1`. */
  metrics: string;
}

const METRIC_NAMES = { acc: 'accuracy', em: 'EM', f1: 'F1' };

/** Undefined for a task that is not in the paper. */
export function publishedFor(task: string): PublishedScores | undefined {
  const found = publishedResults().results.find(({ tasks }) => tasks.includes(task));
  return (
    found && {
      name: found.name,
      tasks: found.tasks,
      values: found.values.map((row) => row.map((value) => value.toFixed(1)).join(' / ')),
      metrics: found.metrics.map((metric) => METRIC_NAMES[metric]).join(' / '),
    }
  );
}
