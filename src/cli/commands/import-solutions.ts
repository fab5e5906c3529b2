/** `husky import-solutions`: accepted production solutions as trajectories. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { answerScorer } from '../../training/answer-scorer';
import { importSolutions } from '../../training/import-solutions';
import { ProgramError } from '../../process/program-error';
import { choice } from '../options/option-values';
import { printJson, printNote } from '../terminal/output';

interface Flags {
  out: string;
  dataset: string;
  metric: 'dataset' | 'exact' | 'number';
  json?: boolean;
}

const HELP = `
A line is what husky solve --json prints, with "accepted": true or false from a person, or "gold" to be compared by the metric:
  husky solve --file questions.jsonl --json > solutions.jsonl
  husky import-solutions solutions.jsonl --out runs/imported
Solutions that are in the folder already (by workflow id) are passed over.`;

export function registerImportSolutions(program: Command): void {
  program
    .command('import-solutions')
    .description('turn solutions that a person or a metric accepted into trajectories')
    .argument('<file>', 'JSON lines of solutions')
    .requiredOption('--out <folder>', 'folder of trajectories.jsonl, which is added to')
    .option('--dataset <name>', 'in ids, and for its metric', 'imported')
    .addOption(choice('--metric <metric>', 'for lines with "gold"', ['dataset', 'exact', 'number'], 'dataset'))
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, { out, dataset, metric, json }: Flags) => {
      const score = answerScorer(metric, async () => {
        throw new ProgramError('import-solutions asks no judge.', 2);
      });
      const report = await importSolutions({ file, out: resolve(out), dataset, score });
      const { accepted, read, skipped, rejections } = report;
      printNote(`${accepted} of ${read} solutions accepted, ${skipped} were in the folder already`);
      for (const [reason, count] of Object.entries(rejections)) printNote(`  rejected: ${reason} ${count}`);
      if (json) printJson(report);
    });
}
