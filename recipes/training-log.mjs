/**
 * What every training of the run was like, for benchmarks/training: rate, memory, and whether every loss and gradient was a number.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Writes `training.md` and `training.jsonl` beside the tables. @returns the table */
export function writeTrainingLog(place) {
  const results = readdirSync(place.work, { recursive: true })
    .filter((path) => path.endsWith('/result.json') && !join(place.work, path).startsWith(place.out))
    .map((path) => join(place.work, path));
  const rows = results.sort().map((path) => rowOf(place, path));
  const text = [
    '## Training',
    '',
    '| module | steps | tokens a second | share of peak | GiB | attention | loss, first to last | greatest gradient norm | steps not finite |',
    '|---|---|---|---|---|---|---|---|---|',
    ...rows.map((row) => {
      const cells = [row.module, row.steps, row.tokensPerSecond, row.shareOfPeak, row.memoryGiB, row.attention];
      return `| ${[...cells, `${row.firstLoss} to ${row.lastLoss}`, row.greatestNorm, row.notFinite].map((cell) => cell ?? '-').join(' | ')} |`;
    }),
    '',
  ].join('\n');
  mkdirSync(place.out, { recursive: true });
  writeFileSync(join(place.out, 'training.md'), text);
  writeFileSync(join(place.out, 'training.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return text;
}

/** The trainer skips a step that is not finite, and says so: loss or norm of its line are null. */
function rowOf(place, path) {
  const { result } = JSON.parse(readFileSync(path, 'utf8'));
  const log = join(dirname(path), 'progress.jsonl');
  const steps = existsSync(log)
    ? readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
  const norms = steps.map(({ gradientNorm }) => gradientNorm).filter(Number.isFinite);
  const { tokensPerSecond, shareOfPeak, memoryGiB, attention } = result;
  return {
    module: relative(place.work, dirname(path)),
    steps: result.steps,
    tokensPerSecond: tokensPerSecond === undefined ? undefined : Math.round(tokensPerSecond),
    shareOfPeak,
    memoryGiB,
    attention,
    firstLoss: steps[0]?.loss?.toFixed(3),
    lastLoss: result.loss?.toFixed(3),
    greatestNorm: norms.length > 0 ? Math.max(...norms).toFixed(2) : undefined,
    notFinite: steps.filter(({ loss, gradientNorm }) => !Number.isFinite(loss) || !Number.isFinite(gradientNorm)).length,
  };
}
