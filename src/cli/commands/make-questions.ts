/**
 * `husky make-questions`: evaluation questions from a corpus, written by a model and confirmed by programs and solutions.
 *
 * @module
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { QuestionMakingProgress, QuestionMakingSettings } from '../../contract/question-making';
import { QUESTION_MAKING_PROGRESS_QUERY } from '../../contract/names-evaluation';
import { runPriority } from '../../contract/priority';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions, wholeNumber } from '../options/command-config';
import { followWorkflow } from '../session/follow-workflow';
import { checkOutFolder } from '../options/out-folder';
import { withSession, type SessionFlags } from '../session/session';

interface MakeQuestionsFlags extends SessionFlags {
  corpus: string[];
  kind: string;
  n: number;
  out: string;
  solutions: number;
  agree: number;
  exclude: string[];
  seed: number;
  maxCalls?: number;
  json?: boolean;
}

const HELP = `
The model of the action generator writes the questions; the solve loop answers each of them several times without seeing the
answer. Kept are questions whose own program prints the stated answer and on which enough solutions agree, and that are not
near-duplicates of each other or of an excluded dataset. --out gets questions.jsonl and a data card; the same command again adds
to it up to --n.

Example:
  husky make-questions --corpus facts.jsonl --n 200 --out questions --exclude train.jsonl`;

export function registerMakeQuestions(program: Command): void {
  const command = program
    .command('make-questions')
    .description('have a model write multi-step questions over a corpus, and keep those that are confirmed')
    .requiredOption('--corpus <file...>', 'facts: JSON lines of { title, text }, text or Markdown')
    .requiredOption('--out <dir>', 'folder of the dataset')
    .option('--kind <kind>', 'multi-step', 'multi-step')
    .option('--n <n>', 'questions wanted', wholeNumber(1), 100)
    .option('--solutions <k>', 'independent solutions of each candidate', wholeNumber(1), 3)
    .option('--agree <k>', 'how many of them must give the stated answer', wholeNumber(1), 2)
    .option('--exclude <file...>', 'datasets whose questions must not come up again', [])
    .option('--seed <n>', 'draws the facts', wholeNumber(0), 0)
    .option('--max-calls <n>', 'calls after which to give up (default: one for each question wanted)', wholeNumber(1))
    .option('--ephemeral', 'a server in memory for this command alone')
    .option('--json', 'print the result as JSON on standard output')
    .addHelpText('after', HELP);
  addConnectionOptions(command).action(async (flags: MakeQuestionsFlags) => {
    process.exitCode = await run(flags);
  });
}

async function run(flags: MakeQuestionsFlags): Promise<number> {
  const settings = settingsOf(flags);
  checkOutFolder(settings.out);
  return withSession({ flags, lab: {} }, async (session) => {
    // Folders of one name are not one run.
    const place = createHash('sha256').update(settings.out).digest('hex').slice(0, 8);
    const workflowId = `questions-${basename(settings.out)}-${place}`;
    const { access, workers } = session;
    const handle = await access.client.workflow
      .start('huskyMakeQuestions', {
        workflowId,
        taskQueue: workers.taskQueue,
        args: [{ settings }],
        staticSummary: `${settings.n} questions from ${settings.corpus.map((file) => basename(file)).join(', ')}`,
        priority: runPriority('synthesis', workflowId),
      })
      .catch((error: unknown) => {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return access.client.workflow.getHandle(workflowId);
        throw error;
      });
    return followWorkflow<QuestionMakingProgress>(session, handle, {
      progressQuery: QUESTION_MAKING_PROGRESS_QUERY,
      line: ({ kept, proposed, calls, rejections }) =>
        `${kept} of ${settings.n} kept; ${proposed} candidates in ${calls} calls${Object.entries(rejections)
          .map(([reason, count]) => `, ${count} ${reason}`)
          .join('')}`,
      json: flags.json,
      exitCode: ({ kept }) => (kept >= settings.n ? 0 : 1),
    });
  });
}

function settingsOf(flags: MakeQuestionsFlags): QuestionMakingSettings {
  const { kind, n, solutions, agree, seed, exclude } = flags;
  if (kind !== 'multi-step') throw new ProgramError(`--kind is ${kind}; multi-step is the only kind.`, 2);
  if (agree > solutions)
    throw new ProgramError(`--agree is ${agree}, more than the ${solutions} solutions of --solutions.`, 2);
  for (const file of [...flags.corpus, ...exclude])
    if (!existsSync(file)) throw new ProgramError(`There is no file ${file}.`, 2);
  return {
    kind,
    n,
    solutions,
    agree,
    seed,
    corpus: flags.corpus.map((file) => resolve(file)),
    exclude: exclude.map((file) => resolve(file)),
    out: resolve(flags.out),
    perCall: 5,
    documents: 12,
    maxCalls: flags.maxCalls ?? n,
  };
}
