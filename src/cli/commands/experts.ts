/**
 * `husky experts`: lists trained experts, and writes the files that serve them.
 *
 * @module
 */
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { PROMPT_STYLES } from '../../prompts';
import { listExperts } from '../../training/experts';
import { SERVERS, type ServerKind } from '../../training/serving';
import { writeServingFiles } from '../../training/write-serving';

interface Flags {
  write?: ServerKind;
  style: string;
  rest?: string;
  keep?: string;
  json?: boolean;
}

export function registerExperts(program: Command): void {
  program
    .command('experts')
    .description('list trained experts; write what serves them and the configuration that uses them')
    .argument('<folder>', 'folder of husky train --out')
    .addOption(
      new Option(
        '--write <server>',
        'write husky.yaml and, where this way of serving needs them, serve.sh, reload.sh and convert.sh',
      ).choices([...SERVERS]),
    )
    .addOption(
      new Option('--style <style>', 'prompts that the experts were trained with')
        .choices(PROMPT_STYLES)
        .default('few-shot'),
    )
    .option('--rest <model>', 'model of the experts that were not trained (default: the base)')
    .option('--keep <config>', 'configuration whose search, sandbox and limits husky.yaml keeps')
    .option('--json', 'print the list as JSON')
    .action(async (folder: string, { write, style, rest, keep, json }: Flags) => {
      const experts = await listExperts(resolve(folder));
      if (json) process.stdout.write(`${JSON.stringify(experts)}\n`);
      else
        for (const { module, format, base, steps, loss, devLoss } of experts)
          process.stdout.write(
            `${module.padEnd(15)} ${format.padEnd(8)} ${steps} steps${loss === undefined ? '' : `, loss ${loss.toFixed(4)}`}${devLoss === undefined ? '' : `, held out ${devLoss.toFixed(4)}`}  base ${base || '-'}\n`,
          );
      if (!write) return;
      const config = keep === undefined ? {} : { config: resolve(keep) };
      const path = await writeServingFiles(resolve(folder), style, {
        server: write,
        ...config,
        ...(rest === undefined ? {} : { rest }),
      });
      process.stderr.write(`Wrote ${path}; use it with husky solve --config ${path}\n`);
    });
}
