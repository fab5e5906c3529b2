/** `husky atlas-qa`: writes the questions that the bundled experts are trained and measured on. */
import type { Command } from 'commander';
import { SPLITS, writeAtlasQa, type Split } from '../../atlas';
import { ProgramError } from '../../process/program-error';

interface AtlasFlags extends Partial<Record<Split, string>> {
  out: string;
  seed: string;
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
    command.option(`--${split} <n>`, `questions of split ${split}; 0 leaves it out`, String(DEFAULTS[split]));
  command
    .option('--seed <n>', 'the same seed gives the same files', '1')
    .option('--sequences', 'also write sequences.jsonl and chain-of-thought.jsonl for the tiny trainer')
    .option('--json', 'print { out, files } on stdout')
    .addHelpText(
      'after',
      '\nfamilies: kinds of question that training never shows. entities: names that training never shows.\n',
    )
    .action((flags: AtlasFlags) => {
      const counts = Object.fromEntries(SPLITS.map((split) => [split, count(`--${split}`, flags[split])]));
      const files = writeAtlasQa({
        out: flags.out,
        counts: counts as Record<Split, number>,
        seed: count('--seed', flags.seed),
        sequences: flags.sequences,
        onProgress: (split, written) => process.stderr.write(`${split}: ${written}\n`),
      });
      if (flags.json) process.stdout.write(`${JSON.stringify({ out: flags.out, files })}\n`);
      else process.stdout.write(`${files.join('\n')}\n`);
    });
}

function count(option: string, text = ''): number {
  if (/^\d{1,8}$/.test(text)) return Number(text);
  throw new ProgramError(`${option} takes a whole number from 0 on, not "${text}".`, 2);
}
