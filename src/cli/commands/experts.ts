/** `husky experts`: what a folder of trained experts holds, how to serve it, and whether it is served as trained. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { asCalled } from '../names/called-as';
import { loadConfig, modelOf, type HuskyConfig } from '../../config';
import { loadPrompts, PROMPT_STYLES } from '../../prompts';
import { checkExperts, type ExpertFinding } from '../../training/check-experts';
import { listExperts, type ExpertRecord } from '../../training/experts';
import { SERVERS, type ServerKind } from '../../training/serving';
import { writeServingFiles } from '../../training/write-serving';
import { answersAsBase } from '../session/adapter-effect';
import { checkModels } from '../session/model-check';
import { probeModel } from '../session/model-probe';
import { choice } from '../options/option-values';
import { print, printJson, printNote } from '../terminal/output';

interface Flags {
  write?: ServerKind;
  style: string;
  rest?: string;
  keep?: string;
  json?: boolean;
}

export function registerExperts(program: Command): void {
  const command = program
    .command('experts')
    .description('list trained experts; write what serves them and the configuration that uses them; check both')
    .argument('<folder>', 'folder of husky train --out, or with a folder of weights for each module')
    .addOption(
      choice(
        '--write <server>',
        'write husky.yaml and, where this way of serving needs them, serve.sh, reload.sh and convert.sh',
        SERVERS,
      ),
    )
    .addOption(choice('--style <style>', 'prompts that the experts were trained with', PROMPT_STYLES, 'few-shot'))
    .option('--rest <model>', 'model of the experts that were not trained (default: the base)')
    .option(
      '--keep <config>',
      'configuration from which husky.yaml takes all but models and prompts: tools, search, sandbox, limits',
    )
    .option('--json', 'print the list as JSON')
    .action(async (folder: string, { write, style, rest, keep, json }: Flags) => {
      const experts = await listExperts(resolve(folder));
      if (json) printJson(experts);
      else experts.map(line).forEach(print);
      if (!write) return;
      const config = keep === undefined ? undefined : resolve(keep);
      const path = await writeServingFiles(resolve(folder), style, { server: write, config, rest });
      printNote(`Wrote ${path}; check it with husky experts check ${folder}, use it with husky solve --config ${path}`);
    });
  command
    .command('check')
    .description(
      'check that each expert is served as it was trained: weights, adapter, server, prompts, borders of tokens',
    )
    .argument('<folder>', 'folder of husky train --out')
    .option('--config <file>', 'configuration that serves them (default: husky.yaml in the folder)')
    .option('--offline', 'ask no server and load no model')
    .option('--json', 'print the findings as JSON')
    .action(async (folder: string, flags: { config?: string; offline?: boolean; json?: boolean }) => {
      const findings = await findingsOf(resolve(folder), flags);
      if (flags.json) printJson(findings);
      else
        for (const { module, state, message } of findings)
          print(`${MARKS[state]} ${module.padEnd(15)} ${asCalled(message)}`);
      if (findings.some(({ state }) => state === 'problem')) process.exitCode = 1;
    });
}

const MARKS: Record<ExpertFinding['state'], string> = { ok: 'ok     ', problem: 'PROBLEM', unchecked: '-      ' };

function line({ module, format, base, steps, loss, devLoss }: ExpertRecord): string {
  const losses = `${loss === undefined ? '' : `, loss ${loss.toFixed(4)}`}${devLoss === undefined ? '' : `, held out ${devLoss.toFixed(4)}`}`;
  const training = steps === undefined ? 'trained elsewhere' : `${steps} steps${losses}`;
  return `${module.padEnd(15)} ${format.padEnd(8)} ${training}  base ${base || '-'}`;
}

async function findingsOf(
  folder: string,
  { config: named, offline }: { config?: string; offline?: boolean },
): Promise<ExpertFinding[]> {
  const experts = await listExperts(folder);
  const path = named === undefined ? join(folder, 'husky.yaml') : resolve(named);
  const config = named !== undefined || existsSync(path) ? loadConfig({ path }) : undefined;
  const parts = config ? { config, prompts: loadPrompts(config.prompts) } : {};
  const findings = await checkExperts({ experts, ...parts });
  if (!config || offline) return findings;
  return [...findings, ...(await answers(config, experts))];
}

/** Whether the models are there by their names, and each gives a token. */
async function answers(config: HuskyConfig, experts: readonly ExpertRecord[]): Promise<ExpertFinding[]> {
  const chairs = experts.map(({ module }) => module);
  const findings: ExpertFinding[] = [];
  for (const { users, problem, note } of await checkModels(config))
    for (const module of chairs.filter((chair) => users.includes(chair)))
      if (problem ?? note) findings.push({ module, state: 'problem', message: problem ?? note ?? '' });
  for (const expert of experts.filter(({ module }) => !findings.some((finding) => finding.module === module))) {
    const { module } = expert;
    const { problems } = await probeModel(modelOf(config, module), true);
    const message = problems[0] ?? (await answersAsBase(expert, config));
    findings.push(
      message ? { module, state: 'problem', message } : { module, state: 'ok', message: 'answers by its name' },
    );
  }
  return findings;
}
