/** `husky compare`: compares two runs. */
import type { Command } from 'commander';
import { compareRuns, type Comparison, type PairedTask } from '../../evaluation/compare';
import { ProgramError } from '../../process/program-error';
import { percent } from '../../scoring/statistics';
import { wholeNumber } from '../options/option-values';
import { print, printJson } from '../terminal/output';
import { readRuns } from './report';

interface CompareFlags {
  seed: number;
  json?: boolean;
}

export function registerCompare(program: Command): void {
  program
    .command('compare')
    .description('compare runs question by question: accuracy, exact McNemar test, paired bootstrap')
    .argument('<runs...>', 'two run directories or more; each is compared with the first')
    .option('--seed <n>', 'of the bootstrap', wholeNumber(0), 0)
    .option('--json', 'print the comparisons as JSON')
    .addHelpText('after', '\nExample:\n  husky compare runs/atlas runs/atlas-cot\n')
    .action(async (paths: string[], { seed, json }: CompareFlags) => {
      if (paths.length < 2) throw new ProgramError('Name at least two run directories.', 2);
      const [first, ...others] = await readRuns(paths);
      if (!first) return;
      const comparisons = others.map((other) => compareRuns(first, other, { seed }));
      if (json) printJson(comparisons);
      else print([...comparisons.map(describe), ...severalClaims(comparisons.length)].join('\n\n'));
    });
}

/** One of many comparisons is likely to differ by chance (Bonferroni). */
const severalClaims = (count: number): string[] =>
  count < 2
    ? []
    : [
        `${count} comparisons: a claim that one of them differs needs p < ${(0.05 / count).toPrecision(2)}, not p < 0.05.`,
      ];

const signed = (share: number) => `${share >= 0 ? '+' : ''}${percent(share)}`;

function describe({ first, second, tasks, unpaired, notices }: Comparison): string {
  const left = unpaired.onlyFirst + unpaired.onlySecond + unpaired.changed;
  return [
    `${first} (first) and ${second} (second)`,
    ...tasks.map(describeTask),
    left > 0
      ? `  left out: ${unpaired.onlyFirst} questions only in the first, ${unpaired.onlySecond} only in the second, ${unpaired.changed} whose text or label differs`
      : [],
    ...notices.map((notice) => `  note: ${notice}`),
  ]
    .flat()
    .join('\n');
}

function describeTask({ task, first, second, mcnemar, pValue, difference, f1, conclusion }: PairedTask): string {
  const interval = ({ low, high }: { low: number; high: number }) => `${percent(low)} % to ${percent(high)} %`;
  return [
    `  ${task}, ${first.questions} questions: ${conclusion}`,
    `    first   ${percent(first.accuracy)} % right (95 % interval ${interval(first.interval)})`,
    `    second  ${percent(second.accuracy)} % right (95 % interval ${interval(second.interval)})`,
    `    difference ${signed(difference.difference)} points (${signed(difference.low)} to ${signed(difference.high)}); right only in the first ${mcnemar.onlyFirst}, only in the second ${mcnemar.onlySecond}, p ${pValue < 0.001 ? '< 0.001' : `= ${pValue.toFixed(3)}`}`,
    ...(f1 ? [`    F1 difference ${signed(f1.difference)} points (${signed(f1.low)} to ${signed(f1.high)})`] : []),
  ].join('\n');
}
