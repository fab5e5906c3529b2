/** `husky watch`: follows a solution, and continues one that was left behind. */
import type { Command } from 'commander';
import { addConnectionOptions, type SessionFlags } from '../options/command-config';
import { mustBeReadable } from '../session/encoded-payloads';
import { followSolution } from '../session/follow';
import { INTERRUPTED } from '../session/interrupt';
import { withSession } from '../session/session';
import { describeSolution } from '../session/find-solution';
import { showEnd, showQuestion } from '../terminal/solution-view';
import { tellHowToComeBack } from '../session/come-back';
import { workflowPage } from '../session/temporal-access';
import { createTerminal } from '../terminal/terminal';

interface WatchFlags extends SessionFlags {
  json?: boolean;
  tokens?: boolean;
}

export function registerWatch(program: Command): void {
  const command = program
    .command('watch')
    .description('follow a solution until it ends; one that was left behind is carried on')
    .argument('<id>', 'workflow id, as husky solve and husky list show it')
    .option('--json', 'print the Solution as JSON on standard output, steps on standard error')
    .option('--tokens', 'show in the status line what a model writes while it writes it');
  addConnectionOptions(command).action(async (id: string, flags: WatchFlags) => {
    process.exitCode = await withSession(
      {
        flags,
        taskQueue: async (access) => {
          const { question, taskQueue } = await describeSolution(access, id);
          // Before workers start that could not read it either.
          mustBeReadable(question, id);
          return taskQueue;
        },
      },
      async (session) => {
        const { access, husky, workers, interrupted, failures } = session;
        const terminal = createTerminal(flags.json ? process.stderr : process.stdout);
        const handle = husky.get(id);
        const question = (await describeSolution(access, id)).question;
        if (question) showQuestion(terminal, question);
        const page = workflowPage(access, id);
        if (page) terminal.line(`${terminal.style('dim', 'Temporal UI')}  ${page}`);
        if (flags.tokens) await handle.tellTokens();
        const solution = await followSolution({
          client: access.client,
          handle,
          terminal,
          signal: interrupted,
          failures,
          ...(flags.tokens ? { tokens: true } : {}),
          taskQueue: workers.taskQueue,
        });
        if (!solution) {
          tellHowToComeBack(`husky watch ${id}`, session, flags);
          return INTERRUPTED;
        }
        showEnd(terminal, solution);
        if (flags.json) process.stdout.write(`${JSON.stringify(solution)}\n`);
        return solution.answer === '' ? 1 : 0;
      },
    );
  });
}
