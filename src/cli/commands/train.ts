/** `husky train`: fine-tune modules, durably. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { InvalidArgumentError, type Command } from 'commander';
import { asCalled } from '../names/called-as';
import { heartbeatsOf } from '../../decoded-payload';
import { baseOf } from '../../training/base-name';
import { TRAINER_BACKENDS, trainerBackend, trainingSettings } from '../../training/trainers';
import { checkData } from '../../training/train-module';
import { readTrainingSetManifest } from '../../training/training-set';
import { MODULES, type ModuleName } from '../../trajectory/modules';
import type { TrainingJob, TrainingProgress, TrainingSettings, TrainResult } from '../../contract/training';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions } from '../options/command-config';
import { choice, named, oneOf, repeated, wholeNumber } from '../options/option-values';
import { checkOutFolder } from '../options/out-folder';
import { runTraining, type TrainingFlags } from '../session/training-session';
import { timeLeft } from '../terminal/time-left';

interface Flags extends TrainingFlags {
  module: string[];
  data: string;
  base?: string;
  out: string;
  backend: string;
  preset?: string;
  set: [string, string | number | boolean][];
  device: TrainingJob['device'];
  parallel: number;
  queue?: string;
}

const HELP = `
Examples:
  husky train --module action --data runs/set --base meta-llama/Llama-2-7b-hf --out runs/experts --preset lora
  husky train --module all --data runs/set --base ./base --out runs/experts --set epochs=3 --parallel 2

After a kill the same --out continues from the last checkpoint. Settings and presets of each back end: docs/trainers.md.`;

export function registerTrain(program: Command): void {
  const command = program
    .command('train')
    .description('fine-tune modules on their training sets, going on from the last checkpoint whatever dies')
    .requiredOption('--module <name...>', `${MODULES.join(', ')}, or all that have a training set`)
    .requiredOption('--data <folder>', 'training set (husky extract)')
    .requiredOption('--out <folder>', 'folder of the experts')
    .option('--base <model>', 'Hugging Face model by path or name, or a GGUF file')
    .addOption(choice('--backend <name>', 'trainer', Object.keys(TRAINER_BACKENDS), 'sft'))
    .option('--preset <name>', 'settings to start from')
    .option('--set <name=value>', 'another value for one setting; may be repeated', repeated(parseSetting), [])
    .addOption(choice('--device <device>', 'where to train', ['auto', 'cpu', 'cuda'], 'auto'))
    .option('--parallel <n>', 'modules at a time', wholeNumber(1), 1)
    .option(
      '--queue <name>',
      'of GPU hosts (husky worker --roles train polls husky-train; default: this process trains)',
    )
    .option('--json', 'print the result as JSON');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => {
      const jobs = await jobsOf(flags);
      if (!flags.queue) checkOutFolder(flags.out);
      process.exitCode = await runTraining<TrainResult>(flags, {
        command: 'train',
        workflow: 'huskyTrain',
        summary: `training of ${jobs.map(({ module }) => module).join(', ')}`,
        priority: 'synthesis',
        input: { jobs, parallel: flags.parallel, taskQueue: flags.queue },
        out: flags.out,
        status: bars,
        report: ({ modules }, terminal) => {
          for (const { module, steps, loss, devLoss, tokensPerSecond, model, notices = [] } of modules) {
            const speed = tokensPerSecond === undefined ? '' : `, ${Math.round(tokensPerSecond)} tokens/s`;
            terminal.line(
              `${module.padEnd(15)} ${steps} steps, loss ${number(loss)}, held out ${number(devLoss)}${speed}  ${model}`,
            );
            for (const notice of notices) terminal.line(`  ${notice}`);
          }
          terminal.line(asCalled(`Next: husky experts ${flags.out}`));
        },
      });
    });
}

async function jobsOf(flags: Flags): Promise<TrainingJob[]> {
  const data = resolve(flags.data);
  await readTrainingSetManifest(data);
  const backend = trainerBackend(flags.backend);
  if (backend.needsBase && !flags.base)
    throw new ProgramError(`The back end ${backend.name} fine-tunes a base model; name one with --base.`, 2);
  const base = baseOf(flags.base ?? '');
  const settings: TrainingSettings = trainingSettings(backend, flags.preset, Object.fromEntries(flags.set));
  const modules = modulesOf(flags.module, data);
  for (const module of modules) await checkData({ module, data: join(data, module) });
  return modules.map((module) => ({
    module,
    backend: backend.name,
    data: join(data, module),
    base,
    out: join(resolve(flags.out), module),
    device: flags.device,
    settings,
  }));
}

function modulesOf(names: readonly string[], data: string): ModuleName[] {
  if (names.includes('all')) return MODULES.filter((module) => existsSync(join(data, module, 'train.jsonl')));
  return names.map((name) => oneOf(MODULES, 'module', name));
}

/** A progress bar for each module, from the heartbeats. */
async function bars(handle: WorkflowHandle): Promise<string | undefined> {
  const told = (await heartbeatsOf(handle.client, await handle.describe())).map(({ detail }) => detail);
  const running = told.filter((detail) => typeof detail === 'object') as TrainingProgress[];
  return running.length > 0 ? running.map(bar).join('   ') : undefined;
}

const WIDTH = 20;

function bar({
  module,
  step,
  steps,
  loss,
  tokensPerSecond,
  shareOfPeak,
  secondsLeft,
  notice,
}: TrainingProgress): string {
  const filled = steps > 0 ? Math.round((WIDTH * step) / steps) : 0;
  const parts = [
    `${module} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${step}/${steps}`,
    ...(loss === undefined ? [] : [`loss ${loss.toFixed(3)}`]),
    ...(tokensPerSecond
      ? [
          `${Math.round(tokensPerSecond)} tokens/s${shareOfPeak ? ` (${(100 * shareOfPeak).toFixed(0)} % of peak)` : ''}`,
        ]
      : []),
    ...(secondsLeft === undefined ? [] : [timeLeft(secondsLeft * 1000)]),
    ...(steps === 0 && notice ? [notice] : []),
  ];
  return parts.join('  ');
}

function parseSetting(text: string): [string, string | number | boolean] {
  const pair = named(text);
  if (!pair) throw new InvalidArgumentError('It must be name=value.');
  const [name, value] = pair;
  if (value === 'true' || value === 'false') return [name, value === 'true'];
  return [name, value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value];
}

function number(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(4);
}
