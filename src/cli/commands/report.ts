/** `husky report`: runs as one HTML file. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describeJudge, judgedSamples } from '../../evaluation/judge-summary';
import { buildReport } from '../../evaluation/report/build-report';
import { readRun, type RunDirectory } from '../../formats/run';
import { onDisk } from '../../process/full-disk';
import { ProgramError } from '../../process/program-error';
import { print, printNote } from '../terminal/output';
import { count } from '../terminal/solution-view';

interface ReportFlags {
  out?: string;
  title?: string;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description('write one HTML file that shows runs: scores, comparison, failures, cost, every trajectory')
    .argument('<runs...>', 'run directories of husky eval; the first is what the others are compared with')
    .option('-o, --out <file>', 'file to write (default: report.html in the first run directory)')
    .option('--title <text>', "heading (default: the runs' names)")
    .addHelpText('after', '\nExample:\n  husky report runs/atlas runs/atlas-cot --out atlas.html\n')
    .action(async (paths: string[], { out, title }: ReportFlags) => {
      const runs = await readRuns(paths);
      const isFolder = out !== undefined && statSync(out, { throwIfNoEntry: false })?.isDirectory();
      const target = out === undefined || isFolder ? join(out ?? paths[0] ?? '.', 'report.html') : out;
      try {
        mkdirSync(dirname(target), { recursive: true });
        onDisk(target, () => writeFileSync(target, buildReport(runs, { title })));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        throw new ProgramError(`${target} cannot be written (${(error as Error).message}).`);
      }
      const samples = runs.reduce((sum, run) => sum + run.samples.length, 0);
      for (const { manifest, samples: answers } of runs) {
        const judge = judgedSamples(answers);
        if (judge) printNote(`${manifest.id}: ${describeJudge(judge)}`);
      }
      print(`${target}: ${count(runs.length, 'run')}, ${count(samples, 'sample')}`);
    });
}

/** @throws ProgramError naming a directory that holds no run, or none that has answered anything */
export async function readRuns(paths: readonly string[]): Promise<RunDirectory[]> {
  const runs = await Promise.all(paths.map((path) => readRun(path)));
  for (const { path, samples } of runs)
    if (samples.length === 0) throw new ProgramError(`${path} holds no finished question yet; husky eval fills it.`);
  return runs;
}
