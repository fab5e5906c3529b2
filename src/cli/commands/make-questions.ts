/** `husky make-questions`: evaluation questions from a corpus, written by a model and confirmed by programs and solutions. */
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { QuestionMakingProgress, QuestionMakingSettings } from '../../contract/question-making';
import { QUESTION_MAKING_PROGRESS_QUERY } from '../../contract/names-evaluation';
import { ProgramError } from '../../process/program-error';
import { readDocuments } from '../../search/sqlite/read-documents';
import { TestQuestions } from '../../training/decontaminate';
import { addConnectionOptions, type SessionFlags } from '../options/command-config';
import { wholeNumber } from '../options/option-values';
import { longRunId, runInSession } from '../session/long-run';
import { checkOutFolder } from '../options/out-folder';
import { withSession } from '../session/session';

/** Its runs' ids begin so. */
const RUN = 'questions';

interface MakeQuestionsFlags extends SessionFlags {
  corpus: string[];
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
  await checkFiles(settings);
  return withSession({ flags, lab: { runId: longRunId(RUN, settings.out) } }, async (session) => {
    const line = ({ kept, proposed, calls, rejections }: QuestionMakingProgress) =>
      `${kept} of ${settings.n} kept; ${proposed} candidates in ${calls} calls${Object.entries(rejections)
        .map(([reason, count]) => `, ${count} ${reason}`)
        .join('')}`;
    return runInSession<QuestionMakingProgress>(session, RUN, flags, {
      workflow: 'huskyMakeQuestions',
      input: { settings },
      out: settings.out,
      summary: `${settings.n} questions from ${settings.corpus.map((file) => basename(file)).join(', ')}`,
      priority: 'synthesis',
      status: async (handle) => line((await handle.query(QUESTION_MAKING_PROGRESS_QUERY)) as QuestionMakingProgress),
      report: (progress, terminal) => {
        terminal.line(line(progress));
        return progress.kept >= settings.n ? 0 : 1;
      },
    });
  });
}

/** Tells what cannot be read before a server and workers start; the run reads it again. */
async function checkFiles({ corpus, exclude }: QuestionMakingSettings): Promise<void> {
  let documents = 0;
  for (const file of corpus) documents += (await readDocuments(file)).length;
  if (documents === 0) throw new ProgramError('The files of --corpus hold no document.', 2);
  for (const file of exclude) await new TestQuestions().addFile(file);
}

function settingsOf(flags: MakeQuestionsFlags): QuestionMakingSettings {
  const { n, solutions, agree, seed, exclude } = flags;
  if (agree > solutions)
    throw new ProgramError(`--agree is ${agree}, more than the ${solutions} solutions of --solutions.`, 2);
  for (const file of [...flags.corpus, ...exclude])
    if (!existsSync(file)) throw new ProgramError(`There is no file ${file}.`, 2);
  return {
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
