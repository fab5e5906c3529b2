/**
 * Measurements as a table: medians of the runs of each engine, and their range.
 *
 * @module
 */
import type { Measurement } from './measurement';

type Column = [title: string, value: (runs: readonly Measurement[]) => string];

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

const medianOf = (runs: readonly Measurement[], read: (run: Measurement) => number) => median(runs.map(read));
const fixed = (digits: number, read: (run: Measurement) => number) => (runs: readonly Measurement[]) =>
  medianOf(runs, read).toFixed(digits);

const columns: Column[] = [
  ['questions', ([run]) => `${run?.questions}`],
  ['engine', ([run]) => run?.system ?? ''],
  ['right', (runs) => `${Math.min(...runs.map(({ correct }) => correct))}`],
  [
    'makespan s (all runs)',
    (runs) =>
      `${fixed(2, ({ makespan }) => makespan)(runs)} (${runs.map(({ makespan }) => makespan.toFixed(1)).join(' ')})`,
  ],
  ['ideal s', fixed(2, ({ ideal }) => ideal)],
  ['over ideal', (runs) => `${(100 * (medianOf(runs, ({ makespan, ideal }) => makespan / ideal) - 1)).toFixed(0)} %`],
  ['server CPU s', fixed(1, ({ serverCpu }) => serverCpu)],
  ['worker CPU s', fixed(1, ({ workerCpu }) => workerCpu)],
  ['events/step', (runs) => optional(runs, 1, ({ eventsPerStep }) => eventsPerStep)],
  ['bytes/step', (runs) => optional(runs, 0, ({ bytesPerStep }) => bytesPerStep)],
  ['server MiB', (runs) => optional(runs, 0, ({ serverMb }) => serverMb)],
  ['worker MiB', (runs) => optional(runs, 0, ({ workerMb }) => workerMb)],
  ['cores used by others', fixed(2, ({ othersBusy }) => othersBusy)],
];

function optional(
  runs: readonly Measurement[],
  digits: number,
  read: (run: Measurement) => number | undefined,
): string {
  const values = runs.flatMap((run) => read(run) ?? []);
  return values.length === 0 ? '-' : median(values).toFixed(digits);
}

/** Markdown, one row for each engine and number of questions, in order of appearance. */
export function renderTable(measurements: readonly Measurement[]): string {
  const groups = new Map<string, Measurement[]>();
  for (const run of measurements) {
    const key = `${run.questions} ${run.system}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const rows = [...groups.values()]
    .sort((a, b) => (a[0]?.questions ?? 0) - (b[0]?.questions ?? 0))
    .map((runs) => columns.map(([, value]) => value(runs)));
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(columns.map(([title]) => title)), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
