/** `husky atlas-qa`: writes the questions that the bundled experts are trained and measured on. */
import type { Command } from 'commander';
import { SPLITS, writeAtlasQa, type Split } from '../../atlas';
import { wholeNumber } from '../options/option-values';
import { print, printJson, printNote } from '../terminal/output';

interface AtlasFlags extends Record<Split, number> {
  out: string;
  seed: number;
  sequences?: boolean;
  json?: boolean;
}

const DEFAULTS: Record<Split, number> = { train: 10_000, dev: 200, test: 500, families: 200, entities: 200 };

export function registerAtlas(program: Command): void {
  const command = program
    .command('atlas-qa')
    .description('write multi-step questions over the bundled facts, with gold answers and gold trajectories')
    .requiredOption('-o, --out <folder>', 'folder of <split>.jsonl and trajectories/<split>.jsonl');
  for (const split of SPLITS)
    command.option(`--${split} <n>`, `questions of split ${split}; 0 leaves it out`, wholeNumber(0), DEFAULTS[split]);
  command
    .option('--seed <n>', 'the same seed gives the same files', wholeNumber(0), 1)
    .option('--sequences', 'also write sequences.jsonl and chain-of-thought.jsonl for the tiny trainer')
    .option('--json', 'print { out, files } on stdout')
    .addHelpText(
      'after',
      '\nfamilies: kinds of question that training never shows. entities: names that training never shows.\n',
    )
    .action((flags: AtlasFlags) => {
      const files = writeAtlasQa({
        out: flags.out,
        counts: flags,
        seed: flags.seed,
        sequences: flags.sequences,
        onProgress: (split, written) => printNote(`${split}: ${written}`),
      });
      if (flags.json) printJson({ out: flags.out, files });
      else print(files.join('\n'));
    });
}
