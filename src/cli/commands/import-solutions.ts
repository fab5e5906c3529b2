/** `husky import-solutions`: accepted production solutions as trajectories. */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { answerScorer } from '../../training/answer-scorer';
import { importSolutions } from '../../training/import-solutions';
import { ProgramError } from '../../process/program-error';

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
    .addOption(
      new Option('--metric <metric>', 'for lines with "gold"')
        .choices(['dataset', 'exact', 'number'])
        .default('dataset'),
    )
    .option('--json', 'print the counts as JSON')
    .addHelpText('after', HELP)
    .action(async (file: string, { out, dataset, metric, json }: Flags) => {
      const score = answerScorer(metric, async () => {
        throw new ProgramError('import-solutions asks no judge.', 2);
      });
      const report = await importSolutions({ file, out: resolve(out), dataset, score });
      process.stderr.write(
        `${report.accepted} of ${report.read} solutions accepted, ${report.skipped} were in the folder already\n`,
      );
      for (const [reason, count] of Object.entries(report.rejections))
        process.stderr.write(`  rejected: ${reason} ${count}\n`);
      if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    });
}
