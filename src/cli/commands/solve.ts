/** `husky solve`: one question with live steps, or many. */
import { createRequire } from 'node:module';
import { InvalidArgumentError, type Command } from 'commander';
import { BUILT_IN_TOOLS } from '../../trajectory/step';
import { APPROVAL_RULES } from '../../contract/people';
import { MAX_SAMPLES, MAX_STEPS } from '../../contract/profile';
import { ProgramError } from '../../process/program-error';
import { addConnectionOptions } from '../options/command-config';
import { duration, numberAbove0, wholeNumber } from '../options/option-values';
import type { SolveFlags } from '../options/solve-flags';
import type * as SolveMany from '../session/solve-many';
import type * as SolveOne from '../session/solve-one';
import { PER_WORKFLOW_HELP, questionsTogether } from '../session/per-workflow';

/** The session with its client is loaded when the command line is right. */
const load = createRequire(__filename);

const HELP = `
Examples:
  husky solve "How many years after the telephone was the phonograph invented?"
  husky solve --file questions.jsonl --json > solutions.jsonl
  OPENAI_BASE_URL=http://localhost:8000/v1 HUSKY_MODEL=my-model husky solve "..."

A file holds one question a line, or JSONL: {"question": "...", "answer": "1972"}; with answers, accuracy is printed.
Ctrl-C leaves the solution to be taken up again by husky watch ID.`;

export function registerSolve(program: Command): void {
  const command = program
    .command('solve')
    .description('solve a question (or many) step by step, durably')
    .argument('[question]', 'the question; - reads many from standard input')
    .option('--file <file>', 'many questions: JSONL, or one a line (- for standard input)')
    .option('--json', 'print the Solution as JSON on standard output, steps on standard error')
    .option('--tokens', 'show in the status line what a model writes while it writes it')
    .option('--max-steps <n>', 'steps that experts may carry out', wholeNumber(1, MAX_STEPS))
    .option('--max-tokens <n>', 'tokens of all calls together', wholeNumber(1))
    .option('--max-money <amount>', "cost of all calls together, by the models' price", numberAbove0)
    .option(
      '--tools <name...>',
      `built-in tools that may be used: ${BUILT_IN_TOOLS.join(', ')} (default: the configuration's)`,
    )
    .option(
      '--approve <name...>',
      `steps that wait for a person: ${APPROVAL_RULES.join(', ')}, or tools by name (beside the configuration's)`,
    )
    .option(
      '--samples <n>',
      "solutions of each question that vote on its answer, as many as it takes (default: the configuration's, 1)",
      wholeNumber(1, MAX_SAMPLES),
    )
    .option('--deadline <time>', 'give the best answer so far after this time (30s, 5m)', duration)
    .option('--in-flight <n>', 'questions at a time, with many', wholeNumber(1), 16)
    .option('--per-workflow <n>', PER_WORKFLOW_HELP, questionsTogether)
    .option(
      '--id <id>',
      'workflow id: joins a solution of this id; with many questions, continues the batch',
      workflowId,
    )
    .option('--again', 'solve again what has ended under --id')
    .option('--ephemeral', 'keep nothing: a server in memory for this command alone');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(async (question: string | undefined, flags: SolveFlags) => {
      const file = question === '-' ? '-' : flags.file;
      if (file !== undefined) {
        if (question !== undefined && question !== '-')
          throw new ProgramError('A question and --file were given; give one of them.', 2);
        const { solveFile } = load('../session/solve-many') as typeof SolveMany;
        process.exitCode = await solveFile(file === '-' ? process.stdin : file, flags);
      } else {
        if (question === undefined) throw new ProgramError('No question was given: husky solve "your question".', 2);
        if (question.trim() === '') throw new ProgramError('The question is empty: husky solve "your question".', 2);
        const { solveOne } = load('../session/solve-one') as typeof SolveOne;
        process.exitCode = await solveOne(question, flags);
      }
    });
}

function workflowId(text: string): string {
  if (!/^[\w.:@-]{1,200}$/.test(text))
    throw new InvalidArgumentError('It must be letters, digits and . _ - : @, at most 200 of them.');
  return text;
}
