/** `husky synthesize`: trajectories for a dataset, written by a teacher with real tools. */
import { basename, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { countQuestions } from '../../formats/question';
import { SYNTHESIS_PROGRESS_QUERY } from '../../contract/names-training';
import type { SynthesisProgress, SynthesisSettings } from '../../contract/synthesis';
import { ProgramError } from '../../process/program-error';
import { identityOfTeacher } from '../../training/synthesis-identity';
import { addConnectionOptions } from '../options/command-config';
import { choice, numberFrom0, repeated, wholeNumber } from '../options/option-values';
import { checkOutFolder } from '../options/out-folder';
import { parseTeacher } from '../options/teacher-option';
import { runTraining, type TrainingFlags } from '../session/training-session';
import { timeLeft } from '../terminal/time-left';

interface Flags extends TrainingFlags {
  dataset: string;
  name?: string;
  teacher: string;
  mistake: string[];
  out: string;
  style: SynthesisSettings['style'];
  samples: number;
  temperature: number;
  seed: number;
  maxSteps: number;
  metric: SynthesisSettings['metric'];
  inFlight: number;
  questions: number;
  tokens: number;
  money: number;
  price: [number, number];
}

const HELP = `
Examples:
  husky synthesize --dataset train.jsonl --teacher teacher.yaml --out runs/stage1 --samples 4
  husky synthesize --dataset train.jsonl --teacher scripted:gold.jsonl --mistake wrongNumber=0.1 --out runs/stage1

After a kill the same --out continues; finished questions are not asked again. Pause and resume a run with
  temporal workflow signal --workflow-id ID --name huskyPause      (or huskyResume)`;

export function registerSynthesize(program: Command): void {
  const command = program
    .command('synthesize')
    .description('stage 1: have a teacher solve a dataset with real tools, and keep what is right')
    .requiredOption('--dataset <file>', 'JSON lines of { index, question, answer }')
    .requiredOption('--teacher <config>', 'configuration of the teacher, or scripted:FILE of gold trajectories')
    .requiredOption('--out <folder>', 'folder of trajectories.jsonl and manifest.json')
    .option('--name <name>', "the dataset's name, in ids and for its metric (default: the file's)")
    .addOption(
      choice(
        '--style <style>',
        "the paper's one prompt, or the solve loop with the teacher as every expert",
        ['trajectory', 'modular'],
        'trajectory',
      ),
    )
    .option('--samples <n>', 'trajectories of each question', wholeNumber(1), 1)
    .option('--temperature <t>', 'of sampling', numberFrom0, 0.7)
    .option('--seed <n>', 'of sampling, where the server takes one', wholeNumber(0), 0)
    .option('--max-steps <n>', 'steps of a trajectory', wholeNumber(1), 10)
    .addOption(
      choice(
        '--metric <metric>',
        'how answers are compared with labels',
        ['dataset', 'exact', 'number', 'judge'],
        'dataset',
      ),
    )
    .option('--mistake <kind=rate>', "the scripted teacher's mistakes; may be repeated", repeated(String), [])
    .option('--in-flight <n>', 'questions at a time', wholeNumber(1), 64)
    .option('--questions <n>', 'budget: questions begun in this run (0: all)', wholeNumber(0), 0)
    .option('--tokens <n>', 'budget: tokens (0: no bound)', wholeNumber(0), 0)
    .option('--money <amount>', 'budget, with --price (0: no bound)', numberFrom0, 0)
    .option('--price <in,out>', 'per million tokens', parsePrice, [0, 0])
    .option('--json', 'print the final progress as JSON');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (flags: Flags) => {
      if (flags.money > 0 && !flags.price.some((price) => price > 0))
        throw new ProgramError(
          '--money needs --price: what a million input and output tokens cost, such as 2.5,10.',
          2,
        );
      const teacher = parseTeacher(flags.teacher, flags.mistake, flags.seed);
      const settings: SynthesisSettings = {
        dataset: resolve(flags.dataset),
        datasetName: flags.name ?? basename(flags.dataset).replace(/\.jsonl$/, ''),
        out: resolve(flags.out),
        style: flags.style,
        samples: flags.samples,
        temperature: flags.temperature,
        seed: flags.seed,
        maxSteps: flags.maxSteps,
        metric: flags.metric,
        maxInFlight: flags.inFlight,
        budget: { questions: flags.questions, tokens: flags.tokens, money: flags.money },
        price: { input: flags.price[0], output: flags.price[1] },
      };
      await countQuestions(settings.dataset);
      checkOutFolder(settings.out);
      process.exitCode = await runTraining<SynthesisProgress>(flags, {
        command: 'synthesize',
        workflow: 'huskySynthesize',
        summary: `trajectories for ${settings.datasetName}`,
        priority: 'synthesis',
        input: { settings },
        madeBy: await identityOfTeacher(teacher),
        out: settings.out,
        teacher: { teacher, temperature: flags.temperature, style: flags.style },
        status: async (handle) => {
          const progress = (await handle.query(SYNTHESIS_PROGRESS_QUERY)) as SynthesisProgress | undefined;
          return progress && line(progress);
        },
        report: (progress, terminal) => {
          terminal.line(line(progress));
          for (const [reason, count] of Object.entries(progress.rejections))
            terminal.line(`  rejected: ${reason} ${count}`);
        },
      });
    });
}

function line({ state, finished, questions, inFlight, accepted, usage, money, startedAt }: SynthesisProgress): string {
  const elapsed = Date.now() - startedAt;
  const left =
    finished > 0 && state === 'running' ? `, ${timeLeft((elapsed / finished) * (questions - finished))}` : '';
  const cost = money > 0 ? `, ${money.toFixed(2)} spent` : '';
  return `${state}: ${finished} of ${questions} questions, ${inFlight} in flight, ${accepted} accepted, ${usage.inputTokens + usage.outputTokens} tokens${cost}${left}`;
}

function parsePrice(text: string): [number, number] {
  const [input, output, ...more] = text.split(',').map(numberFrom0);
  if (input === undefined || output === undefined || more.length > 0)
    throw new InvalidArgumentError('It must be two numbers: of input and of output tokens, such as 2.5,10.');
  return [input, output];
}
